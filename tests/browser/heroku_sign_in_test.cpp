#include <catch2/catch.hpp>

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

TEST_CASE("a key that gives wrong codes needs a person", "[heroku][sign-in]") {
  HerokuStage stage(Faults{{"mfa", "totp"}});
  stage.secrets.add("totp", Secret("JBSWY3DPEHPK3PXP"));
  const Error error = error_of([&] { stage.console()->sign_in(patience()); });
  INFO(error.explain());
  CHECK(error.kind() == Kind::human);
  CHECK_THAT(error.explain(), Catch::Contains("one-time code"));
}

}  // namespace offstage::heroku_sign_in_test
