#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli_scene.h"

/// Many people in one request, in real Chrome: one listing of each team, not one for each person.
namespace offstage::cli_batch_test {

namespace {

using namespace test;
namespace fs = std::filesystem;

constexpr int people = 50;
constexpr int teams = 20;

std::string person(int number) {
  return fmt::format("leaver{:02}@example.com", number);
}
std::string team(int number) {
  return fmt::format("team-{:02}", number);
}
/// In which teams somebody is: one, every tenth in two, and the last in none.
std::vector<int> teams_of(int number) {
  if (number == people - 1) return {};
  if (number % 10 == 0) return {number % teams, (number + 3) % teams};
  return {number % teams};
}
bool is_invited(int number) {
  return number % 16 == 15;
}

Json seed() {
  Json seed{{"automation", {{"email", "offstage@example.com"}}}, {"teams", Json::array()}};
  for (int t = 0; t < teams; ++t) {
    Json members{{{"email", "offstage@example.com"}, {"role", "admin"}},
                 {{"email", "stays@example.com"}, {"role", "admin"}},
                 {{"email", "also.stays@example.com"}}};
    Json invitations = Json::array();
    for (int i = 0; i < people; ++i) {
      const std::vector<int> in = teams_of(i);
      if (std::find(in.begin(), in.end(), t) == in.end()) continue;
      (is_invited(i) ? invitations : members).push_back({{"email", person(i)}});
    }
    seed["teams"].push_back({{"name", team(t)}, {"members", members}, {"invitations", invitations}});
  }
  return seed;
}

/// The connector as it is, but for its pace, which is kind to a console and would make this test take
/// minutes.
fs::path hurried_connectors(const Sandbox& sandbox) {
  const fs::path source(OFFSTAGE_SOURCE_DIR);
  Json manifest = Json::parse(read_file(source / "connectors/heroku/connector.json"));
  manifest["pace"] = {{"actions_per_minute", 600}, {"min_interval_ms", 10}};
  const fs::path file = sandbox.write("connectors/heroku/connector.json", manifest.dump());
  fs::create_directory_symlink(source / "scripts", sandbox.path() / "scripts");
  return file.parent_path().parent_path();
}

int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST_CASE("fifty people in twenty teams are one job with twenty listings, and each comes out right",
          "[cli][job]") {
  const Sandbox sandbox;
  PracticeConsole console(
      {"--seed", sandbox.write("seed.json", seed().dump()).string(), "--fault", "mfa=none"});
  Json request{
      {"version", 1},
      {"connector", "heroku"},
      {"operation", "remove_user"},
      {"targets", Json::array()},
      {"policy", {{"version", 1}, {"unattended", true}, {"limits", {{"removals", 100}, {"share", 1}}}}}};
  for (int i = 0; i < people; ++i)
    request["targets"].push_back(person(i));
  Start start;
  start.folder = sandbox.path();
  start.patience = Milliseconds(600'000);
  start.variables["OFFSTAGE_PRACTICE"] = console.description_file().string();
  const Finished done = run_offstage(
      {"job", "--request", request.dump(), "--connectors", hurried_connectors(sandbox).string()}, start);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  const Json result = Json::parse(done.out);
  CHECK(result.at("listings") == teams);
  CHECK(occurrences(done.err, "info: listing team ") == teams);
  REQUIRE(result.at("targets").size() == people);
  std::size_t removals = 0;
  for (int i = 0; i < people; ++i) {
    const Json& target = result.at("targets").at(static_cast<std::size_t>(i));
    INFO(target.dump());
    removals += teams_of(i).size();
    CHECK(target.at("target") == person(i));
    CHECK(target.at("actions").size() == teams_of(i).size());
    CHECK(target.at("outcome") == (teams_of(i).empty() ? "already_absent" : "verified"));
  }
  CHECK(console.change_log().size() == removals);
  const Json state = console.state();
  for (const Json& left : state.at("teams")) {
    CHECK(left.at("members").size() == 3);
    CHECK(left.at("invitations").empty());
  }
}

}  // namespace

}  // namespace offstage::cli_batch_test
