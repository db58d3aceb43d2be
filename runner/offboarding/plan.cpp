#include "offboarding/plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::offboarding {
namespace {

Action revocation(const Grant& grant, const std::vector<Action>& before) {
  Action action;
  action.grant = grant;
  action.resource = grant.resource;
  action.id = action_id(Action::Does::revoke, grant.user, grant.resource, grant.listed_on);
  // The same person twice in one place is refused, but each row must still be told from the other.
  const auto twins = std::count_if(before.begin(), before.end(), [&](const Action& other) {
    return other.id.substr(0, action.id.size()) == action.id;
  });
  if (twins > 0) action.id += fmt::format("-{}", twins + 1);
  action.why = grant.state == "pending"                ? "an invitation that is still open"
               : same(grant.resource, grant.listed_on) ? "a member"
                                                       : "access to it alone";
  return action;
}

std::vector<Action> actions_for(const Observation& seen, const Request& request) {
  std::vector<Action> actions;
  if (!std::holds_alternative<RemoveTeam>(request)) {
    std::set<std::string> keys;
    for (const std::string& email : people_of(request))
      keys.insert(email_key(email));
    // Resource by resource: what one removal from it proves is where the next one begins to look.
    for (const Listing& listing : seen.listings) {
      for (const Grant& grant : listing.grants) {
        if (keys.contains(email_key(grant.user))) actions.push_back(revocation(grant, actions));
      }
    }
    return actions;
  }
  for (const Listing& listing : seen.listings) {
    Action action;
    action.does = Action::Does::remove;
    action.resource = listing.resource;
    action.id = action_id(Action::Does::remove, "", listing.resource, listing.resource);
    action.listing = digest_of(listing);
    action.people = people_in(listing);
    action.why = "asked for by name";
    actions.push_back(std::move(action));
  }
  return actions;
}

/// Nothing to do is success, but a person must be able to see that a name was misspelt.
Verdict absent(const Observation& seen, const Request& request) {
  Verdict note{"absent", Verdict::Judgement::note, "", ""};
  if (!std::holds_alternative<RemoveTeam>(request)) {
    const std::vector<std::string> people = people_of(request);
    note.text = fmt::format("{} in {} {}{} looked at",
                            people.size() == 1 ? printable(people.front()) + " has no access"
                                               : fmt::format("none of {} people has access", people.size()),
                            seen.listings.size(), seen.primary_type, seen.listings.size() == 1 ? "" : "s");
    return note;
  }
  const std::string& name = std::get<RemoveTeam>(request).name;
  std::vector<std::string> names;
  for (const Resource& resource : seen.resources)
    names.push_back(resource.name);
  const std::string near = nearest(name, names);
  note.text = fmt::format("there is no {} \"{}\"{}", seen.primary_type, printable(name),
                          near.empty() ? "" : fmt::format("; there is a \"{}\"", printable(near)));
  return note;
}

}  // namespace

bool Plan::deletes() const {
  return std::any_of(actions.begin(), actions.end(),
                     [](const Action& action) { return action.does == Action::Does::remove; });
}

const Action* Plan::action(const std::string& id) const {
  const auto found =
      std::find_if(actions.begin(), actions.end(), [&](const Action& action) { return action.id == id; });
  return found == actions.end() ? nullptr : &*found;
}

Plan plan_for(const Observation& seen, const Request& request, const std::string& requested_by,
              const Policy& policy, const connector::Console& console) {
  Plan plan;
  plan.connector = seen.connector;
  plan.title = seen.title;
  plan.account = seen.account;
  plan.request = request;
  plan.requested_by = requested_by;
  plan.observed_at = seen.observed_at;
  plan.resources = seen.resources.size();
  plan.actions = actions_for(seen, request);
  plan.verdicts = judge({request, requested_by, seen.account, seen.listings, plan.actions, policy, console});
  if (plan.actions.empty()) plan.verdicts.insert(plan.verdicts.begin(), absent(seen, request));
  for (const Listing& listing : seen.listings) {
    plan.listings.push_back(
        {listing.resource, listing.taken_at, listing.grants.size(), people_in(listing), digest_of(listing)});
  }
  plan.digest = digest_of(plan);
  return plan;
}

std::string digest_of(const Plan& plan) {
  Json actions = Json::array();
  for (const Action& action : plan.actions)
    actions.push_back(as_json(action));
  Json verdicts = Json::array();
  for (const Verdict& verdict : plan.verdicts)
    verdicts.push_back(as_json(verdict));
  return sha256(canonical(Json{{"version", Plan::version},
                               {"connector", plan.connector},
                               {"account", plan.account},
                               {"request", as_json(plan.request)},
                               {"actions", std::move(actions)},
                               {"verdicts", std::move(verdicts)}}));
}

std::string short_digest(const std::string& digest) {
  return digest.substr(0, 12);
}

void check_same(const Plan& saved, const Plan& now) {
  if (saved.digest == now.digest) return;
  std::vector<std::string> lines;
  const auto differ = [&](const std::string& what, const std::string& was, const std::string& is) {
    if (was != is) lines.push_back(fmt::format("~ {}: {}, now {}", what, printable(was), printable(is)));
  };
  differ("console", saved.connector, now.connector);
  differ("account signed in", saved.account, now.account);
  differ("request", compact(as_json(saved.request)), compact(as_json(now.request)));
  const auto row = [](const Action& action) {
    if (!action.grant) return fmt::format("{}, {} people", action.describe(), action.people);
    return fmt::format("{} ({})", action.describe(),
                       printable(join({action.grant->role, action.grant->state}, ", ")));
  };
  for (const Action& was : saved.actions) {
    const Action* is = now.action(was.id);
    if (is == nullptr) {
      lines.push_back("- " + row(was) + ": no longer there");
    } else if (row(was) != row(*is)) {
      lines.push_back("~ " + row(was) + ": now " + row(*is));
    } else if (canonical(as_json(was)) != canonical(as_json(*is))) {
      lines.push_back("~ " + row(was) + ": its row or its members changed");
    }
  }
  for (const Action& is : now.actions) {
    if (saved.action(is.id) == nullptr) lines.push_back("+ " + row(is) + ": new");
  }
  const auto missing = [](const std::vector<Verdict>& from, const Verdict& verdict) {
    return std::find(from.begin(), from.end(), verdict) == from.end();
  };
  // That a guard passes tells nothing to whoever looks for what has changed.
  const auto tells = [](const Verdict& verdict) { return verdict.judgement != Verdict::Judgement::pass; };
  for (const Verdict& is : now.verdicts) {
    if (tells(is) && missing(saved.verdicts, is))
      lines.push_back(fmt::format("+ guard {}: {}: {}", is.rule, name_of(is.judgement), printable(is.text)));
  }
  for (const Verdict& was : saved.verdicts) {
    if (tells(was) && missing(now.verdicts, was)) {
      lines.push_back(fmt::format("- guard {}: {}: {}", printable(was.rule), name_of(was.judgement),
                                  printable(was.text)));
    }
  }
  throw Error(Kind::refused,
              fmt::format("the plan no longer holds: the console, the account or the policy has changed "
                          "since {} (plan {}, now {}): {}",
                          printable(saved.observed_at), short_digest(saved.digest), short_digest(now.digest),
                          lines.empty() ? "what the guards counted" : join(lines, "; ")),
              "make the plan again and look at it");
}

}  // namespace offstage::offboarding
