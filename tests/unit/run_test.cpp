#include "offboarding/run.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "base/schema.h"
#include "base/text.h"
#include "bench.h"

namespace offstage::run_test {

using namespace offboarding;
using test::Bench;
using test::outcomes;
using Answer = test::FakeConsole::Answer;
using Outcome = ActionResult::Outcome;
using Outcomes = std::vector<Outcome>;

TEST_CASE("a person is removed from everywhere, and it is verified", "[run]") {
  Bench bench;
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::verified, Outcome::verified, Outcome::verified});
  CHECK(result.exit_code() == 0);
  CHECK(bench.console.changes.size() == 3);
  CHECK_FALSE(bench.bob_is_there());
  CHECK(result.actions[0].people_left == 3);
}

TEST_CASE("a second run finds it already absent and sends nothing", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  bench.apply(planned);
  const Result again = bench.apply(planned);
  CHECK(outcomes(again) ==
        Outcomes{Outcome::already_absent, Outcome::already_absent, Outcome::already_absent});
  CHECK(again.exit_code() == 0);
  CHECK(bench.console.changes.size() == 3);
  const Result planned_anew = bench.run();
  CHECK(planned_anew.actions.empty());
  CHECK(planned_anew.exit_code() == 0);
}

TEST_CASE("a console that lags is waited for", "[run]") {
  Bench bench;
  bench.console.lag = 4;
  bench.limit = Milliseconds(50);
  const Result result = bench.run();
  CHECK(result.count(Outcome::verified) == 3);
  CHECK(bench.console.changes.size() == 3);
}

TEST_CASE("done is not believed until a listing shows it", "[run]") {
  Bench bench;
  bench.console.answer = Answer::lies;
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::unknown, Outcome::not_tried, Outcome::not_tried});
  CHECK(result.kind() == Kind::unknown);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("a lost answer is reconciled by looking: gone", "[run]") {
  Bench bench;
  bench.console.answer = Answer::lost_but_done;
  const Result result = bench.run();
  CHECK(result.count(Outcome::verified) == 3);
  CHECK(bench.console.changes.size() == 3);
}

