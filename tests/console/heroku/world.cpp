#include "console/heroku/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::practice_heroku {
namespace {

Refusal missing(std::string resource, std::string message) {
  return {404, "not_found", std::move(message), std::move(resource)};
}

Refusal no_access(const std::string& team) {
  return {403, "forbidden", fmt::format("You do not have access to the team {}.", team), {}};
}

/// The entry of `list` that is there and is named `who` by address or id.
template <typename Entry>
Entry* present(std::vector<Entry>& list, std::string_view kind, const std::string& who) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Entry& entry) {
    return !entry.removed && (same_email(entry.email, who) || id_of(kind, email_key(entry.email)) == who);
  });
  return found == list.end() ? nullptr : &*found;
}

template <typename Entry>
const Entry* present(const std::vector<Entry>& list, const std::string& email) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Entry& entry) {
    return !entry.removed && same_email(entry.email, email);
  });
  return found == list.end() ? nullptr : &*found;
}

template <typename Entry>
void take_out(Entry& entry, Milliseconds lag) {
  entry.removed = true;
  entry.listed_until = Clock::now() + lag;
}

template <typename Entry>
bool listed(const Entry& entry) {
  return !entry.removed || Clock::now() < entry.listed_until;
}

long admins_of(const Team& team) {
  return std::count_if(team.members.begin(), team.members.end(),
                       [](const Member& member) { return !member.removed && member.role == "admin"; });
}

Refusal last_admin(std::string_view what) {
  return {422, "invalid_params", fmt::format("The last administrator in the team cannot {}.", what), {}};
}

void sort_by_email(Json& list, const char* where) {
  std::sort(list.begin(), list.end(), [&](const Json& a, const Json& b) {
    return ascii_lower(a.at(where).at("email").get<std::string>()) <
           ascii_lower(b.at(where).at("email").get<std::string>());
  });
}

}  // namespace

const Account* World::account(std::string_view email) const {
  const auto found = accounts.find(email_key(email));
  return found == accounts.end() ? nullptr : &found->second;
}

std::variant<const Team*, Refusal> World::visible_team(const std::string& actor,
                                                       const std::string& name) const {
  const bool is_account =
      name == quirks.enterprise_account ||
      std::find(enterprise_accounts.begin(), enterprise_accounts.end(), name) != enterprise_accounts.end();
  if (is_account) return no_access(name);
  const auto found = std::find_if(teams.begin(), teams.end(), [&](const Team& team) {
    return team.name == name || id_of("team", team.name) == name;
  });
  if (found == teams.end()) return missing("team", "Couldn't find that team.");
  if (present(found->members, actor) == nullptr) return no_access(found->name);
  return &*found;
}

std::variant<Team*, Refusal> World::managed_team(const std::string& actor, const std::string& name,
                                                 std::string_view deed) {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const Team* team = std::get<const Team*>(seen);
  if (present(team->members, actor)->role != "admin") {
    return Refusal{
        403, "forbidden", fmt::format("You do not have permission to {} on {}.", deed, team->name), {}};
  }
  return &teams[static_cast<std::size_t>(team - teams.data())];
}

bool World::manages_app(const std::string& actor, const App& app) const {
  if (app.team.empty()) return same_email(app.owner, actor);
  const auto seen = visible_team(actor, app.team);
  const auto* const* team = std::get_if<const Team*>(&seen);
  return team != nullptr && present((*team)->members, actor)->role == "admin";
}

std::variant<const App*, Refusal> World::visible_app(const std::string& actor,
                                                     const std::string& name) const {
  const auto found = std::find_if(apps.begin(), apps.end(), [&](const App& app) {
    return app.name == name || id_of("app", app.name) == name;
  });
  if (found == apps.end()) return missing("app", "Couldn't find that app.");
  const bool member =
      !found->team.empty() && std::holds_alternative<const Team*>(visible_team(actor, found->team));
  if (!member && !same_email(found->owner, actor) && present(found->collaborators, actor) == nullptr) {
    return Refusal{403, "forbidden", fmt::format("You do not have access to the app {}.", found->name), {}};
  }
  return &*found;
}

// Reading.

World::Answer World::list_teams(const std::string& actor) const {
  Json list = Json::array();
  for (const Team& team : teams) {
    if (team.name == quirks.enterprise_account) {
      // An enterprise account's name is among those a person sees, though it is no team.
      list.push_back(team_json(team, "admin"));
      continue;
    }
    if (const Member* member = present(team.members, actor)) {
      list.push_back(team_json(team, member->role));
      continue;
    }
    const bool collaborates = std::any_of(apps.begin(), apps.end(), [&](const App& app) {
      return app.team == team.name && present(app.collaborators, actor) != nullptr;
    });
    if (collaborates) list.push_back(team_json(team, "collaborator"));
  }
  return list;
}

