#include "offboarding/guards.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

using Judgement = Verdict::Judgement;

Verdict refuse(const Action& action, std::string text) {
  return {"", Judgement::refuse, action.id, std::move(text)};
}

/// A guard's answer that is found action by action: `find` returns why it refuses, or "".
template <typename Find>
std::vector<Verdict> each(const Scene& scene, Find find) {
  std::vector<Verdict> verdicts;
  for (const Action& action : scene.actions) {
    std::string why = find(action);
    if (!why.empty()) verdicts.push_back(refuse(action, std::move(why)));
  }
  return verdicts;
}

/// Rule 1: nobody but the person asked for, by the whole address.
std::vector<Verdict> guard_target(const Scene& scene) {
  const std::vector<std::string> people = people_of(scene.request);
  return each(scene, [&](const Action& action) -> std::string {
    if (!action.grant) return {};
    if (people.empty()) return "removing a team does not remove people one by one";
    const bool asked_for = std::any_of(people.begin(), people.end(), [&](const std::string& person) {
      return same_email(action.grant->user, person);
    });
    if (asked_for) return {};
    return fmt::format("{} is not {} asked for", printable(action.grant->user),
                       people.size() == 1 ? printable(people.front()) + ", who was"
                                          : fmt::format("among the {} people who were", people.size()));
  });
}

/// Rule 1: two candidates, stop.
std::vector<Verdict> guard_one_row(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    if (!action.grant) return {};
    const Listing* listing = scene.listing_of(action.grant->listed_on);
    if (listing == nullptr) return "there is no listing of " + label(action.grant->listed_on);
    const auto rows = rows_of(*listing, action.grant->user, action.grant->resource);
    if (rows.size() == 1 && rows.front()->user == action.grant->user) return {};
    if (rows.size() == 1) {
      return fmt::format("the console now shows {} instead of {}", printable(rows.front()->user),
                         printable(action.grant->user));
    }
    std::vector<std::string> shown;
    for (const Grant* row : rows)
      shown.push_back(fmt::format("{} ({}, {})", row->user, row->role, row->state));
    return rows.empty()
               ? fmt::format("no row of {} shows {}", place(*action.grant), printable(action.grant->user))
               : fmt::format("{} is there {} times on {}: {}", printable(action.grant->user), rows.size(),
                             place(*action.grant), printable(join(shown, ", ")));
  });
}

/// Addresses that a reader could take for the one asked for; people who hold two.
std::vector<Verdict> guard_look_alike(const Scene& scene) {
  const std::vector<std::string> people = people_of(scene.request);
  std::set<std::string> told;
  // Who was asked for as well does not stay.
  for (const std::string& person : people)
    told.insert(email_key(person));
  std::vector<Verdict> notes;
  for (const Listing& listing : scene.listings) {
    for (const Grant& grant : listing.grants) {
      const auto like = std::find_if(people.begin(), people.end(), [&](const std::string& person) {
        return look_alike(grant.user, person);
      });
      if (like == people.end() || !told.insert(email_key(grant.user)).second) continue;
      notes.push_back({"", Judgement::note, grant.user,
                       fmt::format("{} looks like {} and stays: it is another account ({})",
                                   printable(grant.user), printable(*like), place(grant))});
    }
  }
  return notes;
}

/// The console writes the address in other letters than the request.
std::vector<Verdict> guard_spelling(const Scene& scene) {
  std::vector<Verdict> notes;
  for (const std::string& person : people_of(scene.request)) {
    for (const Action& action : scene.actions) {
      if (!action.grant || action.grant->user == person || !same_email(action.grant->user, person)) continue;
      notes.push_back({"", Judgement::note, action.id,
                       fmt::format("{} shows {} as {}", place(*action.grant), printable(person),
                                   printable(action.grant->user))});
    }
  }
  return notes;
}

/// Rule 3.
std::vector<Verdict> guard_own_account(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    if (!action.grant || email_key(action.grant->user) != email_key(scene.account)) return {};
    return printable(action.grant->user) + " is the account signed in: it would lock itself out";
  });
}

/// Rule 3: somebody who can run the resource must stay, whatever else the plan takes away.
std::vector<Verdict> guard_last_privileged(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    if (!action.grant || action.grant->state != "active") return {};
    const Listing* listing = scene.listing_of(action.grant->listed_on);
    if (listing == nullptr) return {};  // guard_one_row refuses it
    const auto runs_it = [&](const Grant& grant) {
      return grant.privileged && grant.state == "active" && same(grant.resource, action.resource);
    };
    if (!action.grant->privileged) {
      // Somebody always can: where nobody seems to, the roles are called otherwise than the connector thinks.
      // Not so of what is only listed there in part: an app's owner may have no row on its team's page.
      if (!same(action.resource, listing->resource) ||
          !scene.console.tells_privileged(action.resource.type) ||
          std::any_of(listing->grants.begin(), listing->grants.end(), runs_it)) {
        return {};
      }
      return fmt::format(
          "nobody in {} has a role that the connector calls privileged, so that nobody knows "
          "who must stay",
          label(action.resource));
    }
    const auto leaves = [&](const Grant& grant) {
      return std::any_of(scene.actions.begin(), scene.actions.end(), [&](const Action& other) {
        return other.grant && same(other.resource, grant.resource) &&
               same_email(other.grant->user, grant.user);
      });
    };
    const bool somebody_stays =
        std::any_of(listing->grants.begin(), listing->grants.end(),
                    [&](const Grant& grant) { return runs_it(grant) && !leaves(grant); });
    if (somebody_stays) return {};
    return fmt::format("{} is the last active {} of {}", printable(action.grant->user),
                       printable(action.grant->role), label(action.resource));
  });
}

