// Addresses of people that stand in a recording in ways that hide them: each is replaced, or nothing is
// written.
#include <catch2/catch.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "error_of.h"
#include "recording/redact.h"
#include "recording/shapes.h"

namespace offstage::recording_people_test {

using namespace recording;

namespace {

constexpr const char* html = "text/html; charset=utf-8";
constexpr const char* dana = "dana.whitfield@corp.io";

Exchange answered(std::string type, std::string body) {
  Exchange exchange;
  exchange.url = "https://a.test/";
  exchange.status = 200;
  exchange.response_headers = {{"Content-Type", std::move(type)}};
  exchange.response_body = std::move(body);
  return exchange;
}

/// A page that shows an address as it is, so that it is known.
Exchange shown(const std::string& address = dana) {
  return answered(html, "<td>" + address + "</td>");
}

Recording redacted(std::vector<Exchange> exchanges) {
  Recording recording;
  recording.exchanges = std::move(exchanges);
  return Redactor{TrafficRules{}}.redact(std::move(recording));
}

std::string body_of(std::string type, std::string body) {
  return redacted({answered(std::move(type), std::move(body))}).exchanges[0].response_body;
}

/// What a recording of these is refused with.
std::string refusal(std::vector<Exchange> exchanges) {
  const Error error = test::error_of([&] { redacted(std::move(exchanges)); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.explain(), !Catch::Contains(dana));
  return error.message();
}

/// A text as UTF-16, as an export for a spreadsheet has it.
std::string in_utf16(const std::string& text) {
  std::string out = "\xFF\xFE";
  for (const char c : text)
    out += {c, '\0'};
  return out;
}

}  // namespace

TEST_CASE("an address in base64 behind a prefix is replaced", "[redact][people]") {
  const std::string mark = GENERATE(as<std::string>{}, "-", "_");
  CHECK(body_of(html, "<tr id=\"member" + mark + base64_encoded("bob@acme.com") + "\">") ==
        "<tr id=\"member" + mark + "cGVyc29uMUBleGFtcGxlLnRlc3Q\">");
}

TEST_CASE("a known address in base64 at any place of a longer word is refused", "[redact][people]") {
  const std::string prefix = GENERATE(as<std::string>{}, "", "a", "ab");
  const std::string encoded = base64_encoded(prefix + "\xFF\xFE" + dana);
  CHECK_THAT(refusal({shown(), answered(html, "<i id=x" + encoded + ">")}),
             Catch::Contains("exchange 1, response body") && Catch::Contains("an e-mail address"));
}

TEST_CASE("a known address in a picture, a file or UTF-16 is refused", "[redact][people]") {
  const std::string type = GENERATE(as<std::string>{}, "image/png", "application/x-protobuf");
  const std::string bytes = GENERATE(as<std::string>{}, "\xFF Dana.Whitfield@corp.io", in_utf16(dana));
  CHECK_THAT(refusal({shown(), answered(type, bytes)}), Catch::Contains("an e-mail address"));
}

TEST_CASE("in a file that is no text any address is refused, and what chance makes is none",
          "[redact][people]") {
  const std::string address = std::string("\x0A\xFF\x16") + dana + "\x12";
  CHECK_THAT(refusal({answered("application/x-protobuf", address)}), Catch::Contains("an e-mail address"));
  CHECK_NOTHROW(body_of("application/x-protobuf", "\xFF q@z.io \xFF ab@cd.ef \xFF"));
  CHECK_NOTHROW(body_of("font/woff2", "\xFF someone@foundry.com"));
}

TEST_CASE("a request with a compressed body is refused: nobody can look into it", "[redact][people]") {
  const std::string body =
      GENERATE(as<std::string>{}, std::string("\x1F\x8B\x08\0\0", 5), "x\x9C\xABV", "x\xDA\xAB\xFF");
  Exchange sent = answered("text/plain", "ok");
  sent.method = "POST";
  sent.request_headers = {{"Content-Type", "application/json"}};
  sent.request_body = body;
  CHECK_THAT(refusal({sent}), Catch::Contains("request body") && Catch::Contains("compressed"));
  sent.request_body = "x^2 + y^2";
  CHECK_NOTHROW(redacted({sent}));
}

TEST_CASE("an address that tags or unseen marks divide is refused", "[redact][people]") {
  const std::string page =
      GENERATE(as<std::string>{}, "<span>dwhitfield</span>@<span class='x'>corp.io</span>",
               "dwhitfield@<wbr>corp.io", "dwhitfield<!-- -->@<!-- -->corp.io", "<b>dwhitfield@</b>corp.io",
               "dwhitfield&shy;@&#8203;corp.io<br>", "{\"html\":\"<i>dwhitfield</i>@<i>corp.io</i>\"}");
  CHECK_THAT(refusal({answered(html, page)}), Catch::Contains("that tags divide"));
}

TEST_CASE("a known address of which tags divide the name is refused", "[redact][people]") {
  CHECK_THAT(refusal({shown("dwhitfield@corp.io"), answered(html, "<td><b>dwhit</b>field@corp.io</td>")}),
             Catch::Contains("exchange 1, response body") && Catch::Contains("that tags divide"));
}

TEST_CASE("what stands beside an address in a tag of its own is no part of it", "[redact][people]") {
  CHECK(body_of(html, "<b>Owner</b><i>dw@corp.io</i><span>admin</span><p>a <b>b</b>@<b>c</b></p>") ==
        "<b>Owner</b><i>person1@example.test</i><span>admin</span><p>a <b>b</b>@<b>c</b></p>");
}

TEST_CASE("addresses with letters beyond ASCII, and with an apostrophe, are replaced", "[redact][people]") {
  const std::string address = GENERATE(as<std::string>{}, "dana@m\xC3\xBCnchen.de", "jos\xC3\xA9@corp.io",
                                       "mary.o'brien@corp.io", "dana@\xD0\xBF\xD1\x80.\xD1\x80\xD1\x84");
  CAPTURE(address);
  CHECK(body_of(html, "<td>" + address + "</td><td>" + html_escaped(address) + "</td>") ==
        "<td>person1@example.test</td><td>person1@example.test</td>");
  CHECK(body_of("application/json", Json{{"user", address}}.dump(-1, ' ', true)) ==
        R"({"user":"person1@example.test"})");
}

TEST_CASE("quotation marks, dashes and words beside an address are no part of it", "[redact][people]") {
  CHECK(
      body_of(html,
              "'dw@corp.io' \xE2\x80\x9C"
              "dw@corp.io\xE2\x80\x9D \xE2\x80\x94"
              "dw@corp.io\xE2\x80\x94 "
              "\xE8\x81\x94\xE7\xB3\xBB"
              "dw@corp.io\xE8\x81\x94 \xC2\xA0"
              "dw@corp.io\xC2\xA0") ==
      "'person1@example.test' \xE2\x80\x9Cperson1@example.test\xE2\x80\x9D "
      "\xE2\x80\x94person1@example.test\xE2\x80\x94 \xE8\x81\x94\xE7\xB3\xBBperson1@example.test\xE8\x81\x94 "
      "\xC2\xA0person1@example.test\xC2\xA0");
}

TEST_CASE("an address in the name of a file is replaced", "[redact][people]") {
  CHECK(body_of(html, "<img src=\"/avatars/dana.whitfield@corp.io.png\"><a href=/x/dw@corp.io.json.map>") ==
        "<img src=\"/avatars/person1@example.test.png\"><a href=/x/person2@example.test.json.map>");
  for (const char* file : {"logo@2x.png", "icon@2x.min.js", "react@18.2.0.tgz", "jquery@3.6.0.min.js"})
    CHECK(redaction::addresses_in(file).empty());
}

}  // namespace offstage::recording_people_test
