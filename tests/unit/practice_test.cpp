#include "connector/practice.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "error_of.h"

namespace offstage::practice_test {

using connector::load_practice;
using connector::Practice;

namespace {

Json description() {
  return {{"version", 1},
          {"connector", "heroku"},
          {"address", "127.0.0.1:8443"},
          {"hosts", {"id.heroku.com", "api.heroku.com"}},
          {"spki", "aGFzaA=="},
          {"secrets", "secrets"},
          {"pid", ::getpid()}};
}

/// What is said about a practice.json with this content.
Error complaint(const TemporaryFolder& folder, const Json& content) {
  offstage::write_file(folder.path() / "practice.json", content.dump(2));
  return test::error_of([&] { load_practice(folder.path()); });
}

/// The number of a process that has ended.
long ended_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("a practice console is described by its folder or its file", "[practice]") {
  const TemporaryFolder folder;
  offstage::write_file(folder.path() / "practice.json", description().dump());
  for (const auto& named : {folder.path(), folder.path() / "practice.json"}) {
    const Practice practice = load_practice(named);
    CHECK(practice.connector == "heroku");
    CHECK(practice.mapping.address == "127.0.0.1:8443");
    CHECK(practice.mapping.hosts == std::vector<std::string>{"id.heroku.com", "api.heroku.com"});
    CHECK(practice.mapping.spki == "aGFzaA==");
    CHECK(practice.secrets == folder.path() / "secrets");
    CHECK(practice.pid == ::getpid());
  }
}

TEST_CASE("a practice console that was never started is answered with how to start one", "[practice]") {
  const TemporaryFolder folder;
  const Error error = test::error_of([&] { load_practice(folder.path()); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("practice.json does not exist"));
  CHECK_THAT(error.hint(), Catch::Contains("offstage practice"));
}

TEST_CASE("a practice console whose process is gone is answered with how to start one", "[practice]") {
  const TemporaryFolder folder;
  Json gone = description();
  gone["pid"] = ended_process();
  const Error error = complaint(folder, gone);
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("does not run any more"));
  CHECK_THAT(error.hint(), Catch::Contains("offstage practice"));
}

TEST_CASE("a bad practice description is refused with its line", "[practice]") {
  const TemporaryFolder folder;
  Json json = description();
  json["pid"] = -1;
  CHECK_THAT(complaint(folder, json).message(), Catch::Contains("practice.json:") && Catch::Contains("/pid"));
  json = description();
  json["hosts"] = Json::array();
  CHECK_THAT(complaint(folder, json).message(), Catch::Contains("/hosts"));
  json = description();
  json.erase("spki");
  CHECK_THAT(complaint(folder, json).message(), Catch::Contains("spki"));
  json = description();
  json["version"] = 2;
  CHECK_THAT(complaint(folder, json).message(), Catch::Contains("/version"));
}

}  // namespace offstage::practice_test
