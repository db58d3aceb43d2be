#include "offboarding/history.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "bench.h"
#include "offboarding/journal.h"

namespace offstage::history_test {

using namespace offboarding;
using test::Bench;
using test::FakeConsole;
using test::Killed;
using Answer = FakeConsole::Answer;
using Moment = FakeConsole::Moment;

namespace {

const Pace brief{Milliseconds(1), Milliseconds(1), Milliseconds(5)};

/// Lets a run die where the console is about to change.
void cut_off(Bench& bench) {
  bench.console.at = [](Moment moment) {
    if (moment == Moment::after_intent) throw Killed();
  };
  CHECK_THROWS_AS(bench.run(), Killed);
  bench.console.at = nullptr;
}

std::vector<Reconciled> look_again(Bench& bench) {
  Progress silent;
  return reconcile(bench.console, bench.state(), "ops", brief, silent, Until::in(Milliseconds(5000)));
}

}  // namespace

TEST_CASE("a run that was cut off is found with what it was asked for and what was approved", "[history]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  CHECK_FALSE(interrupted_run(bench.state(), "fake", "https://fake.test"));
  cut_off(bench);
  const std::optional<Interrupted> found = interrupted_run(bench.state(), "fake", "https://fake.test");
  REQUIRE(found);
  CHECK(found->request == bench.request);
  CHECK(found->account == "admin@example.com");
  CHECK(found->approved == bench.plan().plan.digest);
  CHECK_FALSE(interrupted_run(bench.state(), "another", "https://fake.test"));
  CHECK_FALSE(interrupted_run(bench.state(), "fake", "https://practice.test"));
}

TEST_CASE("a run that came to its end is not resumed, whatever was cut off before it", "[history]") {
  Bench bench;
  cut_off(bench);
  CHECK(bench.run().exit_code() == 0);
  CHECK_FALSE(interrupted_run(bench.state(), "fake", "https://fake.test"));
}

TEST_CASE("looking again settles a commit that has taken effect", "[history]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.at = [](Moment moment) {
    if (moment == Moment::after_send) throw Killed();
  };
  CHECK_THROWS_AS(bench.run(), Killed);
  bench.console.at = nullptr;
  const std::vector<Reconciled> settled = look_again(bench);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].gone);
  CHECK(look_again(bench).empty());
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("looking again settles a commit that had no effect, and changes nothing", "[history]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.answer = Answer::lost;
  CHECK(bench.run().kind() == Kind::unknown);
  const std::size_t sent = bench.console.changes.size();
  const std::vector<Reconciled> settled = look_again(bench);
  REQUIRE(settled.size() == 1);
  CHECK_FALSE(settled[0].gone);
  CHECK(look_again(bench).empty());
  CHECK(bench.console.changes.size() == sent);
}

TEST_CASE("a console that cannot be looked at leaves a commit unknown", "[history]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.answer = Answer::lost;
  CHECK(bench.run().kind() == Kind::unknown);
  bench.console.at = [](Moment) { throw Error(Kind::human, "somebody must accept the new terms"); };
  try {
    look_again(bench);
    FAIL("it was settled");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::unknown);
  }
  bench.console.at = nullptr;
  CHECK(look_again(bench).size() == 1);
}

TEST_CASE("a run that was cut off is found although a later one looked again, or died before its first line",
          "[history]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  cut_off(bench);
  SECTION("looked again") {
    REQUIRE(look_again(bench).size() == 1);
  }
  SECTION("died") {
    const std::filesystem::path journal =
        interrupted_run(bench.state(), "fake", "https://fake.test")->journal;
    write_file(journal.parent_path() / "29990101T000000000Z-0000.jsonl", "");
  }
  CHECK(interrupted_run(bench.state(), "fake", "https://fake.test"));
}

}  // namespace offstage::history_test
