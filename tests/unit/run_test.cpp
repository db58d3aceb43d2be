#include "offboarding/run.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "base/schema.h"
#include "base/text.h"
#include "bench.h"
#include "offboarding/journal.h"

namespace offstage::run_test {

using namespace offboarding;
using test::Bench;
using test::FakeConsole;
using test::Killed;
using test::member;
using Answer = FakeConsole::Answer;
using Moment = FakeConsole::Moment;
using Outcome = ActionResult::Outcome;

namespace {

std::vector<Outcome> outcomes(const Result& result) {
  std::vector<Outcome> list;
  for (const ActionResult& one : result.actions)
    list.push_back(one.outcome);
  return list;
}

using Outcomes = std::vector<Outcome>;

Kind kind_thrown(const std::function<void()>& what) {
  try {
    what();
  } catch (const Error& error) {
    return error.kind();
  }
  return Kind::internal;
}

}  // namespace

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

TEST_CASE("an error that the console answers is the result once a look shows that nothing happened",
          "[run]") {
  Bench bench;
  bench.request = RemoveUser{"bob@example.com", {"acme"}};
  bench.console.answer = Answer::rate_limited;
  CHECK(bench.run().kind() == Kind::busy);
  bench.console.answer = Answer::server_error;
  CHECK(bench.run().kind() == Kind::unreachable);
  CHECK(bench.console.changes.size() == 2);
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

TEST_CASE("what was gone between plan and apply is already absent", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  bench.console.rows["id-acme"].pop_back();
  const Result result = bench.apply(planned);
  CHECK(outcomes(result) == Outcomes{Outcome::already_absent, Outcome::verified, Outcome::verified});
  CHECK(result.exit_code() == 0);
  CHECK(bench.console.changes.size() == 2);
}

TEST_CASE("what changed between plan and apply is refused, and the rest goes on", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  SECTION("a role") {
    bench.console.rows["id-acme"].back().role = "viewer";
  }
  SECTION("a state") {
    bench.console.rows["id-acme"].back().state = "pending";
  }
  SECTION("the spelling") {
    bench.console.rows["id-acme"].back().user = "BOB@example.com";
  }
  SECTION("a second row") {
    bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "bob@example.com"));
  }
  SECTION("the right to manage") {
    bench.console.unmanageable = {"id-acme"};
  }
  SECTION("the policy") {
    bench.policy.protected_resources = {"acme"};
  }
  const Result result = bench.apply(planned);
  CHECK(outcomes(result) == Outcomes{Outcome::refused, Outcome::verified, Outcome::verified});
  CHECK(bench.console.changes.size() == 2);
}

TEST_CASE("an admin who has become the last one since the plan stays", "[run]") {
  Bench bench;
  bench.console.account = "owner@example.com";
  bench.console.rows["id-acme"].back() = member(bench.console.teams[0], "bob@example.com", "admin");
  const Planned planned = bench.plan();
  REQUIRE_FALSE(planned.plan.refused());
  bench.console.rows["id-acme"].front().role = "member";
  bench.console.rows["id-acme"].front().privileged = false;
  const Result result = bench.apply(planned);
  CHECK(result.actions[0].outcome == Outcome::refused);
  CHECK_THAT(result.actions[0].text, Catch::Contains("last active admin"));
}

TEST_CASE("a refused plan is not applied", "[run]") {
  Bench bench;
  const Planned fine = bench.plan();
  bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "bob@example.com"));
  const Planned refused = bench.plan();
  const Approval forged{Approval::How::digest, "ops", "", refused.plan.digest};
  CHECK(kind_thrown([&] { bench.apply(refused, forged); }) == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a plan is not applied on the approval of another, or of none", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  const Approval other{Approval::How::digest, "ops", "", std::string(64, 'a')};
  const Approval none{Approval::How::not_needed, "ops", "", planned.plan.digest};
  CHECK(kind_thrown([&] { bench.apply(planned, other); }) == Kind::refused);
  CHECK(kind_thrown([&] { bench.apply(planned, none); }) == Kind::refused);
  CHECK(bench.console.changes.empty());
}

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

TEST_CASE("a stop request after the commit is announced waits for its proof", "[run]") {
  Bench bench;
  bench.console.at = [&](Moment now) {
    if (now == Moment::after_intent) bench.stop.request_stop();
  };
  const Result result = bench.run();
  CHECK(result.actions[0].outcome == Outcome::verified);
}

TEST_CASE("a second run on the same account is busy", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  bench.console.at = [&](Moment now) {
    if (now != Moment::after_intent) return;
    bench.console.at = nullptr;
    CHECK(kind_thrown([&] { bench.apply(planned); }) == Kind::busy);
  };
  bench.apply(planned);
  CHECK(bench.console.changes.size() == 3);
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

TEST_CASE("a team whose people have changed since the plan is not deleted", "[run]") {
  Bench bench;
  bench.request = RemoveTeam{"acme"};
  const Planned planned = bench.plan();
  bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "erin@example.com"));
  CHECK(bench.apply(planned).kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("removing the last person of a team leaves the team", "[run]") {
  Bench bench;
  bench.console.rows["id-acme"].erase(bench.console.rows["id-acme"].begin(),
                                      bench.console.rows["id-acme"].begin() + 3);
  bench.policy.share = 1;
  CHECK(bench.run().exit_code() == 0);
  CHECK(bench.console.teams.size() == 4);
}

TEST_CASE("a saved plan is applied only while the console is as it was", "[run]") {
  Bench bench;
  Progress silent;
  const Plan saved = bench.plan().plan;
  const Until until = Until::in(Milliseconds(1000));
  CHECK(make_plan_again(bench.console, saved, bench.policy, silent, until).plan.digest == saved.digest);
  bench.console.rows["id-acme"].pop_back();
  CHECK(kind_thrown([&] { make_plan_again(bench.console, saved, bench.policy, silent, until); }) ==
        Kind::refused);
  Plan other = saved;
  other.connector = "another";
  CHECK(kind_thrown([&] { make_plan_again(bench.console, other, bench.policy, silent, until); }) ==
        Kind::refused);
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
