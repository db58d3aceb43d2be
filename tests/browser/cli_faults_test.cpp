#include <csignal>
#include <thread>

#include <catch2/catch.hpp>

#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_faults_test {

namespace {

using namespace test;

const std::vector<std::string> request{"user", dana, "--from", "heroku", "--team", "acme-data"};

/// Starts a removal that a person approved, and kills it the moment that it is about to act.
void cut_off(const CliScene& scene) {
  std::vector<std::string> words = CliScene::words({"remove"});
  words.insert(words.end(), request.begin(), request.end());
  words.insert(words.end(), {"--approve", scene.digest_of_plan(request), "--output", "json"});
  Program run(words, scene.start());
  run.wait_for("removing");
  run.signal(SIGKILL);
  CHECK(run.finish().exit_code == 128 + SIGKILL);
}

/// Waits until the console was asked to change something.
void wait_for_change(const CliScene& scene) {
  const Deadline deadline = Deadline::in(Milliseconds(60'000));
  while (scene.console.change_log().empty() && !deadline.passed())
    std::this_thread::sleep_for(Milliseconds(10));
  REQUIRE_FALSE(scene.console.change_log().empty());
}

}  // namespace

TEST_CASE("of two runs started at the same instant one removes, the other is busy or finds it done",
          "[cli][faults]") {
  const CliScene scene;
  const std::vector<std::string> words = CliScene::words(scene.removal(request));
  Program first(words, scene.start());
  Program second(words, scene.start());
  const Finished one = first.finish();
  const Finished other = second.finish();
  CAPTURE(one.err, other.err);
  constexpr int busy = 76;
  CHECK((one.exit_code == 0 || other.exit_code == 0));
  for (const Finished& run : {one, other})
    CHECK((run.exit_code == 0 || run.exit_code == busy));
  CHECK(scene.console.change_log().size() == 1);
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
}

TEST_CASE("a run that was killed is resumed without being asked about the same plan again", "[cli][faults]") {
  const CliScene scene;
  cut_off(scene);
  const Finished end = scene.run({"resume", "--from", "heroku"});
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "Resuming: remove " + dana));
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK(scene.console.change_log().size() == 1);
  const Finished again = scene.run({"resume", "--from", "heroku", "--output", "json"});
  CHECK(again.exit_code == 0);
  follow_schema(again.document(), "output.json");
}

TEST_CASE("the same apply of the same digest, into the same folder, finishes what SIGTERM cut off",
          "[cli][faults]") {
  const CliScene scene;
  const Finished plan =
      scene.run({"plan", "user", dana, "--from", "heroku", "-o", "plan.json", "--output", "json"});
  const std::string digest = plan.document().at("digest");
  const std::size_t actions = plan.document().at("actions").size();
  REQUIRE(actions > 1);
  const std::vector<std::string> apply{"apply",      "plan.json", "--approve", digest,
                                       "--evidence", "evidence",  "--output",  "json"};
  Program first(CliScene::words(apply), scene.start());
  wait_for_change(scene);
  first.signal(SIGTERM);
  const Finished cut_off = first.finish();
  CAPTURE(cut_off.err);
  CHECK(cut_off.exit_code == 143);
  REQUIRE(scene.console.change_log().size() < actions);

  const Finished second = scene.run(apply);
  CAPTURE(second.err);
  CHECK(second.exit_code == 0);
  CHECK(second.document().at("approval").at("rest_of") == digest);
  CHECK(scene.console.change_log().size() == actions);
  CHECK(scene.run(apply).exit_code == 0);
  CHECK(scene.console.change_log().size() == actions);
}

TEST_CASE("SIGTERM while the console is silent about a commit ends the run in seconds, as unknown",
          "[cli][faults]") {
  const CliScene scene({"remove-silent"});
  Program program(CliScene::words(scene.removal(request)), scene.start());
  wait_for_change(scene);
  program.signal(SIGTERM);
  const Clock::time_point asked = Clock::now();
  CHECK(program.finish().exit_code == 71);
  // Without the signal it waits half a minute for the answer, and another for the console to show it.
  CHECK(Clock::now() - asked < Milliseconds(25'000));
}

TEST_CASE("a run that was cut off is not taken up on another console", "[cli][faults]") {
  const CliScene scene;
  cut_off(scene);
  const PracticeConsole other;
  Start start = scene.start();
  start.variables["OFFSTAGE_PRACTICE"] = other.description_file().string();
  const Finished end = Program(CliScene::words({"resume", "--from", "heroku"}), start).finish();
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "Nothing to resume"));
  CHECK(other.change_log().empty());
}

TEST_CASE("journals are shown and verified, and a changed line is found", "[cli][faults]") {
  const CliScene scene;
  REQUIRE(scene.remove(request, {"--evidence", "kept"}).exit_code == 0);
  const Finished whole = scene.run({"journal", "verify"});
  CHECK(whole.exit_code == 0);
  CHECK(has(whole.out, "whole"));
  const Finished shown = scene.run({"journal", "show", "kept", "--output", "json"});
  CHECK(shown.exit_code == 0);
  follow_schema(shown.document(), "output.json");
  CHECK(has(scene.run({"journal", "show", "kept"}).out, "verified"));

  std::string text = read_file(scene.sandbox.path() / "kept/journal.jsonl");
  text.replace(text.find("acme-data"), 9, "acme-labs");
  scene.sandbox.write("changed.jsonl", text);
  const Finished changed = scene.run({"journal", "verify", "changed.jsonl"});
  CHECK(changed.exit_code == 1);
  CHECK(has(changed.out, "changed.jsonl:"));
  follow_schema(scene.run({"journal", "verify", "changed.jsonl", "--output", "json"}).document(),
                "output.json");
}

TEST_CASE("what a run left unknown is settled by looking, and nothing is changed by it", "[cli][faults]") {
  CliScene scene({"remove-silent"});
  const Finished lost = scene.remove(request, {"--timeout", "100s"});
  CAPTURE(lost.err);
  REQUIRE(lost.exit_code == 71);
  scene.console.set_fault("remove-silent", std::nullopt);
  const std::size_t sent = scene.console.change_log().size();
  const Finished end = scene.run({"reconcile", "--from", "heroku", "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("settled").size() == 1);
  CHECK(scene.console.change_log().size() == sent);
  CHECK(scene.run({"reconcile", "--from", "heroku"}).out.find("Nothing to settle") != std::string::npos);
}

TEST_CASE(
    "a console that goes into maintenance before the removal can be seen leaves it unknown until it is back",
    "[cli][faults]") {
  CliScene scene({"maintenance-after-removal"});
  const Finished lost = scene.remove(request, {"--timeout", "60s"});
  CAPTURE(lost.err);
  CHECK(lost.exit_code == 71);
  CHECK(has(lost.err, "maintenance"));
  CHECK(scene.run({"reconcile", "--from", "heroku"}).exit_code == 75);
  scene.console.set_fault("maintenance", std::nullopt);
  const Finished end = scene.run({"reconcile", "--from", "heroku", "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.document().at("settled").size() == 1);
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK(scene.console.change_log().size() == 1);
}

}  // namespace offstage::cli_faults_test
