#include <csignal>
#include <fcntl.h>
#include <sys/file.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "browser_support.h"
#include "cli_scene.h"

/// What `offstage job` promises to those who wait for it and to whoever keeps it running, as far as that can
/// be told without a browser.
namespace offstage::cli_job_test {

namespace {

using namespace test;

/// A Chrome that is not there: the job ends as `browser`, after everything that comes before Chrome.
const std::vector<std::string> no_browser{"--chrome", "/nonexistent"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string request(const Json& more = Json::object()) {
  Json request{{"version", 1},
               {"connector", "heroku"},
               {"operation", "remove_user"},
               {"targets", {"dana@example.com"}}};
  request.update(more);
  return request.dump();
}

Json result_in(const Sandbox& sandbox, const std::string& file) {
  return Json::parse(read_file(sandbox.path() / file));
}

/// A worker on the folder "inbox" of a sandbox, seen to be waiting.
struct Worker {
  Worker(const CliScene& scene, const std::vector<std::string>& before = {})
      : program(with(before, with(CliScene::words({"job", "--watch", "inbox"}), no_browser)), scene.start()) {
    program.wait_for("waiting for requests");
  }
  Finished end() {
    program.signal(SIGTERM);
    return program.finish();
  }
  Program program;
};

}  // namespace

TEST_CASE("a job whose stdout cannot be written still tells those who wait, and ends as its work did",
          "[cli][job]") {
  const CliScene scene;
  PageServer service;
  service.page("/", "{}");
  const std::string key = scene.sandbox.write("key", "a key of some length").string();
  Start start = scene.start();
  start.input = request();
  start.output_file = "/dev/full";
  const Finished end =
      run_offstage(with({"job", "--request", "-", "--result-file", "result", "--callback-url",
                         service.url("/"), "--secret", "callback=file:" + key},
                        no_browser),
                   start);
  CAPTURE(end.err);
  CHECK(end.exit_code == 69);
  CHECK_THAT(end.err, Catch::Contains("No space left"));
  CHECK(text_of(result_in(scene.sandbox, "result"), "status") == "browser");
  REQUIRE(service.requests().size() == 1);
  CHECK(Json::parse(service.requests().front().body).at("status") == "browser");
}

TEST_CASE("a task of Step Functions is told when the secrets cannot be read", "[cli][job]") {
  const CliScene scene;
  PageServer service;
  service.page("/", "{}");
  Start start = scene.start();
  start.variables["TASK_TOKEN"] = "token-7";
  start.variables["AWS_REGION"] = "eu-north-1";
  start.variables["AWS_ENDPOINT_URL"] = service.url("/");
  start.variables["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  start.variables["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI";
  start.input = request();
  CHECK(run_offstage({"job", "--request", "-", "--secrets", "missing"}, start).exit_code == 64);
  REQUIRE_FALSE(service.requests().empty());
  CHECK(service.requests().back().headers.at("x-amz-target") == "AWSStepFunctions.SendTaskFailure");
}

TEST_CASE("a key for callbacks that cannot be read as one is refused before anything is done", "[cli][job]") {
  const CliScene scene;
  const std::string key = scene.sandbox.write("key", "whsec_no base64").string();
  const Finished end = scene.run({"job", "--request", request(), "--callback-url", "http://127.0.0.1:1/",
                                  "--secret", "callback=file:" + key, "--chrome", "/nonexistent"});
  CHECK(end.exit_code == 64);
  CHECK_THAT(end.err, Catch::Contains("begins with whsec_"));
}

TEST_CASE("on GitHub the result holds no command, in whatever order its two streams are read", "[cli][job]") {
  const CliScene scene;
  Start start = scene.start();
  start.variables["GITHUB_ACTIONS"] = "true";
  const Finished end = run_offstage({"job", "--request", R"({"##[set-output name=x]y": 1})"}, start);
  CHECK(end.exit_code == 64);
  CHECK_THAT(end.out, !Catch::Contains("##["));
  CHECK_THAT(text_of(end.document(), "message"), Catch::Contains("##[set-output name=x]"));
}

TEST_CASE("a worker under nohup does not end with its terminal", "[cli][job]") {
  const CliScene scene;
  scene.sandbox.write("inbox/.keep", "");
  Worker worker(scene, {"/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"});
  worker.program.signal(SIGHUP);
  scene.sandbox.write("inbox/later.json", "{}");
  worker.program.wait_for("later: ");
  CHECK(worker.end().exit_code == 0);
}

TEST_CASE("a worker does not answer that a request is busy, but does it once it is free", "[cli][job]") {
  const CliScene scene;
  const std::string keyed = request({{"idempotency_key", "leaver-7"}});
  CHECK(scene.run(with({"job", "--request", keyed}, no_browser)).exit_code == 69);
  std::vector<FileDescriptor> held;
  for (const auto& entry : std::filesystem::directory_iterator(scene.sandbox.path() / "state/jobs")) {
    held.emplace_back(::open(entry.path().c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(::flock(held.back().get(), LOCK_EX | LOCK_NB) == 0);
  }
  REQUIRE_FALSE(held.empty());
  scene.sandbox.write("inbox/leaver.json", keyed);
  Worker worker(scene);
  worker.program.wait_for("leaver: busy");
  CHECK_FALSE(std::filesystem::exists(scene.sandbox.path() / "inbox/leaver.result.json"));
  held.clear();
  worker.program.wait_for("leaver: the browser that --chrome names");
  CHECK(worker.end().exit_code == 0);
  CHECK(text_of(result_in(scene.sandbox, "inbox/leaver.result.json"), "status") == "browser");
}

TEST_CASE("a request over which three processes died is answered as failed and begun no more", "[cli][job]") {
  const CliScene scene;
  scene.sandbox.write("inbox/leaver.working", request());
  scene.sandbox.write("inbox/.leaver.tries", "+++");
  Worker worker(scene);
  worker.program.wait_for("leaver: ");
  CHECK(worker.end().exit_code == 0);
  const Json result = result_in(scene.sandbox, "inbox/leaver.result.json");
  CHECK(text_of(result, "status") == "internal");
  CHECK_THAT(text_of(result, "hint"), Catch::Contains("reconcile"));
  CHECK(std::filesystem::exists(scene.sandbox.path() / "inbox/leaver.done"));
}

TEST_CASE("a worker says once by name that a request cannot be read", "[cli][job]") {
  const CliScene scene;
  scene.sandbox.write("inbox/.keep", "");
  std::filesystem::create_symlink("loop.json", scene.sandbox.path() / "inbox/loop.json");
  Worker worker(scene);
  worker.program.wait_for("loop.json cannot be read");
  scene.sandbox.write("inbox/other.json", "{}");
  worker.program.wait_for("other: ");
  const std::string told = worker.end().err;
  CHECK(told.find("loop.json cannot be read") == told.rfind("loop.json cannot be read"));
}

}  // namespace offstage::cli_job_test
