#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "browser_support.h"
#include "error_of.h"
#include "heroku_stage.h"

namespace offstage::heroku_sign_in_test {

using test::error_of;
using test::Fault;
using test::Faults;
using test::HerokuStage;
using test::patience;

namespace {

constexpr const char* account = "offstage@example.com";

/// What is said when somebody tries to sign in to a console with these faults.
Error refusal(const Faults& faults) {
  HerokuStage stage(faults);
  return error_of([&] { stage.console()->sign_in(patience()); });
}

/// The expressions that a script waits for, in order.
void add_expressions(const Json& steps, std::vector<std::string>& all) {
  if (steps.is_object() && steps.contains("expression")) all.push_back(steps.at("expression"));
  if (!steps.is_structured()) return;
  for (const auto& [name, inner] : steps.items())
    add_expressions(inner, all);
}

/// What the expressions are at these times (in milliseconds) of a page that asks the first of them at
/// `first`.
std::string asked(const std::vector<std::string>& expressions, int first, const std::vector<int>& times) {
  std::string list;
  for (const int time : times)
    list += fmt::format("at({}), ", time);
  return fmt::format(
      "(() => {{ const now = Date.now; let time; Date.now = () => time; delete window.usedCodeStep;"
      " const at = (t) => {{ time = t; return ({}) && ({}); }};"
      " try {{ at({}); return [{}].map(Number).join(''); }} finally {{ Date.now = now; }} }})()",
      expressions.at(0), expressions.at(1), first, list);
}

}  // namespace

TEST_CASE("signing in to Heroku answers the banner and the one-time code, and tells the account",
          "[heroku][sign-in]") {
  HerokuStage stage(Faults{{"cookie-banner", "on"}, {"mfa", "totp"}});
  CHECK(stage.console()->sign_in(patience()) == account);
}

TEST_CASE("signing in to Heroku gets past a late banner, an offer, and the older second step",
          "[heroku][sign-in]") {
  const std::vector<Faults> ways = {
      {{"cookie-banner", "late"}}, {{"mfa", "nudge"}}, {{"mfa", "legacy"}}, {{"offline-banner", "on"}}};
  for (const Faults& way : ways) {
    INFO(way.front().first << "=" << way.front().second);
    HerokuStage stage(way);
    CHECK(stage.console()->sign_in(patience()) == account);
  }
}

TEST_CASE("a wrong password needs a person and is told in Heroku's words, without the password",
          "[heroku][sign-in]") {
  HerokuStage stage;
  stage.secrets.add("password", Secret("not-the-password"));
  const Error error = error_of([&] { stage.console()->sign_in(patience()); });
  CHECK(error.kind() == Kind::human);
  CHECK_THAT(error.explain(), Catch::Contains("There was a problem with your login."));
  CHECK_THAT(error.explain(), !Catch::Contains("not-the-password"));
}

TEST_CASE("whatever keeps Heroku from letting one in is told as its kind, in Heroku's words",
          "[heroku][sign-in]") {
  struct Way {
    const char* fault;
    const char* value;
    Kind kind;
    const char* words;
  };
  const std::vector<Way> ways = {
      {"login-rate-limit", "on", Kind::busy, "login rate limit"},
      {"too-many-requests", "on", Kind::busy, "answered 429"},
      {"account-suspended", "on", Kind::human, "has been suspended"},
      {"password-expired", "on", Kind::human, "has expired"},
      {"device-trust", "on", Kind::human, "device is not trusted"},
      {"mfa", "enrol", Kind::human, "must use multi-factor"},
      {"id-unavailable", "on", Kind::unreachable, "answered 503"},
      {"maintenance", "on", Kind::unreachable, "undergoing maintenance"},
      {"api-status", "503", Kind::unreachable, "temporarily unavailable"},
      {"api-status", "429", Kind::busy, "rate limit"},
  };
  for (const Way& way : ways) {
    INFO(way.fault << "=" << way.value);
    const Error error = refusal({{way.fault, way.value}});
    INFO(error.explain());
    CHECK(error.kind() == way.kind);
    CHECK_THAT(error.explain(), Catch::Contains(way.words));
  }
}

TEST_CASE("a page that nobody has seen before needs a person", "[heroku][sign-in]") {
  const Error error = refusal({{"challenge", "on"}});
  CHECK(error.kind() == Kind::human);
  CHECK_THAT(error.explain(), Catch::Contains("Slide the piece"));
}

TEST_CASE("a one-time code that was used already is followed by the next", "[heroku][sign-in]") {
  HerokuStage stage(Faults{{"mfa", "totp"}, {"code-once", "on"}});
  CHECK(stage.console()->sign_in(patience()) == account);
  CHECK(stage.console()->sign_in(patience()) == account);
}

TEST_CASE("after a code that was used, the next is given half a second after it begins, and not before",
          "[heroku][sign-in]") {
  test::Stage stage;
  browser::Page& page = stage.show("<p>Codes</p>");
  for (const char* script : {"one-time-code.json", "two-factor-code.json"}) {
    std::vector<std::string> waits;
    add_expressions(Json::parse(read_file(std::string(OFFSTAGE_SOURCE_DIR "/scripts/heroku/") + script)),
                    waits);
    INFO(script);
    REQUIRE(waits.size() == 2);
    for (const int first : {60'000, 75'000, 89'400, 89'999}) {
      const std::string seen = asked(waits, first, {first, 90'000, 90'499, 90'500, 91'000});
      CAPTURE(first, seen);
      CHECK(page.wait_for_expression({}, seen + " === '00011'", test::soon()));
    }
    // Each of the two ends well within its time.
    const std::vector<std::string> near{waits[0], "true"};
    CHECK(page.wait_for_expression({}, asked(near, 60'000, {88'999, 89'000}) + " === '01'", test::soon()));
  }
}

TEST_CASE("a key that gives wrong codes needs a person", "[heroku][sign-in]") {
  HerokuStage stage(Faults{{"mfa", "totp"}});
  stage.secrets.add("totp", Secret("JBSWY3DPEHPK3PXP"));
  const Error error = error_of([&] { stage.console()->sign_in(patience()); });
  INFO(error.explain());
  CHECK(error.kind() == Kind::human);
  CHECK_THAT(error.explain(), Catch::Contains("one-time code"));
}

}  // namespace offstage::heroku_sign_in_test
