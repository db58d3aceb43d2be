#include "offboarding/hours.h"

#include <catch2/catch.hpp>

#include "bench.h"
#include "error_of.h"

namespace offstage::hours_test {

using namespace offboarding;
using test::Bench;
using test::FakeConsole;
using Moment = FakeConsole::Moment;
using Outcome = ActionResult::Outcome;
using test::error_of;

namespace {

constexpr int sunday = 0;
constexpr int monday = 1;
constexpr int friday = 5;
constexpr int saturday = 6;

Hours parsed(const std::string& text) {
  return hours_from(JsonView(JsonDocument::parse(text, "hours.json")));
}

std::string fault(const std::string& text) {
  const Error error = test::error_of([&] { parsed(text); });
  CHECK(error.kind() == Kind::usage);
  return error.explain();
}

LocalTime at(int day, int hour, int minute = 0) {
  return {day, 60 * hour + minute, "CET"};
}

}  // namespace

TEST_CASE("hours begin with their first minute and end before their last", "[hours]") {
  const Hours hours = parsed(R"({"from": "08:00", "to": "18:00"})");
  CHECK_FALSE(hours.hold(at(monday, 7, 59)));
  CHECK(hours.hold(at(monday, 8, 0)));
  CHECK(hours.hold(at(sunday, 17, 59)));
  CHECK_FALSE(hours.hold(at(monday, 18, 0)));
}

TEST_CASE("hours hold only on the days they name", "[hours]") {
  const Hours hours = parsed(R"({"days": ["mon", "fri"], "from": "08:00", "to": "18:00"})");
  for (int day = sunday; day <= saturday; ++day) {
    CAPTURE(day);
    CHECK(hours.hold(at(day, 12)) == (day == monday || day == friday));
  }
}

TEST_CASE("a range over midnight belongs to the day on which it starts", "[hours]") {
  const Hours hours = parsed(R"({"days": ["fri", "sat"], "from": "22:00", "to": "06:00"})");
  CHECK_FALSE(hours.hold(at(friday, 5, 59)));
  CHECK(hours.hold(at(friday, 22)));
  CHECK(hours.hold(at(saturday, 5, 59)));
  CHECK_FALSE(hours.hold(at(saturday, 6)));
  CHECK_FALSE(hours.hold(at(saturday, 12)));
  CHECK(hours.hold(at(sunday, 0)));
  CHECK_FALSE(hours.hold(at(sunday, 22)));
}

TEST_CASE("a whole day goes from 00:00 to 24:00", "[hours]") {
  const Hours hours = parsed(R"({"days": ["sat"], "from": "00:00", "to": "24:00"})");
  CHECK(hours.hold(at(saturday, 0)));
  CHECK(hours.hold(at(saturday, 23, 59)));
  CHECK_FALSE(hours.hold(at(sunday, 0)));
}

TEST_CASE("an unknown day is an error with its line and the days there are", "[hours]") {
  const std::string words = fault("{\"days\": [\"mon\",\n\"tues\"], \"from\": \"08:00\", \"to\": \"18:00\"}");
  CHECK_THAT(words, Catch::Contains("hours.json:2") && Catch::Contains("\"tues\"") &&
                        Catch::Contains("write mon, tue"));
}

TEST_CASE("a time that no clock shows is an error with its line", "[hours]") {
  for (const char* time :
       {"25:00", "24:01", "12:60", "8:00", "08:00:00", "08.00", "0800", "", "-1:00", "ab:cd"}) {
    CAPTURE(time);
    const std::string words = fault("{\"from\": \"08:00\",\n\"to\": \"" + std::string(time) + "\"}");
    CHECK_THAT(words, Catch::Contains("hours.json:2") && Catch::Contains("is no time of the day"));
  }
  CHECK_THAT(fault(R"({"from": "24:00", "to": "06:00"})"), Catch::Contains("is no time of the day"));
}

TEST_CASE("hours that begin when they end are an error with its line", "[hours]") {
  CHECK_THAT(fault("{\"from\": \"08:00\",\n\"to\": \"08:00\"}"),
             Catch::Contains("hours.json:2") && Catch::Contains("the same time"));
}

TEST_CASE("hours without a beginning or an end are an error", "[hours]") {
  CHECK_THAT(fault(R"({"from": "08:00"})"), Catch::Contains("missing `to`"));
  CHECK_THAT(fault(R"({"to": "08:00"})"), Catch::Contains("missing `from`"));
}

TEST_CASE("hours object with the local time, the hours, and what to do", "[hours]") {
  const Hours hours = parsed(R"({"days": ["fri", "sun"], "from": "22:00", "to": "06:00"})");
  CHECK(hours.objection(at(friday, 23)).empty());
  CHECK_THAT(hours.objection(at(monday, 9, 5)),
             Catch::Contains("mon 09:05 CET") &&
                 Catch::Contains("fri, sun from 22:00 to 06:00 of the next day") &&
                 Catch::Contains("within these hours"));
}

TEST_CASE("a plan is not approved outside the policy's hours, in whatever way", "[hours]") {
  Bench bench;
  bench.policy.hours = parsed(R"({"days": ["mon"], "from": "08:00", "to": "18:00"})");
  const Plan plan = bench.plan().plan;
  Approver approver;
  approver.digest = plan.digest;
  approver.now = [] { return at(saturday, 12); };
  const Error error = error_of([&] { approve(plan, approver, bench.policy); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains("sat 12:00 CET") && Catch::Contains("mon from 08:00 to 18:00"));
  CHECK_THAT(error.hint(), Catch::Contains("apply FILE"));
  approver.digest.reset();
  bench.policy.unattended = true;
  CHECK(error_of([&] { approve(plan, approver, bench.policy); }).kind() == Kind::refused);
  approver.now = [] { return at(monday, 12); };
  CHECK(approve(plan, approver, bench.policy).how == Approval::How::policy);
}

TEST_CASE("a plan may be made at any hour, and its digest does not know when", "[hours]") {
  Bench bench;
  const std::string digest = bench.plan().plan.digest;
  bench.policy.hours = parsed(R"({"from": "08:00", "to": "08:01"})");
  CHECK(bench.plan().plan.digest == digest);
}

TEST_CASE("a plan without actions is approved outside the policy's hours", "[hours]") {
  Bench bench;
  bench.request = RemoveUser{"nobody@example.com", {}};
  bench.policy.hours = parsed(R"({"days": ["mon"], "from": "08:00", "to": "18:00"})");
  Approver approver;
  approver.now = [] { return at(saturday, 12); };
  CHECK(approve(bench.plan().plan, approver, bench.policy).how == Approval::How::not_needed);
}

TEST_CASE("a run that outlasts the policy's hours refuses what is left of it", "[hours]") {
  Bench bench;
  bench.policy.hours = parsed(R"({"from": "08:00", "to": "18:00"})");
  LocalTime now = at(monday, 17, 59);
  bench.now = [&] { return now; };
  bench.console.at = [&](Moment moment) {
    if (moment == Moment::after_send) now = at(monday, 18);
  };
  const Result result = bench.run();
  CHECK(result.actions.at(0).outcome == Outcome::verified);
  CHECK(result.actions.at(1).outcome == Outcome::refused);
  CHECK(result.actions.at(2).outcome == Outcome::refused);
  CHECK_THAT(result.actions.at(1).text, Catch::Contains("hours: it is mon 18:00 CET") &&
                                            Catch::Contains("every day from 08:00 to 18:00"));
  CHECK(bench.console.changes.size() == 1);
}

}  // namespace offstage::hours_test
