
#include <csignal>
#include <thread>

#include <catch2/catch.hpp>

#include "cli_scene.h"

namespace offstage::cli_exit_codes_test {

/// Each kind of end that a run can come to, and its exit code.
namespace {

using namespace test;

const std::vector<std::string> one_team{"user", dana, "--from", "heroku", "--team", "acme-data"};

/// The kind that the document of a run names: an error's, or a result's.
std::string kind_of(const Finished& end) {
  const Json document = end.document();
  if (!document.contains("error")) {
    follow_schema(document, "result.json");
    return document.at("status");
  }
  follow_schema(document, "output.json");
  return document.at("error").at("kind");
}

Finished list(const CliScene& scene, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"list", "teams", "--from", "heroku", "--output", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return scene.run(arguments);
}

TEST_CASE("no Chrome: 69, and how to install one", "[cli][exit]") {
  const CliScene scene;
  const Finished end = list(scene, {"--chrome", "/nonexistent/chrome"});
  CHECK(end.exit_code == 69);
  CHECK(kind_of(end) == "browser");
  CHECK(end.err.find("/nonexistent/chrome") != std::string::npos);
}

TEST_CASE("a Chrome that ends at once: 69, with its last words", "[cli][exit]") {
  const CliScene scene;
  const auto chrome = scene.sandbox.write("chrome", "#!/bin/sh\necho 'no display, no fun' >&2\nexit 3\n");
  std::filesystem::permissions(chrome, std::filesystem::perms(0755));
  std::filesystem::permissions(scene.sandbox.path(), std::filesystem::perms(0755));
  const Finished end = list(scene, {"--chrome", chrome.string()});
  CHECK(end.exit_code == 69);
  CHECK(end.err.find("no display, no fun") != std::string::npos);
}

TEST_CASE("a Chrome that hangs: 69 when time is up", "[cli][exit]") {
  const CliScene scene;
  const auto chrome = scene.sandbox.write("chrome", "#!/bin/sh\nexec sleep 1000\n");
  std::filesystem::permissions(chrome, std::filesystem::perms(0755));
  std::filesystem::permissions(scene.sandbox.path(), std::filesystem::perms(0755));
  const Finished end = list(scene, {"--chrome", chrome.string(), "--timeout", "3s"});
  CHECK(end.exit_code == 69);
}

TEST_CASE("a console that is not as the scripts expect: 70", "[cli][exit]") {
  const CliScene scene({"total-lies"});
  const Finished end =
      scene.run({"list", "access", "--from", "heroku", "--team", "acme-platform", "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 70);
  CHECK(kind_of(end) == "drift");
}

TEST_CASE("a console under maintenance: 75, in its own words", "[cli][exit]") {
  const CliScene scene({"maintenance"});
  const Finished end = list(scene);
  CAPTURE(end.err);
  CHECK(end.exit_code == 75);
  CHECK(end.err.find("maintenance") != std::string::npos);
}

TEST_CASE("a console that says 503: 75", "[cli][exit]") {
  const CliScene scene({"id-unavailable"});
  const Finished end = list(scene);
  CAPTURE(end.err);
  CHECK(end.exit_code == 75);
  CHECK(kind_of(end) == "unreachable");
}

TEST_CASE("a console that cannot be reached at all: 75", "[cli][exit]") {
  const CliScene scene;
  std::string description = read_file(scene.console.description_file());
  const std::string address = scene.console.address();
  description.replace(description.find(address), address.size(), "127.0.0.1:1");
  const auto file = scene.sandbox.write("practice.json", description);
  const Finished end = list(scene, {"--practice", file.string(), "--timeout", "60s"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 75);
}

TEST_CASE("a console that says 429: 76", "[cli][exit]") {
  const CliScene scene({"too-many-requests"});
  const Finished end = list(scene);
  CAPTURE(end.err);
  CHECK(end.exit_code == 76);
  CHECK(kind_of(end) == "busy");
}

TEST_CASE("a wrong password: 77", "[cli][exit]") {
  const CliScene scene;
  const auto wrong = scene.sandbox.write("password", "not the password\n");
  const Finished end = list(scene, {"--secret", "password=file:" + wrong.string()});
  CAPTURE(end.err);
  CHECK(end.exit_code == 77);
  CHECK(kind_of(end) == "human");
  CHECK(end.err.find("not the password") == std::string::npos);
}

TEST_CASE("an account that must enrol for MFA first: 77", "[cli][exit]") {
  const CliScene scene({"mfa=enrol"});
  const Finished end = list(scene);
  CAPTURE(end.err);
  CHECK(end.exit_code == 77);
}

TEST_CASE("a session that ends midway is begun again", "[cli][exit]") {
  const CliScene scene({"session-ends-after=6"});
  const Finished end = scene.run({"list", "access", "--from", "heroku", "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.err.find("has ended: signing in again") != std::string::npos);
  // Every session ends so soon that a later one may be over within one listing, which is not tried for ever.
  CHECK((end.exit_code == 0 || end.exit_code == 75));
}

TEST_CASE("a removal that is answered with 402 is not done, and not taken for done", "[cli][exit]") {
  const CliScene scene({"remove-status=402"});
  const Finished end = scene.remove(one_team);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 4);
  CHECK(kind_of(end) == "refused");
  CHECK(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("a removal that is answered with 429: 76", "[cli][exit]") {
  const CliScene scene({"remove-status=429"});
  const Finished end = scene.remove(one_team);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 76);
  CHECK(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("one verified and one not: 3", "[cli][exit]") {
  CliScene scene;
  const std::vector<std::string> both{"user",   dana,        "--from", "heroku",
                                      "--team", "acme-data", "--team", "acme-platform"};
  // The first removal is refused by the console, later ones go through.
  scene.console.set_fault("remove-status", "402:1");
  const Finished end = scene.remove(both);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 3);
  CHECK(kind_of(end) == "partial");
}

TEST_CASE("an answer that never comes is settled by looking: still there, so nothing is claimed",
          "[cli][exit]") {
  const CliScene scene({"remove-silent"});
  const Finished end = scene.remove(one_team);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 71);
  CHECK(kind_of(end) == "unknown");
  CHECK(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("an answer that was lost is settled by looking: gone, so verified", "[cli][exit]") {
  const CliScene scene({"delete-answer-lost"});
  const Finished end = scene.remove(one_team);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 0);
  CHECK(scene.console.change_log().size() == 1);
}

TEST_CASE("a second run on the same account while one is at work: 76", "[cli][exit]") {
  CliScene scene({"rows-lag=20"});
  Program first(CliScene::words(scene.removal(one_team)), scene.start());
  first.wait_for("waiting for");
  const Finished second = scene.remove({"user", dana, "--from", "heroku", "--team", "acme-platform"});
  CAPTURE(second.err);
  CHECK(second.exit_code == 76);
  CHECK(scene.console.is_member("acme-platform", dana));
  scene.console.set_fault("rows-lag", std::nullopt);
  first.signal(SIGTERM);
  first.finish();
}

TEST_CASE("SIGINT ends a run with 130, and nothing was changed", "[cli][exit]") {
  const CliScene scene({"api-silent"});
  Program program(CliScene::words({"list", "teams", "--from", "heroku", "--output", "json"}), scene.start());
  program.wait_for("signing in");
  program.signal(SIGINT);
  const Finished end = program.finish();
  CHECK(end.exit_code == 130);
  CHECK(kind_of(end) == "interrupted");
}

TEST_CASE("SIGTERM ends a run with 143", "[cli][exit]") {
  const CliScene scene({"api-silent"});
  Program program(CliScene::words({"list", "teams", "--from", "heroku", "--output", "json"}), scene.start());
  program.wait_for("signing in");
  program.signal(SIGTERM);
  const Finished end = program.finish();
  CHECK(end.exit_code == 143);
  CHECK(kind_of(end) == "terminated");
}

TEST_CASE("a second signal ends a program that cannot stop by itself", "[cli][exit]") {
  const CliScene scene;
  const std::string marker = (scene.sandbox.path() / "asked").string();
  Program program(CliScene::words({"list", "teams", "--from", "heroku", "--secret",
                                   "password=command:touch " + marker + "; exec sleep 5 2>&-"}),
                  scene.start());
  const Deadline deadline = Deadline::in(Milliseconds(20'000));
  while (!std::filesystem::exists(marker) && !deadline.passed())
    std::this_thread::sleep_for(Milliseconds(10));
  REQUIRE(std::filesystem::exists(marker));
  program.signal(SIGINT);
  program.signal(SIGTERM);  // another one: two of a kind may be delivered as one
  const Clock::time_point asked = Clock::now();
  CHECK(program.finish().exit_code == 143);
  CHECK(Clock::now() - asked < Milliseconds(4'000));
}

TEST_CASE("SIGINT at the question ends with 130", "[cli][exit]") {
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data"}),
                  start);
  program.wait_for("Type yes");
  program.signal(SIGINT);
  CHECK(program.finish().exit_code == 130);
  CHECK(scene.console.change_log().empty());
}

}  // namespace

}  // namespace offstage::cli_exit_codes_test
