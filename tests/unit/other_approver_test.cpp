#include <catch2/catch.hpp>

#include "base/file.h"
#include "bench.h"
#include "error_of.h"
#include "offboarding/history.h"
#include "offboarding/journal.h"

namespace offstage::other_approver_test {

using namespace offboarding;
using test::Bench;
using test::FakeConsole;
using test::Killed;

namespace {

/// A bench whose policy wants another person than "asker" to approve.
struct Careful : Bench {
  Careful() { policy.other_approver = true; }
};

Error refused(const Plan& plan, const std::string& by, const Policy& policy) {
  Approver approver;
  approver.by = by;
  approver.digest = plan.digest;
  return test::error_of([&] { approve(plan, approver, policy); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

Error fault(const std::string& text) {
  return test::error_of([&] { plan_from(JsonDocument::parse(text, "plan.json")); });
}

}  // namespace

TEST_CASE("who asked cannot approve where the policy wants another person", "[other_approver]") {
  Careful bench;
  const Plan plan = bench.plan().plan;
  const Error error = refused(plan, "asker", bench.policy);
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains("asker asked for the plan"));
  CHECK_THAT(error.hint(), Catch::Contains("-o FILE") && Catch::Contains("apply FILE --by NAME --approve"));
}

TEST_CASE("another person approves where the policy wants one", "[other_approver]") {
  Careful bench;
  CHECK(bench.run().exit_code() == 0);
}

TEST_CASE("who asked approves where the policy wants nobody else", "[other_approver]") {
  Bench bench;
  bench.by = "asker";
  CHECK(bench.run().exit_code() == 0);
}

TEST_CASE("a person is the same one in other letters and with spaces around the name", "[other_approver]") {
  Careful bench;
  const Plan plan = bench.plan().plan;
  for (const char* name : {"ASKER", " asker", "Asker\t"}) {
    CAPTURE(name);
    CHECK(refused(plan, name, bench.policy).kind() == Kind::refused);
  }
}

TEST_CASE("nobody approves without a name where the policy wants another person", "[other_approver]") {
  Careful bench;
  const Plan plan = bench.plan().plan;
  CHECK(refused(plan, "", bench.policy).kind() == Kind::refused);
  CHECK(refused(plan, " ", bench.policy).kind() == Kind::refused);
}

TEST_CASE("a plan of which nobody knows who asked is refused where the policy wants another person",
          "[other_approver]") {
  Careful bench;
  for (const char* name : {"", "  "}) {
    bench.requested_by = name;
    const Plan plan = bench.plan().plan;
    const std::vector<Verdict> refusing = refusals(plan.verdicts);
    REQUIRE(refusing.size() == 1);
    CHECK(refusing.front().rule == "other_approver");
  }
}

TEST_CASE("a policy that is unattended as well does not approve in another person's place",
          "[other_approver]") {
  Careful bench;
  bench.policy.unattended = true;
  const Plan plan = bench.plan().plan;
  Approver approver;
  approver.by = "ops";
  CHECK_THROWS_AS(approve(plan, approver, bench.policy), Error);
}

TEST_CASE("an approval by who asked is not applied, wherever it comes from", "[other_approver]") {
  Careful bench;
  const Planned planned = bench.plan();
  const Approval own{Approval::How::digest, "Asker", "", planned.plan.digest};
  CHECK_THROWS_AS(bench.apply(planned, own), Error);
  CHECK(bench.console.changes.empty());
}

TEST_CASE("nothing to do needs no other person", "[other_approver]") {
  Careful bench;
  bench.request = RemoveUser{"nobody@example.com", {}};
  bench.by = "asker";
  CHECK(bench.run().exit_code() == 0);
}

TEST_CASE("who asked changes a plan's digest only where the policy wants another person",
          "[other_approver]") {
  Bench bench;
  const std::string digest = bench.plan().plan.digest;
  bench.requested_by = "somebody else";
  CHECK(bench.plan().plan.digest == digest);
  bench.policy.other_approver = true;
  const std::string careful_digest = bench.plan().plan.digest;
  CHECK(careful_digest != digest);
  bench.requested_by = "asker";
  CHECK(bench.plan().plan.digest != careful_digest);
}

TEST_CASE("a plan in which another was put in the place of who asked is refused", "[other_approver]") {
  Careful bench;
  const std::string text = pretty(as_json(bench.plan().plan));
  const std::string member = R"("requested_by": "asker")";
  CHECK(fault(replaced(text, member, R"("requested_by": "mallory")")).kind() == Kind::refused);
  CHECK(fault(replaced(text, R"("about": "asker")", R"("about": "mallory")")).kind() == Kind::refused);
}

TEST_CASE("a plan that does not say who asked is to be made again", "[other_approver]") {
  Bench bench;
  const std::string text = pretty(as_json(bench.plan().plan));
  const Error error = fault(replaced(text, "  \"requested_by\": \"asker\",\n", ""));
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("plan.json:1") && Catch::Contains("requested_by"));
  CHECK_THAT(error.hint(), Catch::Contains("make the plan again"));
  CHECK(fault(replaced(text, R"("requested_by": "asker")", R"("requested_by": "")")).kind() == Kind::usage);
}

TEST_CASE("a saved plan that is made again is still asked for by the same person", "[other_approver]") {
  Careful bench;
  Progress silent;
  const Plan saved = bench.plan().plan;
  const Plan again = make_plan_again(bench.console, saved, bench.policy, bench.state(), silent,
                                     Until::in(Milliseconds(1000)))
                         .plan;
  CHECK(again.requested_by == "asker");
  CHECK(again.digest == saved.digest);
}

TEST_CASE("a plan made without wanting another person is not applied once one is wanted",
          "[other_approver]") {
  Bench bench;
  Progress silent;
  const Plan saved = bench.plan().plan;
  bench.policy.other_approver = true;
  CHECK_THROWS_WITH(make_plan_again(bench.console, saved, bench.policy, bench.state(), silent,
                                    Until::in(Milliseconds(1000))),
                    Catch::Contains("guard other_approver"));
}

TEST_CASE("the evidence says who asked and who ran it", "[other_approver]") {
  Careful bench;
  const Result result = bench.run();
  const auto document = JsonDocument::load(result.evidence / "result.json");
  CHECK(document->root().at("requested_by") == "asker");
  CHECK(document->root().at("by") == "ops");
  CHECK_THAT(read_file(result.report), Catch::Contains("<dt>Asked for by</dt><dd>asker</dd>"));
}

TEST_CASE("a run that was cut off is resumed as asked for by who had asked", "[other_approver]") {
  Careful bench;
  bench.console.at = [](FakeConsole::Moment moment) {
    if (moment == FakeConsole::Moment::after_intent) throw Killed();
  };
  CHECK_THROWS_AS(bench.run(), Killed);
  const std::optional<Interrupted> found = interrupted_run(bench.state(), "fake", "https://fake.test");
  REQUIRE(found);
  CHECK(found->requested_by == "asker");
}

}  // namespace offstage::other_approver_test
