// The objects of the API, as World answers with them.
#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "console/heroku/world.h"

namespace offstage::practice_heroku {
namespace {

constexpr const char* created = "2023-05-04T10:00:00Z";

}  // namespace

std::string id_of(std::string_view kind, std::string_view name) {
  const std::string digest = sha256(fmt::format("{}:{}", kind, name));
  return fmt::format("{}-{}-4{}-a{}-{}", digest.substr(0, 8), digest.substr(8, 4), digest.substr(13, 3),
                     digest.substr(17, 3), digest.substr(20, 12));
}

Json World::user_json(const std::string& email) const {
  const Account* known = account(email);
  Json user = {{"email", email}, {"id", id_of("user", email_key(email))}, {"name", nullptr}};
  if (known != nullptr && known->name) user["name"] = *known->name;
  return user;
}

Json World::team_json(const Team& team, const std::string& role) const {
  Json enterprise = nullptr;
  if (!team.enterprise_account.empty()) {
    enterprise = {{"id", id_of("enterprise-account", team.enterprise_account)},
                  {"name", team.enterprise_account}};
  }
  return {{"id", id_of("team", team.name)},
          {"created_at", created},
          {"credit_card_collections", team.type == "team"},
          {"default", false},
          {"enterprise_account", enterprise},
          {"identity_provider", nullptr},
          {"membership_limit", team.type == "team" ? Json(25) : Json(nullptr)},
          {"name", team.name},
          {"provisioned_licenses", team.licensed},
          {"role", role},
          {"type", team.type},
          {"updated_at", created}};
}

Json World::member_json(const Member& member) const {
  const Account* known = account(member.email);
  const bool federated =
      member.federated || (quirks.federate_everybody && !same_email(member.email, automation));
  return {{"created_at", created},
          {"email", member.email},
          {"federated", federated},
          {"id", id_of("user", email_key(member.email))},
          {"identity_provider", nullptr},
          {"role", member.role},
          {"two_factor_authentication", !federated && known != nullptr && known->two_factor},
          {"updated_at", created},
          {"user", user_json(member.email)}};
}

Json World::invitation_json(const Team& team, const Invitation& invitation) const {
  return {{"id", id_of("invitation-" + team.name, email_key(invitation.email))},
          {"created_at", created},
          {"updated_at", created},
          {"role", invitation.role},
          {"invited_by", user_json(invitation.invited_by)},
          {"team", {{"id", id_of("team", team.name)}, {"name", team.name}}},
          {"user", user_json(invitation.email)}};
}

Json World::app_json(const App& app) const {
  Json team = nullptr;
  if (!app.team.empty()) team = {{"id", id_of("team", app.team)}, {"name", app.team}};
  const std::string owner = app.team.empty() ? app.owner : app.team + "@herokumanager.com";
  return {{"id", id_of("app", app.name)},
          {"name", app.name},
          {"created_at", created},
          {"updated_at", created},
          {"locked", false},
          {"owner", {{"email", owner}, {"id", id_of("user", owner)}}},
          {"team", team}};
}

Json World::collaborator_json(const App& app, const Collaborator& collaborator) const {
  Json permissions = Json::array();
  for (const std::string& name : collaborator.permissions)
    permissions.push_back({{"name", name}, {"description", ""}});
  Json user = user_json(collaborator.email);
  user["federated"] = quirks.federate_everybody && !same_email(collaborator.email, automation);
  return {{"app", {{"id", id_of("app", app.name)}, {"name", app.name}}},
          {"created_at", created},
          {"id", id_of("collaborator", app.name + ":" + email_key(collaborator.email))},
          {"permissions", permissions},
          {"role", collaborator.role},
          {"updated_at", created},
          {"user", user}};
}

Json World::state() const {
  Json out_teams = Json::array();
  for (const Team& team : teams) {
    Json members = Json::array();
    for (const Member& member : team.members) {
      if (member.removed) continue;
      members.push_back({{"email", member.email}, {"role", member.role}, {"federated", member.federated}});
    }
    Json invitations = Json::array();
    for (const Invitation& invitation : team.invitations) {
      if (!invitation.removed)
        invitations.push_back({{"email", invitation.email}, {"role", invitation.role}});
    }
    out_teams.push_back(
        {{"name", team.name}, {"type", team.type}, {"members", members}, {"invitations", invitations}});
  }
  Json out_apps = Json::array();
  for (const App& app : apps) {
    Json collaborators = Json::array();
    for (const Collaborator& row : app.collaborators) {
      if (!row.removed) collaborators.push_back({{"email", row.email}, {"role", row.role}});
    }
    out_apps.push_back({{"name", app.name}, {"team", app.team}, {"collaborators", collaborators}});
  }
  return {{"automation", automation}, {"teams", out_teams}, {"apps", out_apps}};
}

}  // namespace offstage::practice_heroku
