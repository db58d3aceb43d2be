#include <algorithm>

#include <fmt/format.h>

#include "base/schema.h"
#include "embedded/plan_json.h"
#include "offboarding/plan.h"

namespace offstage::offboarding {
namespace {

/// Whether the verdict that names who asked, where there is one, names whom the plan does: the digest is
/// taken over the verdict alone.
bool names_requester(const Plan& plan) {
  return std::all_of(plan.verdicts.begin(), plan.verdicts.end(), [&](const Verdict& verdict) {
    return verdict.rule != "other_approver" || verdict.judgement != Verdict::Judgement::note ||
           verdict.about == plan.requested_by;
  });
}

}  // namespace

Json as_json(const Plan& plan) {
  Json actions = Json::array();
  for (const Action& action : plan.actions)
    actions.push_back(as_json(action));
  Json verdicts = Json::array();
  for (const Verdict& verdict : plan.verdicts)
    verdicts.push_back(as_json(verdict));
  Json listings = Json::array();
  for (const ListingSummary& listing : plan.listings) {
    listings.push_back({{"resource", as_json(listing.resource)},
                        {"taken_at", listing.taken_at},
                        {"rows", listing.rows},
                        {"people", listing.people},
                        {"digest", listing.digest}});
  }
  return {{"version", Plan::version},
          {"connector", plan.connector},
          {"title", plan.title},
          {"account", plan.account},
          {"request", as_json(plan.request)},
          {"requested_by", plan.requested_by},
          {"observed_at", plan.observed_at},
          {"resources", plan.resources},
          {"actions", std::move(actions)},
          {"verdicts", std::move(verdicts)},
          {"listings", std::move(listings)},
          {"refused", plan.refused()},
          {"digest", plan.digest}};
}

Plan plan_from(const std::shared_ptr<const JsonDocument>& document) {
  const JsonView view(document);
  if (view.json().is_object()) {
    const auto version = view.find("version");
    if (version && version->json() != Plan::version) {
      throw version->error(fmt::format("this Offstage reads plans of version {}", Plan::version),
                           "make the plan again");
    }
  }
  // Who asked may be what decides whether it is approved: a plan that does not say is not taken up again.
  if (view.find("digest") && !view.find("requested_by"))
    throw view.error("the plan does not say who asked for it (`requested_by`)", "make the plan again");
  validate(*document, embedded::plan_json);
  Plan plan;
  plan.connector = view.at("connector").string();
  plan.title = view.at("title").string();
  plan.account = view.at("account").string();
  plan.request = request_from(view.at("request"));
  plan.requested_by = view.at("requested_by").string();
  plan.observed_at = view.at("observed_at").string();
  plan.resources = static_cast<std::size_t>(view.at("resources").integer());
  for (const JsonView& action : view.at("actions").elements())
    plan.actions.push_back(action_from(action));
  for (const JsonView& verdict : view.at("verdicts").elements())
    plan.verdicts.push_back(verdict_from(verdict));
  for (const JsonView& listing : view.at("listings").elements()) {
    plan.listings.push_back({resource_from(listing.at("resource")), listing.at("taken_at").string(),
                             static_cast<std::size_t>(listing.at("rows").integer()),
                             static_cast<std::size_t>(listing.at("people").integer()),
                             listing.at("digest").string()});
  }
  plan.digest = view.at("digest").string();
  const std::string actual = digest_of(plan);
  if (plan.digest != actual || view.at("refused").boolean() != plan.refused() || !names_requester(plan)) {
    throw Error(
        Kind::refused,
        fmt::format("{}:{}: the digest is not that of the content ({}): the plan was changed after it "
                    "was made",
                    document->name(), document->line_of("/digest"), short_digest(actual)),
        "make the plan again; a plan is never edited by hand");
  }
  return plan;
}

Plan load_plan(const std::filesystem::path& file) {
  return plan_from(JsonDocument::load(file));
}

}  // namespace offstage::offboarding
