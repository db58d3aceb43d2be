#include <catch2/catch.hpp>

#include "bench.h"
#include "error_of.h"
#include "offboarding/history.h"
#include "offboarding/run.h"

namespace offstage::run_of_plan_test {

using namespace offboarding;
using test::Bench;
using test::error_of;
using test::Killed;
using test::member;
using test::outcomes;
using Moment = test::FakeConsole::Moment;
using Outcome = ActionResult::Outcome;
using Outcomes = std::vector<Outcome>;

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

TEST_CASE("an admin who has become the last one while the console's pace was waited for stays", "[run]") {
  Bench bench;
  bench.console.account = "owner@example.com";
  bench.console.must_wait = true;
  std::vector<connector::Grant>& people = bench.console.rows["id-acme"];
  people.back() = member(bench.console.teams[0], "bob@example.com", "admin");
  bench.console.at = [&](Moment now) {
    if (now != Moment::turn) return;
    people.front().role = "member";
    people.front().privileged = false;
  };
  const Result result = bench.apply(bench.plan());
  CHECK(result.actions[0].outcome == Outcome::refused);
  CHECK_THAT(result.actions[0].text, Catch::Contains("last active admin"));
}

TEST_CASE("a refused plan is not applied", "[run]") {
  Bench bench;
  const Planned fine = bench.plan();
  bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "bob@example.com"));
  const Planned refused = bench.plan();
  const Approval forged{Approval::How::digest, "ops", "", refused.plan.digest};
  CHECK(error_of([&] { bench.apply(refused, forged); }).kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a plan is not applied on the approval of another, or of none", "[run]") {
  Bench bench;
  const Planned planned = bench.plan();
  const Approval other{Approval::How::digest, "ops", "", std::string(64, 'a')};
  const Approval none{Approval::How::not_needed, "ops", "", planned.plan.digest};
  CHECK(error_of([&] { bench.apply(planned, other); }).kind() == Kind::refused);
  CHECK(error_of([&] { bench.apply(planned, none); }).kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a team whose people have changed since the plan is not deleted", "[run]") {
  Bench bench;
  bench.request = RemoveTeam{"acme"};
  const Planned planned = bench.plan();
  bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "erin@example.com"));
  CHECK(bench.apply(planned).kind() == Kind::refused);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("a saved plan is applied only while the console is as it was", "[run]") {
  Bench bench;
  Progress silent;
  const Plan saved = bench.plan().plan;
  const Until until = Until::in(Milliseconds(1000));
  CHECK(make_plan_again(bench.console, saved, bench.policy, bench.state(), silent, until).plan.digest ==
        saved.digest);
  bench.console.rows["id-acme"].pop_back();
  CHECK(error_of([&] {
          make_plan_again(bench.console, saved, bench.policy, bench.state(), silent, until);
        }).kind() == Kind::refused);
  Plan other = saved;
  other.connector = "another";
  CHECK(error_of([&] {
          make_plan_again(bench.console, other, bench.policy, bench.state(), silent, until);
        }).kind() == Kind::refused);
}

// --- The same command again, after a run that was cut off ---

namespace {

/// A plan that somebody approved by its digest, and a run of it that dies after its first commit.
struct CutOff : Bench {
  const Planned first = plan();

  CutOff() {
    console.at = [](Moment now) {
      if (now == Moment::after_report) throw Killed();
    };
    CHECK_THROWS_AS(Bench::apply(first), Killed);
    console.at = nullptr;
    REQUIRE(console.changes.size() == 1);
  }

  /// `apply FILE --approve DIGEST`.
  Result apply_again() {
    Progress silent;
    const Planned now =
        make_plan_again(console, first.plan, policy, state(), silent, Until::in(Milliseconds(1000)));
    return Bench::apply(now, approve_again(now.plan));
  }

  Approval approve_again(const Plan& now) {
    Approver approver;
    approver.by = "somebody else";
    approver.digest = first.plan.digest;
    approver.earlier = [&] { return approved_before(state(), console.address(), now); };
    return approve(now, approver, policy);
  }
};

}  // namespace

TEST_CASE("a saved plan and the approval of its digest hold for what a run that was cut off left of it",
          "[run]") {
  CutOff bench;
  const Result result = bench.apply_again();
  CHECK(outcomes(result) == std::vector{Outcome::verified, Outcome::verified});
  CHECK(result.approval.rest_of == bench.first.plan.digest);
  CHECK(bench.console.changes.size() == 3);
  SECTION("and for nothing, once it is done") {
    CHECK(bench.apply_again().exit_code() == 0);
    CHECK(bench.console.changes.size() == 3);
  }
}

TEST_CASE("the approval of a plan that a run had begun with holds for no row that it did not have", "[run]") {
  CutOff bench;
  SECTION("a new row") {
    bench.console.rows["id-delta"].push_back(member(bench.console.teams[3], "bob@example.com"));
  }
  SECTION("a row that has changed") {
    bench.console.rows["id-beta"].back().role = "viewer";
  }
  SECTION("a guard's new note") {
    bench.console.rows["id-beta"].push_back(member(bench.console.teams[1], "b0b@example.com"));
  }
  SECTION("another account") {
    bench.console.account = "owner@example.com";
  }
  SECTION("another console") {
    bench.console.where = "https://practice.test";
  }
  CHECK(error_of([&] { bench.apply_again(); }).kind() == Kind::refused);
  const Planned now = bench.plan();
  CHECK(error_of([&] { bench.approve_again(now.plan); }).kind() == Kind::refused);
  CHECK(bench.console.changes.size() == 1);
}

TEST_CASE("a saved plan does not hold for fewer rows when no run had begun with it", "[run]") {
  Bench bench;
  const Plan saved = bench.plan().plan;
  bench.console.rows["id-acme"].pop_back();
  Progress silent;
  CHECK(error_of([&] {
          make_plan_again(bench.console, saved, bench.policy, bench.state(), silent,
                          Until::in(Milliseconds(1000)));
        }).kind() == Kind::refused);
}

TEST_CASE("a run that is taken up again is approved by whoever approved it, as they did", "[run]") {
  CutOff bench;
  const Plan now = bench.plan().plan;
  Approver approver;
  approver.by = "somebody else";
  approver.resumed = resumed_approval(now, bench.first.plan.digest,
                                      approved_before(bench.state(), bench.console.address(), now));
  const Approval approval = approve(now, approver, bench.policy);
  CHECK(approval.how == Approval::How::digest);
  CHECK(approval.by == "ops");
  CHECK(approval.rest_of == bench.first.plan.digest);
}

}  // namespace offstage::run_of_plan_test
