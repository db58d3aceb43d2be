#include <algorithm>
#include <csignal>
#include <thread>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/text.h"
#include "browser_support.h"
#include "cli_scene.h"

/// offstage job: one request of another program, done whole, and told in the places where workflow tools
/// look.
namespace offstage::cli_job_test {

namespace {

using namespace test;

const std::string paula = "paula.jimenez@example.com";

/// A scene with a folder of its own for what jobs remember.
struct JobScene : CliScene {
  explicit JobScene(const std::vector<std::string>& faults = {}) : CliScene(faults) {}

  Json request(const Json& targets, const Json& more = Json::object()) const {
    Json request{{"version", 1},
                 {"connector", "heroku"},
                 {"operation", "remove_user"},
                 {"targets", targets},
                 {"teams", {"acme-data", "acme-solo"}},
                 {"policy", {{"version", 1}, {"unattended", true}, {"limits", {{"share", 1}}}}}};
    request.update(more);
    return request;
  }
  Finished job(const Json& request, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"job", "--request", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, request.dump());
  }
};

/// The result: the last line of stdout, held against its schema.
Json result_of(const Finished& finished) {
  const std::vector<std::string> lines = split(trimmed(finished.out), '\n');
  Json result = Json::parse(lines.back());
  follow_schema(result, "job-result.json");
  CHECK(integer_of(result, "exit_code") == finished.exit_code);
  return result;
}

std::vector<std::string> outcomes_of(const Json& result) {
  std::vector<std::string> list;
  for (const Json& target : result.at("targets"))
    list.push_back(text_of(target, "outcome"));
  return list;
}

using Outcomes = std::vector<std::string>;

TEST_CASE("a job removes many people by one listing of each team, and tells what became of each",
          "[cli][job]") {
  JobScene scene;
  const Finished done = scene.job(scene.request({dana, paula, "nobody@example.com"}, {{"reason", "HR-7"}}),
                                  {"--result-file", "result"});
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  const Json result = result_of(done);
  CHECK(outcomes_of(result) == Outcomes{"verified", "verified", "already_absent"});
  CHECK(result.at("listings") == 2);
  CHECK(scene.console.change_log().size() == 2);
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK_FALSE(scene.console.is_member("acme-solo", paula));
  CHECK(read_file(scene.sandbox.path() / "result") == done.out);
}

TEST_CASE("the same request with the same key gets the first result, and nothing is looked at again",
          "[cli][job]") {
  JobScene scene;
  const Json request = scene.request({dana}, {{"idempotency_key", "leaver-7"}});
  const Json first = result_of(scene.job(request));
  CHECK(outcomes_of(first) == Outcomes{"verified"});
  const std::size_t passwords = scene.console.password_count();
  CHECK(result_of(scene.job(request)) == first);
  CHECK(scene.console.password_count() == passwords);
  const Finished other = scene.job(scene.request({paula}, {{"idempotency_key", "leaver-7"}}));
  CHECK(other.exit_code == 64);
  CHECK_THAT(other.err, Catch::Contains("another request"));
  CHECK(scene.console.change_log().size() == 1);
}

TEST_CASE("a plan by one job is approved by its digest in the next", "[cli][job]") {
  JobScene scene;
  Json request = scene.request({dana}, {{"mode", "plan"}});
  request.erase("policy");
  const Json plan = result_of(scene.job(request));
  CHECK(outcomes_of(plan) == Outcomes{"planned"});
  request["mode"] = "apply";
  const Finished unapproved = scene.job(request);
  CHECK(unapproved.exit_code == 4);
  CHECK(outcomes_of(result_of(unapproved)) == Outcomes{"not_tried"});
  CHECK(scene.console.change_log().empty());
  request["approval"] = {{"digest", plan.at("plan")}};
  CHECK(outcomes_of(result_of(scene.job(request))) == Outcomes{"verified"});
}

TEST_CASE("a bad request is refused before Chrome starts", "[cli][job]") {
  JobScene scene;
  const Finished bad = scene.job(scene.request({dana, "dana"}), {"--chrome", "/nonexistent"});
  CHECK(bad.exit_code == 64);
  CHECK_THAT(text_of(result_of(bad), "message"), Catch::Contains("/targets/1"));
  const Finished unsigned_one = scene.job(
      scene.request({dana}, {{"callback", {{"url", "http://127.0.0.1:1/"}}}}), {"--chrome", "/nonexistent"});
  CHECK(unsigned_one.exit_code == 64);
  CHECK_THAT(unsigned_one.err, Catch::Contains("callback="));
  Start start = scene.start();
  start.variables["OFFSTAGE_REQUEST"] = R"({"version": 2})";
  const Finished from_variable = run_offstage({"job"}, start);
  CHECK(from_variable.exit_code == 64);
  CHECK_THAT(from_variable.err, Catch::Contains("the request:1: /version"));
  const Finished nothing = scene.run({"job", "--request", "missing.json"});
  CHECK(nothing.exit_code == 64);
  CHECK(text_of(result_of(nothing), "status") == "usage");
  const Finished one_folder = scene.run({"job", "--watch", ".", "--evidence", "evidence"});
  CHECK(one_folder.exit_code == 64);
  CHECK_THAT(one_folder.err, Catch::Contains("--evidence names the folder of one run"));
}

TEST_CASE("on GitHub no text of a page is a command, and outputs and summary are written", "[cli][job]") {
  JobScene scene({"hostile-names"});
  Start start = scene.start();
  start.variables["GITHUB_ACTIONS"] = "true";
  start.variables["GITHUB_OUTPUT"] = (scene.sandbox.path() / "output").string();
  start.variables["GITHUB_STEP_SUMMARY"] = (scene.sandbox.path() / "summary").string();
  scene.sandbox.write("request.json", scene.request({dana}).dump());
  Program program(CliScene::words({"job", "--request", "request.json", "--verbose"}), start);
  const Finished done = program.finish();
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  const std::vector<std::string> lines = split(trimmed(done.err), '\n');
  REQUIRE(lines.front().starts_with("::stop-commands::"));
  CHECK(lines.back() == "::" + lines.front().substr(17) + "::");
  CHECK_THAT(read_file(scene.sandbox.path() / "output"), Catch::Contains("status<<"));
  CHECK_THAT(read_file(scene.sandbox.path() / "summary"), Catch::Contains("| verified |"));
}

TEST_CASE("on GitHub what a console says is no command, no output and no HTML", "[cli][job]") {
  JobScene scene({"hostile-words", "remove-status=403"});
  Start start = scene.start();
  start.variables["GITHUB_ACTIONS"] = "true";
  start.variables["GITHUB_OUTPUT"] = (scene.sandbox.path() / "output").string();
  start.variables["GITHUB_STEP_SUMMARY"] = (scene.sandbox.path() / "summary").string();
  start.input = scene.request({dana}).dump();
  const Finished done = run_offstage({"job", "--request", "-", "--verbose"}, start);
  CAPTURE(done.out, done.err);
  CHECK(done.exit_code == 4);
  CHECK_THAT(text_of(result_of(done).at("targets").at(0), "text"), Catch::Contains("ALL CLEAR"));
  CHECK(live_parts(done.out).empty());
  std::string end;
  for (const std::string& line : split(trimmed(done.err), '\n')) {
    const bool is_ours =
        line.starts_with("::stop-commands::") || line == end || line.starts_with("::error title=Offstage::");
    if (line.starts_with("::stop-commands::")) end = "::" + line.substr(17) + "::";
    CHECK((is_ours || live_parts(line).empty()));
    CHECK(marks_in(line).empty());
  }
  const std::vector<std::string> outputs = split(trimmed(read_file(scene.sandbox.path() / "output")), '\n');
  for (std::size_t at = 0; at < outputs.size(); at += 3) {
    REQUIRE(outputs.size() >= at + 3);
    CHECK(outputs[at] == outputs[at].substr(0, outputs[at].find("<<") + 2) + outputs[at + 2]);
    CHECK(live_parts(outputs[at + 1]).empty());
    CHECK(marks_in(outputs[at + 1]).empty());
  }
  const std::string summary = read_file(scene.sandbox.path() / "summary");
  CHECK_THAT(summary, Catch::Contains("ALL CLEAR"));
  CHECK(live_parts(summary).empty());
  CHECK(marks_in(summary).empty());
  CHECK(summary.find(std::string(1000, 'W')) == std::string::npos);
  CHECK(summary.find_first_of("<>`") == std::string::npos);
}

TEST_CASE("a GitHub action's inputs are options, and a request may be the JSON itself", "[cli][job]") {
  JobScene scene;
  Start start = scene.start();
  start.variables["INPUT_REQUEST"] = scene.request({dana}, {{"mode", "plan"}}).dump();
  start.variables["INPUT_POLICY"] = "";
  start.variables["INPUT_RESULT-FILE"] = "result";
  const Finished elsewhere = run_offstage({"job"}, start);
  CHECK(elsewhere.exit_code == 64);
  start.variables["GITHUB_ACTIONS"] = "true";
  const Finished done = run_offstage({"job"}, start);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(outcomes_of(result_of(done)) == Outcomes{"planned"});
  CHECK(read_file(scene.sandbox.path() / "result") == done.out);
}

TEST_CASE("whoever waits for a job hears that it is alive, and what it does", "[cli][job]") {
  JobScene scene;
  scene.sandbox.write("request.json", scene.request({dana}).dump());
  const std::vector<std::string> words =
      CliScene::words({"job", "--request", "request.json", "--heartbeat-fd", "7"});
  std::vector<std::string> shell{"/bin/sh", "-c", "exec \"$@\" 7>beats", "sh"};
  shell.insert(shell.end(), words.begin(), words.end());
  Program program(shell, scene.start());
  const Finished done = program.finish();
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  const std::vector<std::string> beats = split(trimmed(read_file(scene.sandbox.path() / "beats")), '\n');
  // The first one comes at once: before, or just after, the run has said what it does.
  const std::string doing = Json::parse(beats.front()).at("doing");
  CHECK((doing == "starting" || doing == "signing in to Heroku"));
}

TEST_CASE("a task of Step Functions is told the result, and a failure by its kind", "[cli][job]") {
  JobScene scene;
  PageServer service;
  service.page("/", "{}");
  Start start = scene.start();
  start.variables["TASK_TOKEN"] = "token-7";
  start.variables["AWS_REGION"] = "eu-north-1";
  start.variables["AWS_ENDPOINT_URL"] = service.url("/");
  start.variables["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  start.variables["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI";
  const auto last_target = [&] { return service.requests().back().headers.at("x-amz-target"); };
  start.input = scene.request({dana}).dump();
  const Finished done = run_offstage({"job", "--request", "-"}, start);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(service.requests().front().headers.at("x-amz-target") == "AWSStepFunctions.SendTaskHeartbeat");
  CHECK(last_target() == "AWSStepFunctions.SendTaskSuccess");
  start.input = "{}";
  CHECK(run_offstage({"job", "--request", "-"}, start).exit_code == 64);
  CHECK(last_target() == "AWSStepFunctions.SendTaskFailure");
  CHECK(Json::parse(service.requests().back().body).at("error") == "Offstage.usage");
}

TEST_CASE("a worker tells whoever waits at the address that a request names", "[cli][job]") {
  JobScene scene;
  PageServer service;
  service.page("/resume", "{}");
  const std::string key = scene.sandbox.write("key", "a key of some length").string();
  scene.sandbox.write(
      "inbox/leaver.json",
      scene.request({dana}, {{"callback", {{"url", service.url("/resume?signature=7")}}}}).dump());
  Program worker(CliScene::words({"job", "--watch", "inbox", "--secret", "callback=file:" + key}),
                 scene.start());
  worker.wait_for("leaver: ");
  worker.signal(SIGTERM);
  CHECK(worker.finish().exit_code == 0);
  REQUIRE(service.requests().size() == 1);
  CHECK(outcomes_of(Json::parse(service.requests().front().body)) == Outcomes{"verified"});
}

TEST_CASE(
    "an address that Offstage was told hears of a request that cannot be read, and of one that was ended",
    "[cli][job]") {
  JobScene scene;
  PageServer service;
  service.page("/", "{}");
  const std::string key = scene.sandbox.write("key", "a key of some length").string();
  const std::vector<std::string> words{
      "job", "--request", "-", "--callback-url", service.url("/"), "--secret", "callback=file:" + key};
  CHECK(scene.run(words, "{").exit_code == 64);
  REQUIRE(service.requests().size() == 1);
  CHECK(Json::parse(service.requests().back().body).at("status") == "usage");
  Start start = scene.start();
  start.input = scene.request({dana}).dump();
  Program program(CliScene::words(words), start);
  program.wait_for("signed in");
  program.signal(SIGTERM);
  CHECK(program.finish().exit_code == 143);
  REQUIRE(service.requests().size() == 2);
  CHECK(Json::parse(service.requests().back().body).at("status") == "terminated");
  CHECK(scene.run({"job", "--request", "-", "--callback-url", "ftp://x"}, "{}").exit_code == 64);
}

TEST_CASE("two workers on one folder do each request once", "[cli][job]") {
  JobScene scene;
  const std::vector<std::string> people{dana, paula, "nobody@example.com", "none@example.com"};
  for (const std::string& who : people)
    scene.sandbox.write("inbox/" + who + ".json", scene.request({who}, {{"mode", "plan"}}).dump());
  const std::vector<std::string> words = CliScene::words({"job", "--watch", "inbox"});
  Program first(words, scene.start());
  Program second(words, scene.start());
  const std::filesystem::path inbox = scene.sandbox.path() / "inbox";
  const auto done = [&](const std::string& who) { return std::filesystem::exists(inbox / (who + ".done")); };
  const Deadline deadline = Deadline::in(Milliseconds(120'000));
  while (!std::all_of(people.begin(), people.end(), done) && !deadline.passed())
    std::this_thread::sleep_for(Milliseconds(50));
  first.signal(SIGTERM);
  second.signal(SIGTERM);
  const std::string told = first.finish().err + second.finish().err;
  CAPTURE(told);
  for (const std::string& who : people) {
    const std::string begun = "doing " + who;
    CHECK(told.find(begun) != std::string::npos);
    CHECK(told.find(begun) == told.rfind(begun));
    CHECK(Json::parse(read_file(inbox / (who + ".result.json"))).at("status") == "ok");
  }
}

TEST_CASE("a worker does what is put into its folder, says when it is ready, and ends when it is told to",
          "[cli][job]") {
  JobScene scene;
  scene.sandbox.write("inbox/.keep", "");
  Program worker(CliScene::words({"job", "--watch", "inbox", "--ready-file", "ready"}), scene.start());
  worker.wait_for("waiting for requests");
  CHECK(std::filesystem::exists(scene.sandbox.path() / "ready"));
  scene.sandbox.write("inbox/bad.json", "{}");
  worker.wait_for("bad: ");
  scene.sandbox.write("inbox/leaver.json", scene.request({dana}).dump());
  worker.wait_for("leaver: ");
  const std::string inbox = (scene.sandbox.path() / "inbox").string();
  CHECK(Json::parse(read_file(inbox + "/bad.result.json")).at("status") == "usage");
  const Json result = Json::parse(read_file(inbox + "/leaver.result.json"));
  CHECK(outcomes_of(result) == Outcomes{"verified"});
  CHECK(std::filesystem::exists(inbox + "/leaver.done"));
  worker.signal(SIGTERM);
  CHECK(worker.finish().exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(scene.sandbox.path() / "ready"));
}

}  // namespace

}  // namespace offstage::cli_job_test
