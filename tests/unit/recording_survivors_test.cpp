#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "error_of.h"
#include "recording/redact.h"
#include "recording/survivors.h"

namespace offstage::recording_survivors_test {

using namespace recording;
using namespace recording::redaction;

namespace {

constexpr const char* secret = "s3cr&t/\"Va+lue";

/// What is found in a body of this type, which nobody redacted, with one secret bound.
std::vector<Survivor> found_in(const std::string& type, const std::string& body,
                               const std::vector<std::string>& public_values = {}) {
  Bindings bindings;
  bindings.secret("password", secret);
  bindings.code("482913");
  bindings.address("dana@corp.io", "person1@example.test");
  Recording recording;
  recording.exchanges.emplace_back();
  recording.exchanges[0].response_headers = {{"Content-Type", type}};
  recording.exchanges[0].response_body = body;
  return Survivors(bindings.all(), public_values).find(recording);
}

bool is_found(const std::string& body) {
  return !found_in("text/html", body).empty();
}

}  // namespace

TEST_CASE("a secret that was not replaced is found in base64 inside JSON", "[redact]") {
  const std::vector<Survivor> found = found_in(
      "application/json", "{\"a\":{\"blob\":\"" + base64_encoded(std::string("user:") + secret) + "\"}}");
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].what == "the value of secret password");
  CHECK_THAT(found[0].where, Catch::Contains("exchange 0, response body"));
  CHECK(found[0].glimpse == "\"s3c…\" (14 characters)");
  CHECK_THROWS_AS(refuse_survivors(found), Error);
}

TEST_CASE("a secret is found in every encoding", "[redact]") {
  const std::string json = Json(secret).dump();
  const std::string text = GENERATE_COPY(
      as<std::string>{}, secret, url_encoded(secret), ascii_lower(url_encoded(secret)).replace(6, 0, ""),
      url_encoded(url_encoded(secret)), html_escaped(secret), html_escaped(html_escaped(secret)), json,
      Json(json).dump(), url_encoded(json), "s3cr\\u0026t\\u002f\\u0022Va\\u002blue",
      "s3cr&#38;t&#x2f;&#34;Va&#43;lue", base64_encoded(secret), base64_encoded(std::string("a") + secret),
      base64_encoded(std::string("ab") + secret + "x"),
      base64_encoded(base64_encoded(std::string("abcd") + secret)), base64_encoded(json),
      base64_encoded(url_encoded(secret)), url_encoded(base64_encoded(std::string("?>~~?") + secret)));
  CAPTURE(text);
  const bool lowered = text == ascii_lower(url_encoded(secret));
  CHECK((lowered || is_found("x " + text + " y")));
}

TEST_CASE("a secret is found in base64 that is broken into lines", "[redact]") {
  const std::string encoded = base64_encoded(std::string(50, 'a') + secret + std::string(50, 'b'));
  const std::size_t width = GENERATE(as<std::size_t>{}, 20, 64, 76);
  const std::string end = GENERATE(as<std::string>{}, "\n", "\r\n");
  std::string lines = "-----BEGIN KEY-----" + end;
  for (std::size_t at = 0; at < encoded.size(); at += width)
    lines += encoded.substr(at, width) + end;
  CHECK(is_found(lines + "-----END KEY-----"));
}

TEST_CASE("a code is found where it stands alone", "[redact]") {
  CHECK(is_found("<b>482913</b>"));
  CHECK(is_found("otp%3D482913"));
  CHECK_FALSE(is_found("<b>1482913</b>"));
}

TEST_CASE("an address that is no fake is found, in base64 too", "[redact]") {
  CHECK(is_found("<i>someone@corp.io</i>"));
  CHECK(is_found("<i>someone&#64;corp.io</i>"));
  CHECK(is_found("x=" + base64_encoded("mail=someone@corp.io")));
  CHECK_FALSE(is_found("<i>person1@example.test Person1%40example.test</i>"));
  CHECK(is_found("<i>person2@example.test</i>"));
}

TEST_CASE("in pictures, fonts and code only what is known is looked for", "[redact]") {
  const std::string noise = "x9Kq2LmZ8vR4tY7wB3nC6 someone@corp.io ";
  CHECK(found_in("image/png", noise).empty());
  CHECK(found_in("font/woff2", noise).empty());
  CHECK(found_in("", "\xff\xfe" + noise).size() == 1);
  CHECK(found_in("text/javascript", noise).empty());
  CHECK(found_in("text/css", noise).empty());
  for (const char* type : {"image/png", "application/octet-stream", "text/javascript", "text/css"}) {
    CAPTURE(type);
    CHECK_FALSE(found_in(type, std::string("\xff") + secret).empty());
  }
}