TEST_CASE("a lost answer is reconciled by looking: still there is unknown, and not sent again", "[run]") {
  Bench bench;
  bench.console.answer = Answer::lost;
  const Result result = bench.run();
  CHECK(result.actions[0].outcome == Outcome::unknown);
  CHECK(result.exit_code() == exit_code_of(Kind::unknown));
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("a refusal that the console answers is the result once a look shows that nothing happened",
          "[run]") {
  Bench bench;
  bench.console.answer = Answer::rate_limited;
  CHECK(bench.run().kind() == Kind::busy);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("a failure of the console's own says nothing: still there is unknown, and not sent again",
          "[run]") {
  Bench bench;
  bench.console.answer = Answer::server_error;
  CHECK(bench.run().kind() == Kind::unknown);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("an error that the console answers although it did it is still verified", "[run]") {
  Bench bench;
  bench.console.answer = Answer::server_error_done;
  CHECK(bench.run().count(Outcome::verified) == 3);
}

TEST_CASE("one refusal by the console does not keep the others from being removed", "[run]") {
  Bench bench;
  bench.console.answers["id-beta"] = Answer::forbidden;
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::verified, Outcome::failed, Outcome::verified});
  CHECK(result.actions[1].kind == Kind::refused);
  CHECK(result.kind() == Kind::partial);
}

TEST_CASE("a console that cannot be worked with now ends the run", "[run]") {
  Bench bench;
  bench.console.answers["id-beta"] = Answer::drift;
  const Result result = bench.run();
  CHECK(outcomes(result) == Outcomes{Outcome::verified, Outcome::failed, Outcome::not_tried});
  CHECK(result.kind() == Kind::partial);
  bench.console.rows["id-acme"].clear();
  const Result again = bench.run();
  CHECK(outcomes(again) == Outcomes{Outcome::failed, Outcome::not_tried});
  CHECK(again.kind() == Kind::drift);
}

TEST_CASE("a confirmation that names somebody else is refused and nothing is sent", "[run]") {
  Bench bench;
  bench.console.answer = Answer::mismatch;
  const Result result = bench.run();
  CHECK(result.count(Outcome::refused) == 3);
  CHECK(result.kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a script that is about to act on somebody else is stopped before anything is sent", "[run]") {
  Bench bench;
  bench.console.intent_target = "carol@example.com";
  const Result result = bench.run();
  CHECK(result.kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a listing serves several actions only while nothing was tried on it", "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.rows["id-acme"].push_back(
      test::collaborator(bench.console.teams[0], "blog", "bob@example.com"));
  const Planned planned = bench.plan();
  SECTION("tried, and not sent") {
    bench.console.answer = Answer::mismatch;
    bench.console.looks = 0;
    CHECK(bench.apply(planned).count(Outcome::refused) == 2);
    CHECK(bench.console.looks == 2);
  }
  SECTION("not tried") {
    bench.console.rows["id-acme"].resize(3);
    bench.console.looks = 0;
    CHECK(bench.apply(planned).count(Outcome::already_absent) == 2);
    CHECK(bench.console.looks == 1);
  }
}

TEST_CASE("a team is deleted and seen to be gone", "[run]") {
  Bench bench;
  bench.request = RemoveTeam{"acme"};
  bench.console.lag = 2;
  bench.limit = Milliseconds(50);
  const Planned planned = bench.plan();
  CHECK(bench.apply(planned).count(Outcome::verified) == 1);
  CHECK(bench.console.changes == std::vector<std::string>{"delete acme"});
  CHECK(bench.apply(planned).count(Outcome::already_absent) == 1);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("removing the last person but its admin leaves the team", "[run]") {
  Bench bench;
  bench.console.rows["id-acme"].erase(bench.console.rows["id-acme"].begin() + 1,
                                      bench.console.rows["id-acme"].begin() + 3);
  bench.policy.share = 1;
  CHECK(bench.run().exit_code() == 0);
  CHECK(bench.console.teams.size() == 4);
}

TEST_CASE("a run leaves evidence of everything, and its digests hold", "[run]") {
  Bench bench;
  const Result result = bench.run();
  for (const char* name : {"plan.json", "before.json", "after.json", "journal.jsonl", "versions.json",
                           "result.json", "report.html", "SHA256SUMS"}) {
    INFO(name);
    CHECK(std::filesystem::is_regular_file(result.evidence / name));
  }
  const auto lines = split(std::string(trimmed(read_file(result.evidence / "SHA256SUMS"))), '\n');
  CHECK(lines.size() == 7 + 6);  // and a screenshot before and after each commit
  for (const std::string& line : lines)
    CHECK(sha256(read_file(result.evidence / line.substr(66))) == line.substr(0, 64));
  CHECK(bench.console.kept == std::vector<std::string>{"bob@example.com"});
  const auto before = JsonDocument::load(result.evidence / "before.json");
  const auto after = JsonDocument::load(result.evidence / "after.json");
  CHECK(before->root()["listings"].size() == 4);
  CHECK(before->root()["listings"][0]["people"] == 4);
  CHECK(after->root()["listings"][0]["people"] == 3);
}

TEST_CASE("a removal is not held up for want of a screenshot, and the journal says so", "[run]") {
  Bench bench;
  bench.console.screenshots_fail = true;
  const Result result = bench.run();
  CHECK(result.count(Outcome::verified) == 3);
  CHECK_THAT(read_file(result.evidence / "journal.jsonl"), Catch::Contains("screenshot_missing"));
}

TEST_CASE("what a console says at length stands cut and escaped in the journal", "[run]") {
  Bench bench;
  bench.console.answer = Answer::forbidden;
  bench.console.words = "\x1b[31mNo" + std::string(10'000, '!');
  const std::string journal = read_file(bench.run().evidence / "journal.jsonl");
  CHECK_THAT(journal, Catch::Contains("\\\\u{1b}[31mNo!!!") && !Catch::Contains(std::string(3000, '!')));
}

TEST_CASE("a result document is as its schema says", "[run]") {
  Bench bench;
  const std::string schema = read_file(std::string(OFFSTAGE_SOURCE_DIR) + "/connectors/schema/result.json");
  const auto holds = [&](const Result& result) {
    const auto document = JsonDocument::load(result.evidence / "result.json");
    CHECK_NOTHROW(validate(*document, schema));
    CHECK(document->root() == as_json(result));
  };
  bench.console.answers["id-beta"] = Answer::forbidden;
  holds(bench.run());
  bench.console.answers["id-beta"] = Answer::lost;
  holds(bench.run());
  bench.request = RemoveTeam{"acme"};
  holds(bench.run());
  bench.request = RemoveUser{"nobody@example.com", {}};
  holds(bench.run());
}

}  // namespace offstage::run_test
