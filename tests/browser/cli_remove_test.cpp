#include <catch2/catch.hpp>

#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_remove_test {

namespace {

using namespace test;

TEST_CASE("a plan shows every access of a person and changes nothing", "[cli][remove]") {
  const CliScene scene;
  const Finished end = scene.run({"plan", "user", dana, "--from", "heroku", "-o", "plan.json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  for (const char* place : {"team acme-platform", "team acme-data", "app storefront-api"}) {
    CAPTURE(place);
    CHECK(has(end.out, place));
  }
  CHECK(has(end.out, "3 to remove."));
  CHECK(scene.console.change_log().empty());
  follow_schema(JsonDocument::load(scene.sandbox.path() / "plan.json")->root(), "plan.json");
}

TEST_CASE("a person is removed from three teams, and it is proved", "[cli][remove]") {
  const CliScene scene;
  const Finished end =
      scene.remove({"user", dana, "--from", "heroku"}, {"--reason", "T-1", "--evidence", "kept"});
  CAPTURE(end.err);
  REQUIRE(end.exit_code == 0);
  const Json result = end.document();
  follow_schema(result, "result.json");
  CHECK(result.at("status") == "ok");
  REQUIRE(result.at("actions").size() == 3);
  for (const Json& action : result.at("actions"))
    CHECK(action.at("outcome") == "verified");
  CHECK_FALSE(scene.console.is_member("acme-platform", dana));
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK_FALSE(scene.console.is_collaborator("storefront-api", dana));
  CHECK(scene.console.is_member("acme-platform", "adana.whitfield@example.com"));
  CHECK(scene.console.is_member("acme-platform", "dana.whitfield+test@example.com"));
  CHECK(scene.console.change_log().size() == 3);
  CHECK(std::filesystem::exists(scene.sandbox.path() / "kept/report.html"));
}

TEST_CASE("a second removal says already absent and sends nothing", "[cli][remove]") {
  const CliScene scene;
  const std::vector<std::string> request{"user",   dana,        "--from", "heroku",
                                         "--team", "acme-data", "--team", "acme-retail"};
  REQUIRE(scene.remove(request).exit_code == 0);
  const std::size_t changes = scene.console.change_log().size();
  CHECK(changes == 2);
  std::vector<std::string> again{"remove"};
  again.insert(again.end(), request.begin(), request.end());
  const Finished end = scene.run(again);
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "Nothing to do."));
  CHECK(scene.console.change_log().size() == changes);
}

TEST_CASE("the very same command again, digest and all, says already absent too", "[cli][remove]") {
  const CliScene scene;
  const std::vector<std::string> request{"user", dana, "--from", "heroku", "--team", "acme-data"};
  const std::string digest = scene.digest_of_plan(request);
  const std::vector<std::string> command{"remove", "user",      dana,        "--from", "heroku",
                                         "--team", "acme-data", "--approve", digest};
  REQUIRE(scene.run(command).exit_code == 0);
  CHECK(scene.run(command).exit_code == 0);
  CHECK(scene.console.change_log().size() == 1);
}

