#include "offboarding/run.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "offboarding/apply.h"
#include "offboarding/evidence.h"
#include "offboarding/history.h"
#include "offboarding/journal.h"
#include "offboarding/report.h"
#include "offboarding/state.h"

namespace offstage::offboarding {
namespace {

std::filesystem::path evidence_folder(const RunSettings& settings, const std::string& run,
                                      const std::string& connector) {
  if (!settings.evidence.empty()) {
    // The same command again finds the evidence of the run before: it begins with the plan.
    const bool used = std::filesystem::exists(settings.evidence / "plan.json");
    return used ? settings.evidence / run : settings.evidence;
  }
  const std::size_t dash = run.rfind('-');
  return std::filesystem::path("offstage-evidence") /
         (run.substr(0, 15) + "Z-" + url_encoded(connector) + run.substr(dash));
}

Json listings_json(const Plan& plan, const std::string& taken_at, const std::vector<Resource>& resources,
                   const std::vector<Listing>& listings) {
  Json json{{"version", 1}, {"connector", plan.connector}, {"account", plan.account}, {"taken_at", taken_at}};
  for (const Resource& resource : resources)
    json["resources"].push_back(as_json(resource));
  json["listings"] = Json::array();
  for (const Listing& listing : listings)
    json["listings"].push_back(as_json(listing));
  return json;
}

void start_evidence(Evidence& evidence, const Planned& planned, const Json& versions) {
  evidence.add("plan.json", as_json(planned.plan));
  evidence.add("before.json", listings_json(planned.plan, planned.seen.observed_at, planned.seen.resources,
                                            planned.seen.listings));
  evidence.add("versions.json", versions);
}

/// Whether what this run saw shows that there is nothing left of an action; false as well for a place that it
/// did not look at.
bool shows_gone(const Observation& seen, const Action& action) {
  if (!action.grant) return !is_among(seen.resources, action.resource);
  const Listing* listing = listing_of(seen.listings, action.grant->listed_on);
  return listing != nullptr && rows_of(*listing, action.grant->user, action.grant->resource).empty();
}

/// What earlier runs left unknown, less what turns out to be gone.
std::vector<Unresolved> still_unresolved(const std::vector<Entry>& earlier, const Observation& seen,
                                         Journal& journal) {
  std::vector<Unresolved> open = recover(earlier);
  std::erase_if(open, [&](const Unresolved& one) {
    const Action action = announced(earlier, one);
    if (!shows_gone(seen, action)) return false;
    journal.write(Event::already_absent, one.action,
                  {{"what", action.describe()}, {"announced_by", one.run}});
    return true;
  });
  return open;
}

/// What ended a run, told so that nobody takes it for a run in which nothing was sent.
Error with_commits(const Error& error, const std::vector<Entry>& journal) {
  const auto announced = std::count_if(journal.begin(), journal.end(),
                                       [](const Entry& entry) { return entry.event == Event::intent; });
  if (announced == 0) return error;
  return Error(
      Kind::unknown,
      fmt::format("the run broke off after {} of its removals had been announced, and its record is "
                  "not whole",
                  announced),
      "mend what is in the way, then run the same command again, or \"offstage reconcile\": each looks "
      "at the console before anything else",
      error);
}

/// Applies, and writes the record of it.
void carry_out(Result& result, const Planned& planned, Tools& tools, const Json& versions,
               const RunSettings& settings, const Until& until) {
  Applied applied = apply(planned.plan, tools, until);
  if (applied.stopped) {
    applied.stopped = settings.stop_kind();
    for (ActionResult& one : applied.actions) {
      if (one.kind == Kind::interrupted) one.kind = applied.stopped;
    }
  }
  Evidence& evidence = tools.evidence;
  result.actions = std::move(applied.actions);
  result.stopped = applied.stopped;
  result.finished_at = utc_now();
  result.report = evidence.folder() / "report.html";
  tools.journal.write(
      Event::run_finished, "",
      {{"status", result.kind() ? name_of(*result.kind()) : "ok"}, {"message", result.message()}});
  evidence.add("after.json",
               listings_json(planned.plan, result.finished_at, applied.resources, applied.listings));
  evidence.add("result.json", as_json(result));
  evidence.add("report.html", std::string_view(report(result, planned.seen, applied.listings,
                                                      tools.journal.entries(), versions, evidence)));
  evidence.seal();
}

}  // namespace

Planned make_plan(connector::Console& console, const Request& request, const std::string& requested_by,
                  const Policy& policy, Progress& progress, const Until& until) {
  Observation seen = observe(console, request, progress, until);
  Plan plan = plan_for(seen, request, requested_by, policy, console);
  return {std::move(plan), std::move(seen)};
}

Planned make_plan_again(connector::Console& console, const Plan& saved, const Policy& policy,
                        const std::filesystem::path& state, Progress& progress, const Until& until) {
  if (saved.connector != console.connector()) {
    throw Error(Kind::refused, fmt::format("the plan is for {}, this is {}", printable(saved.connector),
                                           printable(console.connector())));
  }
  Planned now = make_plan(console, saved.request, saved.requested_by, policy, progress, until);
  if (now.plan.digest == saved.digest) return now;
  // An earlier run may have begun with it: then what is left of it still holds.
  const std::vector<ApprovedPlan> begun =
      approved_before(state.empty() ? default_state_folder() : state, console.address(), now.plan);
  const bool has_begun = std::any_of(begun.begin(), begun.end(), [&](const ApprovedPlan& before) {
    return before.approval.plan == saved.digest;
  });
  if (!has_begun || !is_rest_of(now.plan, parts_of(saved))) check_same(saved, now.plan);
  return now;
}

Result apply_plan(connector::Console& console, const Planned& planned, const Approval& approval,
                  const Policy& policy, const RunSettings& settings, Progress& progress, const Until& until) {
  const Plan& plan = planned.plan;
  check_guards(plan);
  if (approval.plan != plan.digest || (approval.how == Approval::How::not_needed && !plan.actions.empty()))
    throw Error(Kind::refused, "the plan was not approved: nothing was done");
  if (!plan.actions.empty()) check_other_approver(plan, approval.by, policy);

  Result result;
  result.plan = plan;
  result.approval = approval;
  result.by = settings.by;
  result.reason = settings.reason;
  result.started_at = utc_now();
  const AccountState state(settings.state.empty() ? default_state_folder() : settings.state, plan.connector,
                           console.address(), plan.account);
  result.run = state.new_run(result.started_at);
  const std::vector<Entry> earlier = state.entries();
  Evidence evidence(evidence_folder(settings, result.run, plan.connector));
  result.evidence = evidence.folder();
  const Json versions = console.versions();
  start_evidence(evidence, planned, versions);

  Journal journal(result.run, {state.journal_of(result.run), evidence.folder() / "journal.jsonl"});
  journal.write(Event::run_started, "",
                {{"connector", plan.connector},
                 {"address", console.address()},
                 {"account", plan.account},
                 {"request", as_json(plan.request)},
                 {"requested_by", plan.requested_by},
                 {"by", settings.by},
                 {"reason", settings.reason}});
  journal.write(Event::plan, "",
                {{"digest", plan.digest},
                 {"actions", plan.actions.size()},
                 {"parts", parts_of(plan)},
                 {"approval", name_of(approval.how)},
                 {"approved_by", approval.by},
                 {"approved_at", approval.at},
                 {"rest_of", approval.rest_of}});
  Tools tools{console,
              policy,
              journal,
              evidence,
              progress,
              settings.pace,
              still_unresolved(earlier, planned.seen, journal),
              settings.now};
  try {
    carry_out(result, planned, tools, versions, settings, until);
  } catch (const Error& error) {
    throw with_commits(error, journal.entries());
  }
  return result;
}

}  // namespace offstage::offboarding
