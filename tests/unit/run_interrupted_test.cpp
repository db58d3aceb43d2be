#include <catch2/catch.hpp>

#include "base/file.h"
#include "bench.h"
#include "error_of.h"
#include "offboarding/journal.h"
#include "offboarding/run.h"

namespace offstage::run_interrupted_test {

using namespace offboarding;
using test::Bench;
using test::error_of;
using test::Killed;
using test::outcomes;
using Answer = test::FakeConsole::Answer;
using Moment = test::FakeConsole::Moment;
using Outcome = ActionResult::Outcome;
using Outcomes = std::vector<Outcome>;

TEST_CASE("a run killed at any moment is finished by the next, and nothing is sent twice", "[run]") {
  const auto moment = GENERATE(Moment::before_intent, Moment::after_intent, Moment::after_send,
                               Moment::after_report, Moment::look);
  const int nth = GENERATE(1, 2, 3);
  const int lag = GENERATE(0, 3);
  CAPTURE(static_cast<int>(moment), nth, lag);
  Bench bench;
  bench.console.lag = lag;
  bench.limit = Milliseconds(10);
  const Planned planned = bench.plan();
  int met = 0;
  bench.console.at = [&](Moment now) {
    if (now == moment && ++met == nth) throw Killed();
  };
  CHECK_THROWS_AS(bench.apply(planned), Killed);
  bench.console.at = nullptr;
  const Result result = bench.apply(planned);
  CHECK(result.exit_code() == 0);
  CHECK_FALSE(bench.bob_is_there());
  std::vector<std::string> once = bench.console.changes;
  std::sort(once.begin(), once.end());
  CHECK(std::adjacent_find(once.begin(), once.end()) == once.end());
  CHECK(once.size() == 3);
}

TEST_CASE("a commit that was lost is sent again by a later run, after it has looked and waited", "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.answer = Answer::lost;
  CHECK(bench.run().kind() == Kind::unknown);
  bench.console.answer = Answer::done;
  const int before = bench.console.looks;
  const Result result = bench.run();
  CHECK(result.count(Outcome::verified) == 1);
  CHECK(bench.console.changes.size() == 2);
  // Plan, then the waiting, then the proof.
  CHECK(bench.console.looks - before > 3);
}

TEST_CASE("what the console said no to is settled: a later run need not wait", "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.answer = Answer::forbidden;
  CHECK(bench.run().kind() == Kind::refused);
  bench.console.answer = Answer::done;
  bench.console.looks = 0;
  CHECK(bench.run().exit_code() == 0);
  CHECK(bench.console.looks == 3);  // the plan, the look before, the proof
}

TEST_CASE("an intent is on the disk before anything can be sent", "[run]") {
  Bench bench;
  const auto journal = bench.folder.path() / "run1" / "journal.jsonl";
  int intents = 0;
  bench.console.at = [&](Moment now) {
    if (now != Moment::after_intent) return;
    ++intents;
    CHECK(read_journal(journal).back().event == Event::intent);
    CHECK(bench.console.changes.size() + 1 == static_cast<std::size_t>(intents));
  };
  bench.run();
  CHECK(intents == 3);
}

TEST_CASE("a stop request ends a run between actions", "[run]") {
  Bench bench;
  bench.console.at = [&](Moment now) {
    if (now == Moment::after_report) bench.stop.request_stop();
  };
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::verified, Outcome::not_tried, Outcome::not_tried});
  CHECK(result.kind() == Kind::interrupted);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("nothing is begun once a stop was requested", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  bench.stop.request_stop();
  const Result result = bench.apply(planned);
  CHECK(result.count(Outcome::not_tried) == 3);
  CHECK_THAT(read_file(result.evidence / "journal.jsonl"), !Catch::Contains("action_started"));
}

TEST_CASE("a stop request before the commit is announced keeps it from being sent", "[run]") {
  Bench bench;
  bench.console.at = [&](Moment now) {
    if (now == Moment::before_intent) bench.stop.request_stop();
  };
  const Result result = bench.run();
  CHECK(result.count(Outcome::not_tried) == 3);
  CHECK(result.kind() == Kind::interrupted);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a stop request after the commit is announced, and before it is sent, keeps it from being sent",
          "[run]") {
  Bench bench;
  bench.console.at = [&](Moment now) {
    if (now == Moment::after_intent) bench.stop.request_stop();
  };
  CHECK(bench.run().count(Outcome::not_tried) == 3);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a stop request after the commit is sent waits for its proof, and for no more", "[run]") {
  Bench bench;
  bench.console.at = [&](Moment now) {
    if (now == Moment::after_send) bench.stop.request_stop();
  };
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::verified, Outcome::not_tried, Outcome::not_tried});
  CHECK(result.actions[0].text == "gone: a fresh listing does not show it");
}

TEST_CASE("a stop request during the look after a commit begins one short look anew", "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bool sent = false;
  bool cut = false;
  bench.console.at = [&](Moment now) {
    sent = sent || now == Moment::after_send;
    if (now != Moment::look || !sent || cut) return;
    cut = true;
    bench.stop.request_stop();
    throw Error(Kind::interrupted, "stopped");
  };
  CHECK(bench.run().actions[0].outcome == Outcome::verified);
  CHECK(cut);
}

TEST_CASE("a second run on the same account is busy", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  bench.console.at = [&](Moment now) {
    if (now != Moment::after_intent) return;
    bench.console.at = nullptr;
    CHECK(error_of([&] { bench.apply(planned); }).kind() == Kind::busy);
  };
  bench.apply(planned);
  CHECK(bench.console.changes.size() == 3);
}

TEST_CASE("what a run left unknown is settled by the next one that sees it gone", "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  const auto row = bench.console.rows["id-acme"].back();
  bench.console.at = [](Moment now) {
    if (now == Moment::after_send) throw Killed();
  };
  CHECK_THROWS_AS(bench.run(), Killed);
  bench.console.at = nullptr;
  CHECK(bench.run().exit_code() == 0);
  // Somebody who comes back is not taken for whom the old commit was about.
  bench.console.rows["id-acme"].push_back(row);
  bench.console.looks = 0;
  CHECK(bench.run().count(Outcome::verified) == 1);
  CHECK(bench.console.looks == 3);  // the plan, the look before, the proof
  CHECK(bench.console.changes.size() == 2);
}

TEST_CASE("a run that a signal stopped says which one", "[run]") {
  Bench bench;
  bench.stop_kind = Kind::terminated;
  bench.console.at = [&](Moment now) {
    if (now == Moment::after_report) bench.stop.request_stop();
  };
  const Result result = bench.run();
  CHECK(result.kind() == Kind::terminated);
  CHECK_THAT(read_file(result.evidence / "journal.jsonl"), Catch::Contains("\"status\":\"terminated\""));
}

TEST_CASE("a run into the evidence folder of an earlier one leaves its own in a folder in it", "[run]") {
  Bench bench;
  bench.evidence = bench.folder.path() / "evidence";
  CHECK(bench.run().evidence == bench.evidence);
  const Result again = bench.run();
  CHECK(again.evidence == bench.evidence / again.run);
  CHECK(std::filesystem::exists(again.report));
}

}  // namespace offstage::run_interrupted_test
