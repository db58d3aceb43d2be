#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"

namespace offstage::practice_heroku {

/// Somebody who is known to the console, whatever access they have.
struct Account {
  std::string email;
  std::optional<std::string> name;
  bool two_factor = true;
  std::string password;  ///< "" when this account cannot sign in
  std::string totp_key;  ///< base32; "" when no second factor is enrolled
};

/// A member of a team. A removed one stays for as long as the lists lag behind.
struct Member {
  std::string email;
  std::string role;  ///< admin, member or viewer
  bool federated = false;
  bool removed = false;
  Clock::time_point listed_until{};  ///< of a removed member
};

/// An invitation that nobody has accepted yet.
struct Invitation {
  std::string email;
  std::string role;
  std::string invited_by;
  bool removed = false;
  Clock::time_point listed_until{};
};

/// A person's access to one app.
struct Collaborator {
  std::string email;
  std::string role = "collaborator";
  std::vector<std::string> permissions;  ///< view, deploy, operate, manage
  bool removed = false;
  Clock::time_point listed_until{};
};

struct App {
  std::string name;
  std::string team;   ///< "" for a personal app
  std::string owner;  ///< of a personal app
  std::vector<Collaborator> collaborators;
};

struct Team {
  std::string name;
  std::string type = "team";  ///< team or enterprise
  std::string enterprise_account;
  bool licensed = false;  ///< a package team, which only support can delete
  std::vector<Member> members;
  std::vector<Invitation> invitations;
};

/// Why the console will not do something, as its API says it.
struct Refusal {
  int status = 403;
  std::string id;
  std::string message;
  std::string resource;  ///< of a 404
};

/// A stable UUID made from what it stands for, so that ids are the same in every run.
std::string id_of(std::string_view kind, std::string_view name);

/// What the console's people and teams are, and who may do what with them. Plain data and the rules over it:
/// no sockets, no clock of its own. Not thread-safe: its owner guards it.
class World {
 public:
  /// What changes how the rules work; set from the faults before each call.
  struct Quirks {
    Milliseconds lag{0};
    bool federate_everybody = false;
    bool federated_return = false;
    bool keep_collaborations = false;
    std::string enterprise_account;  ///< a team that is to be taken for an enterprise account
  };

  std::map<std::string, Account> accounts;  ///< by email_key
  std::vector<std::string> enterprise_accounts;
  std::vector<Team> teams;
  std::vector<App> apps;
  std::string automation;  ///< the address of the account that Offstage signs in with
  Quirks quirks;

  using Answer = std::variant<Json, Refusal>;

  const Account* account(std::string_view email) const;

  // Reading. `actor` is the address of who asks.
  Answer list_teams(const std::string& actor) const;
  Answer team(const std::string& actor, const std::string& name) const;
  Answer members(const std::string& actor, const std::string& team);
  Answer invitations(const std::string& actor, const std::string& team) const;
  /// Who holds access to which app of the team, one entry for each app.
  Answer permissions(const std::string& actor, const std::string& team) const;
  Answer list_apps(const std::string& actor) const;
  Answer team_apps(const std::string& actor, const std::string& team) const;
  Answer app(const std::string& actor, const std::string& name) const;
  Answer collaborators(const std::string& actor, const std::string& app) const;

  // Changing. People are named by address (letter case does not matter) or id.
  Answer remove_member(const std::string& actor, const std::string& team, const std::string& who);
  Answer change_role(const std::string& actor, const std::string& team, const std::string& who,
                     const std::string& role);
  Answer revoke_invitation(const std::string& actor, const std::string& team, const std::string& who);
  Answer invite(const std::string& actor, const std::string& team, const std::string& email,
                const std::string& role);
  Answer remove_collaborator(const std::string& actor, const std::string& app, const std::string& who);
  Answer add_collaborator(const std::string& actor, const std::string& app, const std::string& email);
  Answer delete_team(const std::string& actor, const std::string& team);

  /// Everything, as tests compare it: only what is really there, not what lists still show.
  Json state() const;

 private:
  /// The team, when `actor` may see it.
  std::variant<const Team*, Refusal> visible_team(const std::string& actor, const std::string& name) const;
  /// The team, when `actor` is one of its admins; `deed` completes "You do not have permission to …".
  std::variant<Team*, Refusal> managed_team(const std::string& actor, const std::string& name,
                                            std::string_view deed);
  std::variant<const App*, Refusal> visible_app(const std::string& actor, const std::string& name) const;
  bool manages_app(const std::string& actor, const App& app) const;

  Json user_json(const std::string& email) const;
  Json team_json(const Team& team, const std::string& role) const;
  Json member_json(const Member& member) const;
  Json invitation_json(const Team& team, const Invitation& invitation) const;
  Json app_json(const App& app) const;
  Json collaborator_json(const App& app, const Collaborator& collaborator) const;
};

}  // namespace offstage::practice_heroku
