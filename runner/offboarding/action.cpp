#include "offboarding/action.h"

#include "base/hash.h"
#include "base/text.h"

namespace offstage::offboarding {

std::string Action::describe() const {
  return grant ? printable(grant->user) + " from " + place(*grant) : label(resource);
}

std::string action_id(Action::Does does, std::string_view user, const Resource& resource,
                      const Resource& listed_on) {
  const Json identity{does == Action::Does::revoke ? "revoke" : "delete",
                      email_key(user),
                      resource.type,
                      resource.id,
                      listed_on.type,
                      listed_on.id};
  return sha256(canonical(identity)).substr(0, 12);
}

Json as_json(const Action& action) {
  Json json{{"id", action.id}};
  if (action.grant) {
    json["kind"] = "revoke";
    json["grant"] = as_json(*action.grant);
  } else {
    json["kind"] = "delete";
    json["resource"] = as_json(action.resource);
    json["people"] = action.people;
    json["listing"] = action.listing;
  }
  json["why"] = action.why;
  return json;
}

Action action_from(const JsonView& view) {
  Action action;
  action.id = view.at("id").string();
  action.why = view.at("why").string();
  if (view.at("kind").string() == "revoke") {
    view.only({"id", "kind", "grant", "why"});
    action.grant = grant_from(view.at("grant"));
    action.resource = action.grant->resource;
    return action;
  }
  view.only({"id", "kind", "resource", "people", "listing", "why"});
  action.does = Action::Does::remove;
  action.resource = resource_from(view.at("resource"));
  action.people = static_cast<std::size_t>(view.at("people").integer());
  action.listing = view.at("listing").string();
  return action;
}

std::string_view name_of(Verdict::Judgement judgement) {
  switch (judgement) {
    case Verdict::Judgement::pass:
      return "pass";
    case Verdict::Judgement::refuse:
      return "refuse";
    case Verdict::Judgement::note:
      return "note";
  }
  return "refuse";
}

Json as_json(const Verdict& verdict) {
  return {{"rule", verdict.rule},
          {"verdict", name_of(verdict.judgement)},
          {"about", verdict.about},
          {"text", verdict.text}};
}

Verdict verdict_from(const JsonView& view) {
  view.only({"rule", "verdict", "about", "text"});
  Verdict verdict{view.at("rule").string(), Verdict::Judgement::pass, view.at("about").string(),
                  view.at("text").string()};
  const std::string judgement = view.at("verdict").string();
  if (judgement == "refuse") {
    verdict.judgement = Verdict::Judgement::refuse;
  } else if (judgement == "note") {
    verdict.judgement = Verdict::Judgement::note;
  } else if (judgement != "pass") {
    throw view.at("verdict").error("must be \"pass\", \"refuse\" or \"note\"");
  }
  return verdict;
}

}  // namespace offstage::offboarding