TEST_CASE("a removal is narrowed to the team that --team names, and a policy may allow it unattended",
          "[cli][remove]") {
  const CliScene scene;
  const Finished end = scene.remove({"user", dana, "--from", "heroku", "--team", "acme-data"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.document().at("approval").at("how") == "policy");
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK(scene.console.is_member("acme-platform", dana));
}

TEST_CASE("a saved plan is applied once approved by its digest", "[cli][remove]") {
  const CliScene scene;
  const Finished plan = scene.run({"plan", "user", dana, "--from", "heroku", "--team", "acme-data", "-o",
                                   "plan.json", "--output", "json"});
  const std::string digest = plan.document().at("digest");
  const Finished end = scene.run({"apply", "plan.json", "--approve", digest, "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.document().at("approval").at("how") == "digest");
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("a saved plan that no longer holds is refused, saying what is different", "[cli][remove]") {
  const CliScene scene;
  const Finished plan =
      scene.run({"plan", "user", dana, "--from", "heroku", "-o", "plan.json", "--output", "json"});
  const std::string digest = plan.document().at("digest");
  REQUIRE(scene.remove({"user", dana, "--from", "heroku", "--team", "acme-data"}).exit_code == 0);
  const std::size_t changes = scene.console.change_log().size();
  const Finished end = scene.run({"apply", "plan.json", "--approve", digest});
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "acme-data"));
  CHECK(scene.console.change_log().size() == changes);
}

TEST_CASE("a plan whose content was changed after it was made is refused", "[cli][remove]") {
  const CliScene scene;
  REQUIRE(scene.run({"plan", "user", dana, "--from", "heroku", "--team", "acme-data", "-o", "plan.json"})
              .exit_code == 0);
  std::string text = read_file(scene.sandbox.path() / "plan.json");
  for (std::size_t at = text.find(dana); at != std::string::npos; at = text.find(dana, at))
    text.replace(at, dana.size(), "priya.raman@example.com");
  scene.sandbox.write("plan.json", text);
  const Finished end = scene.run({"apply", "plan.json"});
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "digest"));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("without approval nothing is done, and the digest to approve is told", "[cli][remove]") {
  const CliScene scene;
  const Finished end =
      scene.run({"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--output", "json"});
  CHECK(end.exit_code == 4);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("error").at("kind") == "refused");
  CHECK(has(document.at("error").at("hint").get<std::string>(), "--approve"));
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("the digest of another plan approves nothing", "[cli][remove]") {
  const CliScene scene;
  const Finished end = scene.run(
      {"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--approve", std::string(64, 'a')});
  CHECK(end.exit_code == 4);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a person at a terminal sees the plan, types yes, and watches it done", "[cli][remove]") {
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data"}),
                  start);
  program.wait_for("Type yes to remove " + dana);
  CHECK(scene.console.change_log().empty());
  program.type("yes\n");
  const Finished end = program.finish();
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "team acme-data"));
  CHECK(has(end.out, "report.html"));
  CHECK(has(end.err, "signing in"));
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("any other answer at the terminal does nothing", "[cli][remove]") {
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data"}),
                  start);
  program.wait_for("Type yes to remove");
  program.type("y\n");
  CHECK(program.finish().exit_code == 4);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a team is deleted once its name was typed", "[cli][remove]") {
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "team", "acme-scratch", "--from", "heroku"}), start);
  program.wait_for("Type its name to confirm");
  program.type("acme-scratch\n");
  const Finished end = program.finish();
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK_FALSE(scene.console.has_team("acme-scratch"));
}

TEST_CASE("yes is no confirmation for deleting a team", "[cli][remove]") {
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "team", "acme-scratch", "--from", "heroku"}), start);
  program.wait_for("Type its name to confirm");
  program.type("yes\n");
  CHECK(program.finish().exit_code == 4);
  CHECK(scene.console.has_team("acme-scratch"));
}

TEST_CASE("a policy never lets a team be deleted unattended", "[cli][remove]") {
  const CliScene scene;
  scene.sandbox.write("policy.json", R"({"version": 1, "unattended": true})");
  const Finished end =
      scene.run({"remove", "team", "acme-scratch", "--from", "heroku", "--policy", "policy.json"});
  CHECK(end.exit_code == 4);
  CHECK(scene.console.has_team("acme-scratch"));
}

TEST_CASE("a team that is not there needs no deleting, and one of nearly that name is pointed out",
          "[cli][remove]") {
  const CliScene scene;
  const Finished end = scene.run({"plan", "team", "acme-scrach", "--from", "heroku"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "Nothing to do."));
  CHECK(has(end.out, "acme-scratch"));
}

TEST_CASE("plan --detailed-exitcode tells something to do from nothing to do", "[cli][remove]") {
  const CliScene scene;
  CHECK(scene.run({"plan", "user", dana, "--from", "heroku", "--team", "acme-data", "--detailed-exitcode"})
            .exit_code == 2);
  CHECK(scene
            .run({"plan", "user", "nobody@example.com", "--from", "heroku", "--team", "acme-data",
                  "--detailed-exitcode"})
            .exit_code == 0);
}

}  // namespace

}  // namespace offstage::cli_remove_test