TEST_CASE("random runs are found, words and digests of files are not", "[redact]") {
  CHECK(is_found("<i id=x9Kq2LmZ8vR4tY7wB3nC6>"));
  CHECK(is_found("9f86d081884c7d659a2feaa0c55ad015"));
  CHECK(is_found("/assets/9f86d081884c7d659a2feaa0c55ad015.js"));
  CHECK_FALSE(is_found("<div class=application-settings__collaborators-table--wide>"));
  CHECK_FALSE(is_found(
      "<script integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\">"));
  CHECK_FALSE(is_found(
      "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4\">"));
  CHECK_FALSE(is_found("offstage-token-authorization-1 00000000-0000-4000-8000-000000000001"));
}

TEST_CASE("what a connector calls public may stay", "[redact]") {
  const std::string page = "<script src=/assets/app-9f86d081884c7d659a2feaa0c55ad015.js>";
  CHECK(found_in("text/html", page, {"app-[0-9a-f]{32}\\.js"}).empty());
  CHECK_FALSE(found_in("text/html", page + " x9Kq2LmZ8vR4tY7wB3nC6", {"app-[0-9a-f]{32}\\.js"}).empty());
  CHECK_THROWS_WITH(found_in("text/html", page, {"app-[0-9"}), Catch::Contains("no regular expression"));
}

TEST_CASE("a secret that is part of our own placeholders is not found in them", "[redact]") {
  Bindings bindings;
  bindings.secret("password", "password");
  Recording recording;
  recording.title = "offstage-secret-password, ok";
  CHECK(Survivors(bindings.all(), {}).find(recording).empty());
  recording.title = "my password, ok";
  CHECK(Survivors(bindings.all(), {}).find(recording).size() == 1);
}

namespace {

/// A recording of nothing but a script with this text.
Recording with_script(const std::string& text) {
  Recording recording;
  recording.scripts = {{"sign-in.json", std::string(64, 'a'), text, true}};
  return recording;
}

}  // namespace

TEST_CASE("a recording whose script holds a known secret is refused, with what to write instead",
          "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_secret("password", Secret(secret));
  const Error error = test::error_of(
      [&] { redactor.redact(with_script("{\"steps\": [{\"value\": " + Json(secret).dump() + "}]}")); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains("script sign-in.json, after `value`") &&
                                  Catch::Contains("the value of secret password"));
  CHECK_THAT(error.hint(), Catch::Contains("{{secret.NAME}}"));
}

TEST_CASE(
    "a recording whose script names a person is refused, and one whose script does not is written as "
    "it was",
    "[redact]") {
  const std::string person = R"({"steps": [{"selectors": [["text/dana@corp.io"]]}]})";
  CHECK(test::error_of([&] { Redactor{TrafficRules{}}.redact(with_script(person)); }).kind() ==
        Kind::refused);
  const std::string nobody =
      R"({"steps": [{"selectors": [["text/{{user}}"], ["#x9Kq2LmZ8vR4tY7wB3nC6"], ["//a[@href='/x']"]]}]})";
  CHECK(Redactor{TrafficRules{}}.redact(with_script(nobody)).scripts[0].text == nobody);
}

TEST_CASE("scripts that an update puts into a recording hold nobody's address", "[redact]") {
  const auto check = [](const std::string& text) {
    check_scripts(with_script(text).scripts, TrafficRules{});
  };
  const Error error =
      test::error_of([&] { check(R"({"steps": [{"selectors": [["text/dana@corp.io"]]}]})"); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains("script sign-in.json"));
  CHECK_NOTHROW(check(R"({"steps": [{"selectors": [["text/{{user}}"]]}]})"));
}

TEST_CASE("a placeholder is not called by a name that holds what is known", "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_code(Secret("482913"));
  Recording recording;
  recording.exchanges.emplace_back();
  recording.exchanges[0].response_headers = {{"Set-Cookie", "482913+x=q7Xz-19.kP"},
                                             {"Set-Cookie", "of-dw@corp.io=r8Xz-19.kP"}};
  recording.exchanges[0].response_body = "<i>dw@corp.io</i>";
  const Headers headers = redactor.redact(recording).exchanges[0].response_headers;
  CHECK(headers[0].second == "000001+x=offstage-cookie-value-1");
  CHECK_THAT(headers[1].second, Catch::EndsWith("=offstage-cookie-value-2"));
}

}  // namespace offstage::recording_survivors_test
