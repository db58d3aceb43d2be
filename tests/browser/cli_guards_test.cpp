#include <catch2/catch.hpp>

#include "cli_scene.h"

namespace offstage::cli_guards_test {

/// What must never happen, seen from outside: refused, and the console's change log is empty afterwards.
namespace {

using namespace test;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the account that is signed in is never removed", "[cli][guards]") {
  const CliScene scene;
  const Finished end =
      scene.run({"remove", "user", "offstage@example.com", "--from", "heroku", "--team", "acme-data"});
  CHECK(end.exit_code == 4);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("who asked for a plan cannot apply it where the policy wants another person, and another can",
          "[cli][guards]") {
  const CliScene scene;
  scene.sandbox.write("policy.json", R"({"version": 1, "other_approver": true})");
  const std::vector<std::string> asked{"plan",        "user",      dana,    "--from",    "heroku",
                                       "--team",      "acme-data", "-o",    "plan.json", "--policy",
                                       "policy.json", "--by",      "asker", "--output",  "json"};
  const std::string digest = scene.run(asked).document().at("digest").get<std::string>();
  const auto applied_by = [&](const std::string& who) {
    return scene.run({"apply", "plan.json", "--policy", "policy.json", "--by", who, "--approve", digest});
  };
  const Finished refused = applied_by("asker");
  CHECK(refused.exit_code == 4);
  CHECK(has(refused.err, "asker asked for the plan"));
  CHECK(scene.console.change_log().empty());
  const Finished done = applied_by("another");
  CAPTURE(done.err);
  CHECK(done.exit_code == 0);
  CHECK(scene.console.change_log().size() == 1);
}

TEST_CASE("the last admin of a team is never removed", "[cli][guards]") {
  const CliScene scene;
  const auto seed = scene.sandbox.write("seed.json", R"({
    "automation": {"email": "offstage@example.com"},
    "teams": [{"name": "lonely", "members": [
      {"email": "offstage@example.com"},
      {"email": "lee.okafor@example.com", "role": "admin"},
      {"email": "paula.jimenez@example.com"}]}]})");
  const PracticeConsole console({"--seed", seed.string()});
  Start start = scene.start();
  start.variables["OFFSTAGE_PRACTICE"] = console.description_file().string();
  const Finished end = run_offstage({"remove", "user", "lee.okafor@example.com", "--from", "heroku"}, start);
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "admin"));
  CHECK(console.change_log().empty());
}

TEST_CASE("a protected account is never removed", "[cli][guards]") {
  const CliScene scene;
  scene.sandbox.write("policy.json", R"({"version": 1, "protected": ["*.whitfield@example.com"]})");
  const Finished end = scene.run(
      {"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--policy", "policy.json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "protected"));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("an address that is there twice is refused", "[cli][guards]") {
  const CliScene scene({"duplicate-row"});
  const Finished end =
      scene.run({"remove", "user", "paula.jimenez@example.com", "--from", "heroku", "--team", "acme-solo"});
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "one_row"));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a confirmation that names another person is never answered", "[cli][guards]") {
  const CliScene scene({"wrong-modal"});
  const Finished end = scene.remove({"user", dana, "--from", "heroku", "--team", "acme-platform"});
  CAPTURE(end.err);
  CHECK((end.exit_code == 4 || end.exit_code == 70));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a confirmation that would remove another person is stopped before it leaves the browser",
          "[cli][guards]") {
  const CliScene scene({"wrong-request"});
  const Finished end = scene.remove({"user", dana, "--from", "heroku", "--team", "acme-platform"});
  CAPTURE(end.err);
  CHECK(end.exit_code != 0);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a plan above the policy's limit is refused", "[cli][guards]") {
  const CliScene scene;
  scene.sandbox.write("policy.json", R"({"version": 1, "limits": {"removals": 1}})");
  const Finished end = scene.run({"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--team",
                                  "acme-retail", "--policy", "policy.json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 4);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a listing that does not add up to the console's count is no listing", "[cli][guards]") {
  const CliScene scene({"total-lies"});
  const Finished end = scene.run({"plan", "user", dana, "--from", "heroku", "--team", "acme-platform"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 70);
}

TEST_CASE("names that hold escapes and commands reach the terminal as text", "[cli][guards]") {
  const CliScene scene({"hostile-names"});
  const Finished end = scene.run({"list", "access", "--from", "heroku", "--team", "acme-data"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK_FALSE(has(end.out, "\x1b"));
  CHECK_FALSE(has(end.err, "\x1b"));
}

}  // namespace

}  // namespace offstage::cli_guards_test
