#include <ctime>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "console/heroku/identity.h"
#include "console/heroku/one_time_code.h"
#include "console/heroku/seed.h"

namespace offstage::practice_sign_in_test {

using Catch::Contains;
using practice_heroku::accepts_code;
using practice_heroku::answer_identity;
using practice_heroku::answer_verify;
using practice_heroku::code_of;
using practice_heroku::Request;
using practice_heroku::Response;
using practice_heroku::Stage;
using practice_heroku::world_of;

namespace {

const std::string key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// What stands in `text` between `before` and the next quote.
std::string quoted_after(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  REQUIRE(at != std::string::npos);
  const std::size_t start = at + before.size();
  return text.substr(start, text.find('"', start) - start);
}

std::string header(const Response& response, const std::string& name) {
  for (const auto& [each, value] : response.headers) {
    if (each == name) return value;
  }
  return {};
}

/// A browser with one cookie, which is all that the sign-in pages need.
struct Browser {
  Stage stage;
  std::string cookie;

  Browser() {
    stage.world = world_of(JsonDocument::parse(
        fmt::format(
            R"({{"automation":{{"email":"root@example.com","password":"right","totp":"{}"}},"teams":[]}})",
            key),
        "seed"));
  }

  Response send(const std::string& method, const std::string& target, const std::string& body = "") {
    Request request;
    request.method = method;
    request.host = "id.heroku.com";
    request.target = target;
    request.body = body;
    request.headers["cookie"] = cookie;
    Response response = answer_identity(stage, request);
    for (const auto& [name, value] : response.headers) {
      if (name == "Set-Cookie" && value.starts_with("identity-session="))
        cookie = value.substr(0, value.find(';'));
    }
    return response;
  }

  Response log_in(const std::string& password) {
    const std::string csrf = quoted_after(send("GET", "/login").body, "name=\"_csrf\" value=\"");
    return send("POST", "/login",
                fmt::format("_csrf={}&email=root%40example.com&password={}", csrf, url_encoded(password)));
  }

  /// What verify.salesforce.com answers to a code, after the right password.
  Response verify(const std::string& code) {
    const std::string note = quoted_after(log_in("right").body, "name=\"request\" value=\"");
    Request request;
    request.method = "POST";
    request.target = "/v1/verify/check";
    request.body = fmt::format("request={}&code={}", note, code);
    return answer_verify(stage, request);
  }
};

std::string code_now() {
  return code_of(key, std::time(nullptr));
}

}  // namespace

TEST_CASE("a code is good for its own half minute and the ones beside it", "[practice]") {
  const std::time_t now = 1700000000;
  CHECK(accepts_code(key, code_of(key, now), now));
  CHECK(accepts_code(key, code_of(key, now - 30), now));
  CHECK(accepts_code(key, code_of(key, now + 30), now));
  CHECK_FALSE(accepts_code(key, code_of(key, now - 90), now));
}

TEST_CASE("the right password and the right code lead to the dashboard", "[practice]") {
  Browser browser;
  const Json answer = Json::parse(browser.verify(code_now()).body);
  const Response back =
      browser.send("POST", "/login/mfa", "response=" + answer.at("response").get<std::string>());
  CHECK(header(back, "Location") == "https://dashboard.heroku.com/");
  CHECK(header(browser.send("GET", "/login"), "Location") == "https://dashboard.heroku.com/");
}

TEST_CASE("a wrong password leads back to the form and says so once", "[practice]") {
  Browser browser;
  CHECK(header(browser.log_in("wrong"), "Location") == "/login");
  CHECK_THAT(browser.send("GET", "/login").body, Contains("There was a problem with your login."));
  CHECK_THAT(browser.send("GET", "/login").body, !Contains("There was a problem with your login."));
}

TEST_CASE("a wrong code is refused", "[practice]") {
  Browser browser;
  CHECK(browser.verify("000000").status == 403);
}

TEST_CASE("a form without its token is refused with an empty page", "[practice]") {
  Browser browser;
  browser.send("GET", "/login");
  const Response response = browser.send("POST", "/login", "email=root%40example.com&password=right");
  CHECK(response.status == 403);
  CHECK(response.body.empty());
}

TEST_CASE("an answer from the verification site that is forged or another session's signs nobody in",
          "[practice]") {
  Browser one;
  const std::string good = Json::parse(one.verify(code_now()).body).at("response");
  std::string forged = good;
  forged[forged.find('.') + 5] ^= 1;
  one.send("POST", "/login/mfa", "response=" + forged);
  CHECK(one.send("GET", "/login").status == 200);

  const std::string before = one.cookie;
  one.cookie.clear();
  one.log_in("right");
  one.send("POST", "/login/mfa", "response=" + good);
  CHECK(one.send("GET", "/login").status == 200);
}

TEST_CASE("the request note alone does not sign in", "[practice]") {
  Browser browser;
  const std::string note = quoted_after(browser.log_in("right").body, "name=\"request\" value=\"");
  browser.send("POST", "/login/mfa", "response=" + note);
  CHECK(browser.send("GET", "/login").status == 200);
}

TEST_CASE("ten wrong passwords end in the rate limit, even with the right one", "[practice]") {
  Browser browser;
  for (int i = 0; i < 10; ++i)
    browser.log_in("wrong");
  browser.log_in("wrong again");
  CHECK_THAT(browser.send("GET", "/login").body, Contains("Account reached login rate limit"));
}

TEST_CASE("a code that was used is refused when the switch says so", "[practice]") {
  Browser browser;
  browser.stage.faults.set("code-once");
  const std::string code = code_now();
  CHECK(browser.verify(code).status == 200);
  CHECK(browser.verify(code).status == 403);
}

TEST_CASE("authorizing sends who is not signed in to the form, and back afterwards", "[practice]") {
  Browser browser;
  browser.stage.faults.set("mfa=none");
  const std::string authorize =
      "/oauth/authorize?client_id=practice-dashboard&response_type=code&state=a%20b";
  CHECK(header(browser.send("GET", authorize), "Location") == "/login");
  CHECK(header(browser.log_in("right"), "Location") == authorize);
  const std::string back = header(browser.send("GET", authorize), "Location");
  CHECK_THAT(back, Catch::StartsWith("https://dashboard.heroku.com/auth/heroku/callback?code=") &&
                       Catch::EndsWith("&state=a%20b"));
}

TEST_CASE("an OAuth client that nobody knows gets no code", "[practice]") {
  Browser browser;
  CHECK(header(browser.send("GET", "/oauth/authorize?client_id=evil&response_type=code"), "Location") ==
        "/login");
  CHECK_THAT(browser.send("GET", "/login").body, Contains("Unknown OAuth client."));
}

TEST_CASE("each reason for which signing in needs a person ends where the console says it", "[practice]") {
  const auto [fault, text] = GENERATE(table<std::string, std::string>({
      {"account-suspended", "Your account has been suspended"},
      {"password-expired", "Your password has expired. Please reset it."},
      {"login-rate-limit", "Account reached login rate limit"},
      {"device-trust", "This device is not trusted"},
      {"challenge", "One more thing"},
      {"mfa=enrol", "Set Up Multi-Factor Authentication"},
      {"mfa=nudge", "Secure Your Account"},
      {"mfa=legacy", "Two-factor authentication code:"},
  }));
  Browser browser;
  browser.stage.faults.set(fault);
  Response response = browser.log_in("right");
  if (response.status == 302) response = browser.send("GET", header(response, "Location"));
  CHECK_THAT(response.body, Contains(text));
}

}  // namespace offstage::practice_sign_in_test
