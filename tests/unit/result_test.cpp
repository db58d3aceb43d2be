#include "offboarding/result.h"

#include <catch2/catch.hpp>

namespace offstage::result_test {

using namespace offboarding;
using Outcome = ActionResult::Outcome;

namespace {

Result with(const std::vector<std::pair<Outcome, std::optional<Kind>>>& outcomes) {
  Result result;
  result.plan.title = "Fake";
  result.plan.request = RemoveUser{"bob@example.com", {}};
  for (const auto& [outcome, kind] : outcomes) {
    ActionResult one;
    one.action.resource = {"team", "1", "acme"};
    one.outcome = outcome;
    one.kind = kind;
    one.text = "seen";
    result.actions.push_back(one);
  }
  return result;
}

}  // namespace

TEST_CASE("verified and already absent together are success", "[result]") {
  CHECK(with({}).exit_code() == 0);
  CHECK(with({{Outcome::verified, {}}, {Outcome::already_absent, {}}}).exit_code() == 0);
}

TEST_CASE("some verified and some not is partial", "[result]") {
  CHECK(with({{Outcome::verified, {}}, {Outcome::failed, Kind::busy}}).kind() == Kind::partial);
}

TEST_CASE("an unknown effect wins over everything", "[result]") {
  CHECK(with({{Outcome::verified, {}}, {Outcome::unknown, Kind::unknown}, {Outcome::failed, Kind::busy}})
            .kind() == Kind::unknown);
}

TEST_CASE("with none verified the result is what went wrong", "[result]") {
  CHECK(with({{Outcome::failed, Kind::unreachable}, {Outcome::not_tried, {}}}).kind() == Kind::unreachable);
  CHECK(with({{Outcome::refused, Kind::refused}, {Outcome::failed, Kind::busy}}).kind() == Kind::busy);
  CHECK(with({{Outcome::refused, Kind::refused}}).kind() == Kind::refused);
  // So that a retry after an earlier, partial run sees what to do about it.
  CHECK(with({{Outcome::already_absent, {}}, {Outcome::failed, Kind::busy}}).kind() == Kind::busy);
}

TEST_CASE("a run that was stopped says so", "[result]") {
  Result result = with({{Outcome::verified, {}}, {Outcome::not_tried, {}}});
  result.stopped = Kind::terminated;
  CHECK(result.kind() == Kind::terminated);
  CHECK(result.exit_code() == 143);
}

TEST_CASE("the summary says what was verified, what not, and where the evidence is", "[result]") {
  Result result = with({{Outcome::verified, {}}, {Outcome::failed, Kind::busy}});
  result.actions[1].text = "rate limited\x1b[2J";
  result.report = "evidence/report.html";
  const std::string text = result_summary(result, {});
  CHECK_THAT(text, Catch::Contains("Fake: remove bob@example.com: 1 of 2 verified, 1 failed"));
  CHECK_THAT(text, Catch::Contains("✗ team acme  rate limited\\u{1b}"));
  CHECK_THAT(text, Catch::Contains("Evidence: evidence/report.html"));
}

TEST_CASE("the summary never cuts what was removed: on a narrow terminal the outcome stands below",
          "[result]") {
  Result result = with({{Outcome::verified, {}}});
  result.actions[0].action.resource.name = std::string(70, 'x');
  result.actions[0].text = "gone: a fresh listing does not show it";
  const std::string whole = result.actions[0].action.describe();
  CHECK_THAT(result_summary(result, {80, false, false}), Catch::Contains(whole + "  gone"));
  CHECK_THAT(result_summary(result, {80, false, true}), Catch::Contains(whole + "\n      gone"));
}

}  // namespace offstage::result_test