/// The console would say no; better to know before.
std::vector<Verdict> guard_manageable(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    const Listing* listing = scene.listing_of(action.listed_on());
    if (listing == nullptr || listing->manageable) return {};
    return fmt::format("{} cannot manage {}", printable(scene.account), label(action.listed_on()));
  });
}

std::vector<Verdict> guard_supported(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    if (action.grant ? scene.console.can_revoke(*action.grant) : scene.console.can_delete(action.resource))
      return {};
    if (!action.grant)
      return fmt::format("the connector has no script that deletes a {}", printable(action.resource.type));
    return fmt::format("the connector has no script that takes away {} access to {} ({})",
                       printable(action.grant->state), place(*action.grant), printable(action.grant->role));
  });
}

/// Rule 8.
std::vector<Verdict> guard_deletion(const Scene& scene) {
  const auto* request = std::get_if<RemoveTeam>(&scene.request);
  return each(scene, [&](const Action& action) -> std::string {
    if (action.does != Action::Does::remove) return {};
    if (request == nullptr) return "a team is never deleted because a person leaves it";
    if (request->name == action.resource.name || request->name == action.resource.id) return {};
    return fmt::format("{} is not \"{}\", which was asked for", label(action.resource),
                       printable(request->name));
  });
}

/// Who is cut off by a deletion although the policy protects their accounts.
std::vector<Verdict> guard_deletion_people(const Scene& scene) {
  std::vector<Verdict> notes;
  for (const Action& action : scene.actions) {
    const Listing* listing = scene.listing_of(action.listed_on());
    if (action.does != Action::Does::remove || listing == nullptr) continue;
    std::set<std::string> told;
    for (const Grant& grant : listing->grants) {
      if (!scene.policy.protects_account(grant.user) || !told.insert(email_key(grant.user)).second) continue;
      notes.push_back(
          {"", Judgement::note, grant.user, printable(grant.user) + " is protected and loses this team"});
    }
  }
  return notes;
}

/// What a team holds is deleted with it: nothing of it may be protected.
std::vector<Verdict> guard_deletion_content(const Scene& scene) {
  return each(scene, [&](const Action& action) -> std::string {
    const Listing* listing = scene.listing_of(action.listed_on());
    if (action.does != Action::Does::remove || listing == nullptr) return {};
    for (const Grant& grant : listing->grants) {
      const bool is_team = same(grant.resource, action.resource);
      if (is_team || !scene.policy.protects_resource(grant.resource.name, grant.resource.id)) continue;
      return label(grant.resource) + " is protected by the policy and would be deleted with it";
    }
    return {};
  });
}

/// One rule that holds whatever the policy says: looks at a scene and says what it refuses or notes. Nothing
/// said: passed. Without side effects.
struct Guard {
  std::string_view rule;    ///< its name
  std::string_view passed;  ///< what holds when it says nothing; "": not worth a line
  std::vector<Verdict> (*look)(const Scene& scene);
};

constexpr std::array<Guard, 11> table{{
    {"target", "every row is of the person or team asked for, by the whole identifier", guard_target},
    {"one_row", "every row is there once", guard_one_row},
    {"look_alike", "no other address looks like it", guard_look_alike},
    {"spelling", "", guard_spelling},
    {"own_account", "the account signed in is not touched", guard_own_account},
    {"last_privileged", "every resource keeps somebody who can run it", guard_last_privileged},
    {"manageable", "the account signed in can manage all of it", guard_manageable},
    {"supported", "the connector has a script for each action", guard_supported},
    {"deletion", "no team is deleted unless it was asked for by name", guard_deletion},
    {"deletion_people", "", guard_deletion_people},
    {"deletion_content", "", guard_deletion_content},
}};

}  // namespace

const Listing* Scene::listing_of(const Resource& resource) const {
  return offboarding::listing_of(listings, resource);
}

Subject Scene::subject() const {
  Subject out{request, requester, actions, {}};
  for (const Listing& listing : listings)
    out.listings.push_back({listing.resource, people_in(listing)});
  return out;
}

std::vector<Verdict> judge(const Scene& scene) {
  std::vector<Verdict> verdicts;
  for (const Guard& guard : table) {
    std::vector<Verdict> said = guard.look(scene);
    if (said.empty() && !scene.actions.empty() && !guard.passed.empty())
      said.push_back({"", Judgement::pass, "", std::string(guard.passed)});
    for (Verdict& verdict : said) {
      verdict.rule = guard.rule;
      verdicts.push_back(std::move(verdict));
    }
  }
  const Subject subject = scene.subject();
  for (const PolicyRule& rule : policy_rules()) {
    for (Ruling& ruling : rulings(rule, subject, scene.policy))
      verdicts.push_back(std::move(ruling.verdict));
  }
  return verdicts;
}

std::vector<Verdict> refusals(const std::vector<Verdict>& verdicts) {
  std::vector<Verdict> refused;
  std::copy_if(verdicts.begin(), verdicts.end(), std::back_inserter(refused),
               [](const Verdict& verdict) { return verdict.judgement == Judgement::refuse; });
  return refused;
}

std::vector<Verdict> told_refusals(const std::vector<Verdict>& verdicts) {
  std::vector<Verdict> told;
  for (Verdict& refusal : refusals(verdicts)) {
    const bool known = std::any_of(told.begin(), told.end(), [&](const Verdict& before) {
      return before.rule == refusal.rule && before.text == refusal.text;
    });
    if (!known) told.push_back(std::move(refusal));
  }
  return told;
}

}  // namespace offstage::offboarding