World::Answer World::team(const std::string& actor, const std::string& name) const {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const Team& team = *std::get<const Team*>(seen);
  return team_json(team, present(team.members, actor)->role);
}

World::Answer World::members(const std::string& actor, const std::string& name) {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const auto at = static_cast<std::size_t>(std::get<const Team*>(seen) - teams.data());
  Json list = Json::array();
  for (Member& member : teams[at].members) {
    const bool federated = member.federated || quirks.federate_everybody;
    if (member.removed && federated && quirks.federated_return) member.removed = false;
    if (listed(member)) list.push_back(member_json(member));
  }
  sort_by_email(list, "user");
  return list;
}

World::Answer World::invitations(const std::string& actor, const std::string& name) const {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const Team& team = *std::get<const Team*>(seen);
  if (team.type != "team") return missing("team", "Couldn't find that team.");
  Json list = Json::array();
  for (const Invitation& invitation : team.invitations) {
    if (listed(invitation)) list.push_back(invitation_json(team, invitation));
  }
  sort_by_email(list, "user");
  return list;
}

World::Answer World::permissions(const std::string& actor, const std::string& name) const {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const Team& team = *std::get<const Team*>(seen);
  Json list = Json::array();
  for (const App& app : apps) {
    if (app.team != team.name) continue;
    Json users = Json::array();
    for (const Collaborator& collaborator : app.collaborators) {
      if (!listed(collaborator)) continue;
      users.push_back({{"email", collaborator.email},
                       {"id", id_of("user", email_key(collaborator.email))},
                       {"permissions", collaborator.permissions}});
    }
    list.push_back({{"id", id_of("app", app.name)},
                    {"name", app.name},
                    {"team_id", id_of("team", team.name)},
                    {"type", "app"},
                    {"users", users}});
  }
  return list;
}

World::Answer World::list_apps(const std::string& actor) const {
  Json list = Json::array();
  for (const App& app : apps) {
    if (std::holds_alternative<const App*>(visible_app(actor, app.name))) list.push_back(app_json(app));
  }
  return list;
}

World::Answer World::team_apps(const std::string& actor, const std::string& name) const {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  Json list = Json::array();
  for (const App& app : apps) {
    if (app.team == std::get<const Team*>(seen)->name) list.push_back(app_json(app));
  }
  return list;
}

