#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"

namespace offstage::offboarding {

/// Take away every grant that a person holds, pending invitations included.
struct RemoveUser {
  std::string email;
  /// Names or ids of the resources to look at; empty: all that the account signed in can see.
  std::vector<std::string> teams;
  bool operator==(const RemoveUser&) const = default;
};

/// The same for many people at once, in one plan: every resource is listed once, and the guards see all that
/// would be taken away together.
struct RemoveUsers {
  std::vector<std::string> emails;  ///< each once, compared by email_key
  std::vector<std::string> teams;   ///< as in RemoveUser
  bool operator==(const RemoveUsers&) const = default;
};

/// Delete a resource of the primary type itself. Never implied by anything else.
struct RemoveTeam {
  std::string name;  ///< its name or id, exactly
  bool operator==(const RemoveTeam&) const = default;
};

using Request = std::variant<RemoveUser, RemoveUsers, RemoveTeam>;

/// Throws Error{usage} when an address is not one or is there twice, or a name is empty.
void check(const Request& request);

/// The addresses of those who are to be removed; none for a team.
std::vector<std::string> people_of(const Request& request);
/// The resources to look at, by name or id; none: all, and for a team.
std::vector<std::string> teams_of(const Request& request);

/// Which operation it is, as a policy names it: "remove_user", "delete_team".
std::string_view operation_of(const Request& request);

/// "remove bob@example.com", "remove team acme": printable.
std::string describe(const Request& request);

Json as_json(const Request& request);
/// The inverse. Throws Error{usage} with the line.
Request request_from(const JsonView& view);

}  // namespace offstage::offboarding
