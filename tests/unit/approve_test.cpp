#include "offboarding/approve.h"

#include <catch2/catch.hpp>

#include "error_of.h"
#include "fake_console.h"

namespace offstage::approve_test {

using namespace offboarding;
using test::console_with_bob;
using test::FakeConsole;

namespace {

Plan plan_of(FakeConsole& console, const Request& request = RemoveUser{"bob@example.com", {}}) {
  Progress silent;
  const Observation seen = observe(console, request, silent, Until::in(Milliseconds(1000)));
  return plan_for(seen, request, "asker", Policy{}, console);
}

Approver typing(const std::string& answer) {
  Approver approver;
  approver.by = "ops";
  approver.ask = [answer](const std::string&) { return answer; };
  return approver;
}

Approver naming(std::string digest) {
  Approver approver;
  approver.by = "ops";
  approver.digest = std::move(digest);
  return approver;
}

Error fault(const Plan& plan, const Approver& approver, const Policy& policy = {}) {
  return test::error_of([&] { approve(plan, approver, policy); });
}

Policy unattended() {
  Policy policy;
  policy.unattended = true;
  return policy;
}

}  // namespace

TEST_CASE("a person at a terminal approves by typing yes, and nothing else", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  const Approval approval = approve(plan, typing("yes"), {});
  CHECK(approval.how == Approval::How::terminal);
  CHECK(approval.by == "ops");
  CHECK(approval.plan == plan.digest);
  for (const char* answer : {"y", "", "no", "YES", "yes please"}) {
    INFO(answer);
    CHECK(fault(plan, typing(answer)).kind() == Kind::refused);
  }
}

TEST_CASE("a plan is approved by its digest, whole or its first twelve digits", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  CHECK(approve(plan, naming(plan.digest), {}).how == Approval::How::digest);
  CHECK(approve(plan, naming("sha256:" + plan.digest.substr(0, 12)), {}).how == Approval::How::digest);
  CHECK(fault(plan, naming(plan.digest.substr(0, 11))).kind() == Kind::usage);
  CHECK(fault(plan, naming("yes, go on please")).kind() == Kind::usage);
}

TEST_CASE("another plan's digest is refused, and the actual one is told", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  const Error error = fault(plan, naming(std::string(64, 'a')));
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains(plan.digest));
}

TEST_CASE("without a terminal, a digest or a policy, approval is missing", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  const Error error = fault(plan, Approver{});
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.hint(), Catch::Contains("--approve " + plan.digest));
  CHECK(approve(plan, Approver{}, unattended()).how == Approval::How::policy);
}

TEST_CASE("a refused plan cannot be approved in any way", "[approve]") {
  FakeConsole console = console_with_bob();
  console.unmanageable = {"id-acme"};
  const Plan plan = plan_of(console);
  for (const Approver& approver : {typing("yes"), naming(plan.digest), Approver{}}) {
    const Error error = fault(plan, approver, unattended());
    CHECK(error.kind() == Kind::refused);
    CHECK_THAT(error.message(), Catch::Contains("manageable"));
  }
}

TEST_CASE("deleting a team needs its name typed, or the digest, and no policy allows it", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console, RemoveTeam{"acme"});
  CHECK(fault(plan, typing("yes")).kind() == Kind::refused);
  CHECK(fault(plan, Approver{}, unattended()).kind() == Kind::refused);
  CHECK(approve(plan, typing("acme"), {}).how == Approval::How::terminal);
  CHECK(approve(plan, naming(plan.digest), {}).how == Approval::How::digest);
}

TEST_CASE("a plan without actions needs no approval", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console, RemoveUser{"nobody@example.com", {}});
  CHECK(approve(plan, Approver{}, {}).how == Approval::How::not_needed);
}

TEST_CASE("a plan without actions takes the digest of the plan that was applied before", "[approve]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console, RemoveUser{"nobody@example.com", {}});
  CHECK(approve(plan, naming(std::string(64, 'a')), {}).how == Approval::How::not_needed);
}

}  // namespace offstage::approve_test
