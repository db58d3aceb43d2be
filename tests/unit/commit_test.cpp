#include "offboarding/commit.h"

#include <catch2/catch.hpp>

#include "fake_console.h"
#include "memory_folder.h"

namespace offstage::commit_test {

using namespace offboarding;
using Report = script::CommitReport;

namespace {

/// One action, watched.
struct Watching {
  TemporaryFolder folder = test::memory_folder();
  test::FakeConsole console = test::console_with_bob();
  Progress silent;
  std::stop_source stop;
  Evidence evidence{folder.path() / "evidence"};
  Journal journal{"r1", {folder.path() / "journal"}};
  Action action;
  script::CommitIntent intent{"remove.json", "sha256:0", "/steps/1", "bob@example.com", "DELETE", {}};
  std::optional<CommitWatch> watch;

  Watching() {
    action.id = "a1";
    action.grant = console.rows["id-acme"].back();
    action.resource = action.grant->resource;
    watch.emplace(action, console, journal, evidence, silent, stop.get_token());
  }

  void reported(Report::Outcome outcome, int status) {
    Report report;
    report.outcome = outcome;
    report.status = status;
    watch->commit_reported(intent, report);
  }

  bool accepts() {
    try {
      watch->commit_intended(intent);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  long intents() const {
    return std::count_if(journal.entries().begin(), journal.entries().end(),
                         [](const Entry& entry) { return entry.event == Event::intent; });
  }
};

}  // namespace

TEST_CASE("a second commit in one run is refused unless the first had no effect", "[commit]") {
  Watching watching;
  REQUIRE(watching.accepts());
  SECTION("nothing is known of it") {
    CHECK_FALSE(watching.accepts());
  }
  SECTION("done") {
    watching.reported(Report::Outcome::done, 200);
    CHECK_FALSE(watching.accepts());
  }
  SECTION("lost") {
    watching.reported(Report::Outcome::lost, 0);
    CHECK_FALSE(watching.accepts());
  }
  SECTION("the console failed") {
    watching.reported(Report::Outcome::refused, 500);
    CHECK_FALSE(watching.accepts());
  }
  SECTION("it never left") {
    watching.reported(Report::Outcome::not_sent, 0);
    CHECK(watching.accepts());
  }
  SECTION("the session had ended") {
    watching.reported(Report::Outcome::refused, 401);
    CHECK(watching.accepts());
  }
}

TEST_CASE("a commit must name the row's own address, letter by letter", "[commit]") {
  Watching watching;
  for (const char* other :
       {"carol@example.com", "bob@example.com ", "BOB@example.com", "bob@example.com.evil.example", ""}) {
    watching.intent.target = other;
    CHECK_FALSE(watching.accepts());
  }
  CHECK(watching.intents() == 0);
}

TEST_CASE("a stop request keeps a commit from being announced", "[commit]") {
  Watching watching;
  watching.stop.request_stop();
  CHECK_FALSE(watching.accepts());
  CHECK(watching.intents() == 0);
}

TEST_CASE("a picture and HTML that are not known to be covered are not kept", "[commit]") {
  Watching watching;
  watching.watch->captured("panel", "uncovered", "<p>carol@example.com</p>");
  REQUIRE(watching.evidence.screenshots().size() == 1);
  CHECK(read_file(watching.evidence.folder() / watching.evidence.screenshots()[0].file) ==
        "PNG of bob@example.com");
  CHECK(std::distance(std::filesystem::directory_iterator(watching.evidence.folder() / "screenshots"), {}) ==
        1);
}

}  // namespace offstage::commit_test
