#include <catch2/catch.hpp>

#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_guards_test {

/// What must never happen, seen from outside: refused, and the console's change log is empty afterwards.
namespace {

using namespace test;

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

using Parts = std::vector<std::string>;

/// JSON keeps the marks that turn or hide text; nothing else of what a console says does.
void is_only_text(const std::string& text, bool json = false) {
  CHECK(live_parts(text) == Parts{});
  if (!json) CHECK(marks_in(text) == Parts{});
}

TEST_CASE("escapes, commands and HTML in the names of teams and roles are only text wherever they are shown",
          "[cli][guards]") {
  const CliScene scene({"hostile-words"});
  for (const Parts& words : {Parts{"list", "teams", "--from", "heroku"},
                             {"list", "access", "--from", "heroku", "--team", "acme-data"},
                             {"plan", "user", dana, "--from", "heroku", "--team", "acme-data"}}) {
    for (const std::string output : {"text", "json"}) {
      Parts arguments = words;
      arguments.insert(arguments.end(), {"--verbose", "--output", output});
      const Finished end = scene.run(arguments);
      CAPTURE(arguments, end.out, end.err);
      CHECK(end.exit_code == 0);
      CHECK(has(end.out, "ALL CLEAR"));
      is_only_text(end.out, output == "json");
      is_only_text(end.err);
    }
  }
}

TEST_CASE(
    "escapes, commands and HTML in why a console refuses are only text wherever they are shown, and cut",
    "[cli][guards]") {
  const CliScene scene({"hostile-words", "remove-status=403"});
  const auto policy = scene.sandbox.write("unattended.json", R"({"version": 1, "unattended": true})");
  for (const std::string output : {"text", "json"}) {
    const Finished end =
        scene.run({"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--verbose", "--policy",
                   policy.string(), "--output", output, "--evidence", "evidence-" + output});
    CAPTURE(end.out, end.err);
    CHECK(end.exit_code == 4);
    is_only_text(end.out, output == "json");
    is_only_text(end.err);
    for (const std::string& said : {end.out, end.err}) {
      CHECK(has(said, "the console says"));
      CHECK(has(said, "WWW"));
      CHECK_FALSE(has(said, std::string(1000, 'W')));
    }
    const std::filesystem::path evidence = scene.sandbox.path() / ("evidence-" + output);
    const std::string report = read_file(evidence / "report.html");
    is_only_text(report);
    CHECK(has(report, "&lt;script&gt;alert(1)"));
    CHECK_FALSE(has(report, "<script"));
    CHECK_FALSE(has(report, "<img src=x"));
    for (const char* name : {"result.json", "plan.json", "before.json", "after.json", "journal.jsonl"})
      is_only_text(read_file(evidence / name), true);
  }
  CHECK(scene.console.is_invited("acme-data", dana));
}

}  // namespace

}  // namespace offstage::cli_guards_test
