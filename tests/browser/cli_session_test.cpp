#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "cli_scene.h"
#include "has.h"

/// --session: a signed-in session that outlives its run, sealed.
namespace offstage::cli_session_test {

namespace {

using namespace test;

/// A scene whose runs keep their session.
struct KeepingScene : CliScene {
  KeepingScene() {
    sandbox.write("key", std::string(64, 'k') + "\n");
    sandbox.write("other-key", std::string(64, 'o') + "\n");
  }
  Finished list(const std::string& key = "key") const {
    return run({"list", "teams", "--from", "heroku", "--session", "kept", "--session-key", "file:" + key});
  }
  std::filesystem::path file() const { return sandbox.path() / "kept"; }
};

TEST_CASE("a second run with a kept session types no password, and removes all the same", "[cli][session]") {
  KeepingScene scene;
  const Finished first = scene.list();
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(scene.console.password_count() == 1);
  const std::string kept = read_file(scene.file());
  CHECK_FALSE(has(kept, "identity-session"));
  struct stat facts {};
  REQUIRE(::stat(scene.file().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);

  const Finished second = scene.remove({"user", dana, "--from", "heroku", "--team", "acme-data"},
                                       {"--session", "kept", "--session-key", "command:cat key"});
  CAPTURE(second.err);
  CHECK(second.exit_code == 0);
  CHECK(scene.console.password_count() == 1);
  CHECK_FALSE(scene.console.is_invited("acme-data", dana));
  CHECK(read_file(scene.file()) != kept);
}

TEST_CASE("a kept session that was changed or has another key costs a warning and a sign-in",
          "[cli][session]") {
  KeepingScene scene;
  REQUIRE(scene.list().exit_code == 0);
  std::string kept = read_file(scene.file());
  kept.back() = static_cast<char>(kept.back() ^ 1);
  write_file(scene.file(), kept);
  const Finished changed = scene.list();
  CAPTURE(changed.err);
  CHECK(changed.exit_code == 0);
  CHECK(has(changed.err, "it was changed or cut"));
  CHECK(scene.console.password_count() == 2);
  const Finished other = scene.list("other-key");
  CHECK(other.exit_code == 0);
  CHECK(has(other.err, "its key is another one"));
  CHECK(scene.console.password_count() == 3);
}

TEST_CASE("a kept session that the console has ended is replaced", "[cli][session]") {
  KeepingScene scene;
  REQUIRE(scene.list().exit_code == 0);
  scene.console.reset();
  const Finished again = scene.list();
  CAPTURE(again.err);
  CHECK(again.exit_code == 0);
  CHECK(scene.console.password_count() == 1);  // since the reset
}

TEST_CASE("after a sign-in that failed no session is left", "[cli][session]") {
  KeepingScene scene;
  REQUIRE(scene.list().exit_code == 0);
  scene.console.reset();
  scene.console.set_fault("account-suspended", "on");
  CHECK(scene.list().exit_code == 77);
  CHECK_FALSE(std::filesystem::exists(scene.file()));
}

TEST_CASE("a worker keeps its session by a key that came through a descriptor, from job to job",
          "[cli][session]") {
  const KeepingScene scene;
  const Json request{{"version", 1},
                     {"connector", "heroku"},
                     {"operation", "remove_user"},
                     {"mode", "plan"},
                     {"targets", {dana}}};
  scene.sandbox.write("inbox/.keep", "");
  Program worker(
      {"/bin/sh", "-c", "exec 3<key; exec \"$0\" job --watch inbox --session kept --session-key fd:3",
       CliScene::words({}).front()},
      scene.start());
  for (const std::string name : {"first", "second"}) {
    scene.sandbox.write("inbox/" + name + ".json", request.dump());
    worker.wait_for(name + ": ");
    const Json result = Json::parse(read_file(scene.sandbox.path() / ("inbox/" + name + ".result.json")));
    CAPTURE(result.dump());
    CHECK(result.at("exit_code") == 0);
  }
  CHECK(scene.console.password_count() == 1);
  worker.signal(SIGTERM);
  CHECK(worker.finish().exit_code == 0);
}

TEST_CASE("without --session nothing is kept", "[cli][session]") {
  const CliScene scene;
  REQUIRE(scene.run({"list", "teams", "--from", "heroku"}).exit_code == 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scene.sandbox.path()))
    CHECK(entry.is_directory());
}

TEST_CASE("--session without a key, or with a bad one, is an error of usage", "[cli][session]") {
  const KeepingScene scene;
  scene.sandbox.write("short", "hunter2");
  const std::vector<std::string> list{"list", "teams", "--from", "heroku", "--session", "kept"};
  const auto with = [&](const std::string& key) {
    std::vector<std::string> all = list;
    all.insert(all.end(), {"--session-key", key});
    return scene.run(all);
  };
  const Finished none = scene.run(list);
  CHECK(none.exit_code == 64);
  CHECK(has(none.err, "--session-key file:PATH"));
  CHECK(with("file:short").exit_code == 64);
  CHECK(with("file:nowhere").exit_code == 64);
  const Finished itself = with("hunter22hunter22hunter22hunter22");
  CHECK(itself.exit_code == 64);
  CHECK_FALSE(has(itself.err, "hunter22"));
  CHECK(scene.console.request_count() == 0);
}

}  // namespace

}  // namespace offstage::cli_session_test