World::Answer World::app(const std::string& actor, const std::string& name) const {
  const auto seen = visible_app(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  return app_json(*std::get<const App*>(seen));
}

World::Answer World::collaborators(const std::string& actor, const std::string& name) const {
  const auto seen = visible_app(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  const App& app = *std::get<const App*>(seen);
  Json list = Json::array();
  Collaborator owner;
  owner.email = app.team.empty() ? app.owner : app.team + "@herokumanager.com";
  owner.role = "owner";
  list.push_back(collaborator_json(app, owner));
  for (const Collaborator& collaborator : app.collaborators) {
    if (listed(collaborator)) list.push_back(collaborator_json(app, collaborator));
  }
  sort_by_email(list, "user");
  return list;
}

// Changing.

World::Answer World::remove_member(const std::string& actor, const std::string& name,
                                   const std::string& who) {
  const auto seen = visible_team(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  Team& team = teams[static_cast<std::size_t>(std::get<const Team*>(seen) - teams.data())];
  Member* member = present(team.members, "user", who);
  const bool oneself = member != nullptr && same_email(member->email, actor);
  if (!oneself && present(team.members, actor)->role != "admin") {
    return Refusal{
        403, "forbidden", fmt::format("You do not have permission to remove members on {}.", team.name), {}};
  }
  if (member == nullptr) return missing("user", "Couldn't find that user.");
  if (member->role == "admin" && admins_of(team) == 1) return last_admin("be removed");
  take_out(*member, quirks.lag);
  if (!quirks.keep_collaborations) {
    for (App& app : apps) {
      if (app.team != team.name) continue;
      if (Collaborator* row = present(app.collaborators, "user", member->email)) take_out(*row, quirks.lag);
    }
  }
  return member_json(*member);
}

World::Answer World::change_role(const std::string& actor, const std::string& name, const std::string& who,
                                 const std::string& role) {
  const auto managed = managed_team(actor, name, "change roles");
  if (const auto* refusal = std::get_if<Refusal>(&managed)) return *refusal;
  Team& team = *std::get<Team*>(managed);
  Member* member = present(team.members, "user", who);
  if (member == nullptr) return missing("user", "Couldn't find that user.");
  if (role != "admin" && role != "member" && role != "viewer") {
    return Refusal{422, "invalid_params", "Role is not included in the list.", {}};
  }
  if (member->role == "admin" && role != "admin" && admins_of(team) == 1) return last_admin("change role");
  member->role = role;
  return member_json(*member);
}

World::Answer World::revoke_invitation(const std::string& actor, const std::string& name,
                                       const std::string& who) {
  const auto managed = managed_team(actor, name, "revoke invitations");
  if (const auto* refusal = std::get_if<Refusal>(&managed)) return *refusal;
  Team& team = *std::get<Team*>(managed);
  Invitation* invitation = present(team.invitations, "invitation-" + team.name, who);
  if (invitation == nullptr) return missing("team_invitation", "Couldn't find that team invitation.");
  take_out(*invitation, quirks.lag);
  return invitation_json(team, *invitation);
}

World::Answer World::invite(const std::string& actor, const std::string& name, const std::string& email,
                            const std::string& role) {
  const auto managed = managed_team(actor, name, "invite members");
  if (const auto* refusal = std::get_if<Refusal>(&managed)) return *refusal;
  Team& team = *std::get<Team*>(managed);
  if (!is_email(email)) return Refusal{422, "invalid_params", "Email is invalid.", {}};
  if (role != "admin" && role != "member" && role != "viewer") {
    return Refusal{422, "invalid_params", "Role is not included in the list.", {}};
  }
  if (present(team.members, email) != nullptr || present(team.invitations, email) != nullptr) {
    return Refusal{422, "invalid_params", "That user is already on the team.", {}};
  }
  accounts.try_emplace(email_key(email), Account{email, {}, true, {}, {}});
  if (team.type == "enterprise") {
    team.members.push_back({email, role, false, false, {}});
    return member_json(team.members.back());
  }
  team.invitations.push_back({email, role, actor, false, {}});
  return invitation_json(team, team.invitations.back());
}

World::Answer World::remove_collaborator(const std::string& actor, const std::string& name,
                                         const std::string& who) {
  const auto seen = visible_app(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  App& app = apps[static_cast<std::size_t>(std::get<const App*>(seen) - apps.data())];
  Collaborator* row = present(app.collaborators, "user", who);
  const bool oneself = row != nullptr && same_email(row->email, actor);
  if (!oneself && !manages_app(actor, app)) {
    return Refusal{403,
                   "forbidden",
                   fmt::format("You do not have permission to remove collaborators on {}.", app.name),
                   {}};
  }
  if (row == nullptr) return missing("collaborator", "Couldn't find that user.");
  take_out(*row, quirks.lag);
  return collaborator_json(app, *row);
}

World::Answer World::add_collaborator(const std::string& actor, const std::string& name,
                                      const std::string& email) {
  const auto seen = visible_app(actor, name);
  if (const auto* refusal = std::get_if<Refusal>(&seen)) return *refusal;
  App& app = apps[static_cast<std::size_t>(std::get<const App*>(seen) - apps.data())];
  if (!manages_app(actor, app)) {
    return Refusal{403,
                   "forbidden",
                   fmt::format("You do not have permission to add collaborators on {}.", app.name),
                   {}};
  }
  if (!is_email(email)) return Refusal{422, "invalid_params", "Email is invalid.", {}};
  if (present(app.collaborators, email) != nullptr) {
    return Refusal{422,
                   "invalid_params",
                   fmt::format("User {} is already a collaborator on app {}.", email, app.name),
                   {}};
  }
  accounts.try_emplace(email_key(email), Account{email, {}, true, {}, {}});
  app.collaborators.push_back({email, "collaborator", {"deploy", "operate", "view"}, false, {}});
  return collaborator_json(app, app.collaborators.back());
}

World::Answer World::delete_team(const std::string& actor, const std::string& name) {
  const auto managed = managed_team(actor, name, "delete the team");
  if (const auto* refusal = std::get_if<Refusal>(&managed)) return *refusal;
  const Team& team = *std::get<Team*>(managed);
  if (team.licensed) {
    return Refusal{422,
                   "invalid_params",
                   "This is a package team. Please contact support to have this team deleted.",
                   {}};
  }
  const long left =
      std::count_if(apps.begin(), apps.end(), [&](const App& app) { return app.team == team.name; });
  if (left > 0) {
    return Refusal{422,
                   "invalid_params",
                   fmt::format("You must delete or transfer all {} apps of this team first.", left),
                   {}};
  }
  const Json answer = team_json(team, "admin");
  const std::string gone = team.name;
  std::erase_if(teams, [&](const Team& each) { return each.name == gone; });
  return answer;
}

}  // namespace offstage::practice_heroku
