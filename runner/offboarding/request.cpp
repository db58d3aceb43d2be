#include "offboarding/request.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {

void check(const Request& request) {
  if (const auto* team = std::get_if<RemoveTeam>(&request)) {
    if (trimmed(team->name).empty()) throw Error(Kind::usage, "the name of the team to remove is empty");
    return;
  }
  std::set<std::string> keys;
  for (const std::string& email : people_of(request)) {
    if (!is_email(email)) {
      throw Error(Kind::usage, fmt::format("\"{}\" is not an e-mail address", printable(email, 80)),
                  "give one plain address, as the console shows it: bob@example.com");
    }
    if (!keys.insert(email_key(email)).second)
      throw Error(Kind::usage, fmt::format("{} is named twice", printable(email, 80)),
                  "name each person once");
  }
  if (keys.empty()) throw Error(Kind::usage, "nobody is named who is to be removed");
  for (const std::string& team : teams_of(request)) {
    if (trimmed(team).empty()) throw Error(Kind::usage, "a team's name is empty");
  }
}

std::vector<std::string> people_of(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request)) return {user->email};
  if (const auto* users = std::get_if<RemoveUsers>(&request)) return users->emails;
  return {};
}

std::vector<std::string> teams_of(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request)) return user->teams;
  if (const auto* users = std::get_if<RemoveUsers>(&request)) return users->teams;
  return {};
}

std::string_view operation_of(const Request& request) {
  return std::holds_alternative<RemoveTeam>(request) ? "delete_team" : "remove_user";
}

std::string describe(const Request& request) {
  if (const auto* team = std::get_if<RemoveTeam>(&request)) return "remove team " + printable(team->name);
  const std::vector<std::string> people = people_of(request);
  if (people.size() == 1) return "remove " + printable(people.front());
  return fmt::format("remove {} people", people.size());
}

Json as_json(const Request& request) {
  if (const auto* user = std::get_if<RemoveUser>(&request))
    return {{"remove", "user"}, {"email", user->email}, {"teams", user->teams}};
  if (const auto* users = std::get_if<RemoveUsers>(&request))
    return {{"remove", "users"}, {"emails", users->emails}, {"teams", users->teams}};
  return {{"remove", "team"}, {"name", std::get<RemoveTeam>(request).name}};
}

Request request_from(const JsonView& view) {
  const std::string what = view.at("remove").string();
  if (what == "team") {
    view.only({"remove", "name"});
    return RemoveTeam{view.at("name").string()};
  }
  if (what == "users") {
    view.only({"remove", "emails", "teams"});
    RemoveUsers users{view.at("emails").strings(), {}};
    if (const auto teams = view.find("teams")) users.teams = teams->strings();
    return users;
  }
  if (what != "user") throw view.at("remove").error("must be \"user\", \"users\" or \"team\"");
  view.only({"remove", "email", "teams"});
  RemoveUser user{view.at("email").string(), {}};
  if (const auto teams = view.find("teams")) user.teams = teams->strings();
  return user;
}

}  // namespace offstage::offboarding
