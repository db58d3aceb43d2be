#include "offboarding/request.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {

void check(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request)) {
    if (!is_email(user->email)) {
      throw Error(Kind::usage, fmt::format("\"{}\" is not an e-mail address", printable(user->email, 80)),
                  "give one plain address, as the console shows it: bob@example.com");
    }
    for (const std::string& team : user->teams) {
      if (trimmed(team).empty()) throw Error(Kind::usage, "a team's name is empty");
    }
  } else if (trimmed(std::get<RemoveTeam>(request).name).empty()) {
    throw Error(Kind::usage, "the name of the team to remove is empty");
  }
}

std::string_view operation_of(const Request& request) {
  return std::holds_alternative<RemoveUser>(request) ? "remove_user" : "delete_team";
}

std::string describe(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request)) return "remove " + printable(user->email);
  return "remove team " + printable(std::get<RemoveTeam>(request).name);
}

Json as_json(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request)) {
    return {{"remove", "user"}, {"email", user->email}, {"teams", user->teams}};
  }
  return {{"remove", "team"}, {"name", std::get<RemoveTeam>(request).name}};
}

Request request_from(const JsonView& view) {
  const std::string what = view.at("remove").string();
  if (what == "team") {
    view.only({"remove", "name"});
    return RemoveTeam{view.at("name").string()};
  }
  if (what != "user") throw view.at("remove").error("must be \"user\" or \"team\"");
  view.only({"remove", "email", "teams"});
  RemoveUser user{view.at("email").string(), {}};
  if (const auto teams = view.find("teams")) user.teams = teams->strings();
  return user;
}

}  // namespace offstage::offboarding
