#include <algorithm>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "recording/redact.h"

namespace offstage::recording_redact_test {

using namespace recording;

namespace {

Exchange answered(std::string url, std::string type, std::string body) {
  Exchange exchange;
  exchange.url = std::move(url);
  exchange.status = 200;
  exchange.response_headers = {{"Content-Type", std::move(type)}};
  exchange.response_body = std::move(body);
  return exchange;
}

Exchange posted(std::string url, std::string type, std::string body) {
  Exchange exchange = answered(std::move(url), "text/plain", "ok");
  exchange.method = "POST";
  exchange.request_headers = {{"Content-Type", std::move(type)}};
  exchange.request_body = std::move(body);
  return exchange;
}

Recording of(std::vector<Exchange> exchanges) {
  Recording recording;
  recording.exchanges = std::move(exchanges);
  return recording;
}

Recording redacted(Recording recording, TrafficRules rules = {}) {
  return Redactor(std::move(rules)).redact(std::move(recording));
}

/// The redacted body of a page or an answer that is all there is.
std::string body_of(std::string type, std::string body, TrafficRules rules = {}) {
  return redacted(of({answered("https://a.test/", std::move(type), std::move(body))}), std::move(rules))
      .exchanges[0]
      .response_body;
}

const Placeholder* placeholder(const Recording& recording, const std::string& text) {
  const auto found = std::find_if(recording.placeholders.begin(), recording.placeholders.end(),
                                  [&text](const Placeholder& each) { return each.text == text; });
  return found == recording.placeholders.end() ? nullptr : &*found;
}

constexpr const char* html = "text/html; charset=utf-8";
constexpr const char* json = "application/json";
constexpr const char* form = "application/x-www-form-urlencoded";

}  // namespace

TEST_CASE("known secrets and codes become placeholders that a replay can be given", "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_secret("email", Secret("Offstage@corp.io"));
  redactor.add_secret("password", Secret("correct horse & battery"));
  redactor.add_code(Secret("482913"));
  redactor.add_code(Secret("771204"));
  const Recording out = redactor.redact(
      of({posted("https://a.test/login", form, "user=Offstage%40corp.io&password=correct+horse+%26+battery"),
          posted("https://a.test/mfa", json, R"({"otp":"771204"})")}));
  CHECK(*out.exchanges[0].request_body == "user=Person1%40example.test&password=offstage-secret-password");
  CHECK(*out.exchanges[1].request_body == R"({"otp":"000002"})");
  CHECK(out.secrets == std::vector<std::pair<std::string, std::string>>{
                           {"email", "person1@example.test"}, {"password", "offstage-secret-password"}});
  CHECK(out.codes == std::vector<std::string>{"000001", "000002"});
  REQUIRE(placeholder(out, "offstage-secret-password") != nullptr);
  CHECK(placeholder(out, "offstage-secret-password")->kind == "secret");
  CHECK_FALSE(placeholder(out, "offstage-secret-password")->from_page);
  CHECK(placeholder(out, "000001")->kind == "code");
}

TEST_CASE("a secret too short to be told from other text is refused", "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_secret("none", Secret(""));
  redactor.add_secret("pin", Secret("1234"));
  CHECK_THROWS_WITH(redactor.add_secret("pin", Secret("123")),
                    Catch::Contains("the secret pin has fewer than 4"));
}

TEST_CASE("one address has one placeholder in cookie, header, form, JSON, HTML and their encodings",
          "[redact]") {
  Exchange page =
      answered("https://a.test/u/dana%40corp.io", html,
               "<p title='dana&#64;corp.io'>dana@corp.io</p><script>u=\"dana\\u0040corp.io\"</script>");
  page.request_headers = {{"Cookie", "who=dana%40corp.io"}, {"Referer", "https://a.test/?q=dana%40corp.io"}};
  page.response_headers.emplace_back("Set-Cookie", "who=dana%40corp.io; Path=/");
  const Recording out = redacted(of({page, posted("https://a.test/x", form, "a=1&mail=dana%40corp.io"),
                                     answered("https://a.test/y", json,
                                              R"({"m":"dana@corp.io","n":"dana\u0040corp.io","b":")" +
                                                  base64_encoded("mail:dana@corp.io") + "\"}")}));
  CHECK(out.exchanges[0].url == "https://a.test/u/person1%40example.test");
  CHECK(out.exchanges[0].request_headers[0].second == "who=person1%40example.test");
  CHECK(out.exchanges[0].request_headers[1].second == "https://a.test/?q=person1%40example.test");
  CHECK(*header(out.exchanges[0].response_headers, "set-cookie") == "who=person1%40example.test; Path=/");
  CHECK(out.exchanges[0].response_body ==
        "<p title='person1&#64;example.test'>person1@example.test</p>"
        "<script>u=\"person1\\u0040example.test\"</script>");
  CHECK(*out.exchanges[1].request_body == "a=1&mail=person1%40example.test");
  CHECK(out.exchanges[2].response_body ==
        R"({"m":"person1@example.test","n":"person1\u0040example.test","b":")" +
            base64_encoded("mail:person1@example.test") + "\"}");
  CHECK(out.placeholders.size() == 1);
}

TEST_CASE("cookies are bound from Set-Cookie and from Cookie, one number for each value of a name",
          "[redact]") {
  Exchange first = answered("https://a.test/", html, "");
  first.response_headers.emplace_back("Set-Cookie", "my_session=s%3Aone-1f9Xq.sig; HttpOnly");
  first.response_headers.emplace_back("Set-Cookie", "theme=dark; Path=/");
  Exchange second = answered("https://a.test/", html, "<i>s:one-1f9Xq.sig</i>");
  second.request_headers = {{"Cookie", "my_session=s%3Aone-1f9Xq.sig; made=b7Gk2x9Q; theme=dark"}};
  second.response_headers.emplace_back("Set-Cookie", "my_session=s%3Atwo-8d2Kp.sig; HttpOnly");
  const Recording out = redacted(of({first, second}));
  CHECK(out.exchanges[0].response_headers[1].second == "my_session=offstage-cookie-mysession-1; HttpOnly");
  CHECK(out.exchanges[0].response_headers[2].second == "theme=dark; Path=/");
  CHECK(out.exchanges[1].request_headers[0].second ==
        "my_session=offstage-cookie-mysession-1; made=offstage-cookie-made-1; theme=dark");
  CHECK(out.exchanges[1].response_headers[1].second == "my_session=offstage-cookie-mysession-2; HttpOnly");
  CHECK(out.exchanges[1].response_body == "<i>offstage-cookie-mysession-1</i>");
  CHECK(placeholder(out, "offstage-cookie-mysession-1")->name == "my_session");
  CHECK_FALSE(placeholder(out, "offstage-cookie-mysession-1")->from_page);
  CHECK(placeholder(out, "offstage-cookie-made-1")->from_page);
}

TEST_CASE("credentials of Authorization are bound, and Basic stays base64", "[redact]") {
  Exchange bearer = answered("https://a.test/1", json, R"({"echo":"HRKU-1f9Xq8d2"})");
  bearer.request_headers = {{"Authorization", "Bearer HRKU-1f9Xq8d2"}};
  Exchange basic = answered("https://a.test/2", json, R"({"echo":"hunter"})");
  basic.request_headers = {{"Authorization", "Basic " + base64_encoded("dana@corp.io:hunter")}};
  const Recording out = redacted(of({bearer, basic}));
  CHECK(out.exchanges[0].request_headers[0].second == "Bearer offstage-token-authorization-1");
  CHECK(out.exchanges[0].response_body == R"({"echo":"offstage-token-authorization-1"})");
  CHECK(out.exchanges[1].request_headers[0].second ==
        "Basic " + base64_encoded("person1@example.test:offstage-token-password-1"));
}

TEST_CASE("a token is known by its field's name, wherever the field stands", "[redact]") {
  const std::string value = "q7Xz-19.kP";
  const auto page = GENERATE(as<std::pair<std::string, std::string>>{},
                             std::pair{html, "<meta content=\"@\" name=\"csrf-token\">"},
                             std::pair{html, "<input type='hidden' value='@' name='_csrf'>"},
                             std::pair{html, "<form data-authenticity-token=\"@\">"},
                             std::pair{html, "<script nonce=@>x()</script>"},
                             std::pair{html, "<script>window.cfg = {csrfToken: '@', a: 1}</script>"},
                             std::pair{html, "<a href=\"/go?a=1&amp;access_token=@&amp;b=2\">go</a>"},
                             std::pair{html, "<div data-config=\"{&quot;apiKey&quot;:&quot;@&quot;}\">"},
                             std::pair{json, "{\"a\":[{\"deep\":{\"XSRF_TOKEN\":\"@\"}}]}"},
                             std::pair{json, "{\"csrf\":{\"value\":\"@\"}}"},
                             std::pair{json, "{\"inner\":\"{\\\"refresh-token\\\":\\\"@\\\"}\"}"},
                             std::pair{json, "{\"url\":\"https:\\/\\/a.test\\/?x=1\\u0026id_token=@\"}"},
                             std::pair{"text/event-stream", "event: x\ndata: {\"session_id\":\"@\"}\n\n"});
  std::string body = page.second;
  body.replace(body.find('@'), 1, value);
  CAPTURE(body);
  const std::string now = body_of(page.first, body);
  CHECK(now.find(value) == std::string::npos);
  CHECK(now.find("offstage-token-") != std::string::npos);
}

TEST_CASE("tokens of requests are bound: query, form, multipart, JSON, headers", "[redact]") {
  Exchange upload =
      posted("https://a.test/u", "multipart/form-data; boundary=x",
             "--x\r\nContent-Disposition: form-data; name=\"otp_secret\"\r\n\r\nQ2-one-9x\r\n--x--\r\n");
  upload.request_headers.emplace_back("X-CSRF-Token", "Q3-two-8y");
  const Recording out =
      redacted(of({answered("https://a.test/cb?code=4%2F0AX4Xf9Wh&state=Zk9-2pQ7x", html, ""),
                   posted("https://a.test/t", form, "a=b&user%5Bpassword%5D=plainword&c=d"), upload,
                   posted("https://a.test/j", json, R"({"password":"otherword"})")}));
  CHECK(out.exchanges[0].url == "https://a.test/cb?code=offstage-token-code-1&state=offstage-token-state-1");
  CHECK(*out.exchanges[1].request_body == "a=b&user%5Bpassword%5D=offstage-token-userpassword-1&c=d");
  CHECK(out.exchanges[2].request_body->find("\r\n\r\noffstage-token-otpsecret-1\r\n") != std::string::npos);
  CHECK(*header(out.exchanges[2].request_headers, "x-csrf-token") == "offstage-token-xcsrftoken-1");
  CHECK(*out.exchanges[3].request_body == R"({"password":"offstage-token-password-1"})");
}

TEST_CASE("a redirect's Location tells tokens that the page did not make up", "[redact]") {
  Exchange redirect = answered("https://a.test/login", html, "");
  redirect.status = 302;
  redirect.response_headers = {{"Location", "https://id.test/authorize?state=Zk9-2pQ7x&nonce=8dK-q1Xz"}};
  const Recording out =
      redacted(of({redirect, answered("https://id.test/authorize?state=Zk9-2pQ7x&nonce=8dK-q1Xz", html, ""),
                   answered("https://id.test/again?nonce=9eL-r2Ya", html, "nonce is 9eL-r2Ya")}));
  CHECK(out.exchanges[1].url ==
        "https://id.test/authorize?state=offstage-token-state-1&nonce=offstage-token-nonce-1");
  CHECK_FALSE(placeholder(out, "offstage-token-state-1")->from_page);
  CHECK(placeholder(out, "offstage-token-nonce-2")->from_page);
}

TEST_CASE("ordinary values of fields with a token's name stay", "[redact]") {
  const auto body = GENERATE(as<std::string>{}, R"({"state":"pending","code":"not_found"})",
                             R"({"code":"100234","state":"us-east-1","token":"true"})",
                             R"({"session":"production1","code":404,"secret":"admin"})",
                             R"({"signature":"Best regards, all","state":"https://a.test/x1Y2z3"})",
                             R"({"challenge":"2026-11-24","token":"abc","nonce":""})",
                             R"({"state":"awaitingApproval","password":"required"})");
  CHECK(body_of(json, body) == body);
}

TEST_CASE("a connector names fields of its own", "[redact]") {
  TrafficRules rules;
  rules.tokens = {"Handshake-Id"};
  CHECK(body_of(json, R"({"handshake_id":"kq81-xyz"})", rules) ==
        R"({"handshake_id":"offstage-token-handshakeid-1"})");
  CHECK(body_of(json, R"({"handshake_id":"kq81-xyz"})") == R"({"handshake_id":"kq81-xyz"})");
}

TEST_CASE("UUIDs become stable ids, with and without dashes", "[redact]") {
  CHECK(body_of(json, R"(["01234567-89ab-cdef-0123-456789abcdef","01234567-89AB-CDEF-0123-456789ABCDEF",)"
                      R"("0123456789abcdef0123456789abcdef","00000000-0000-0000-0000-000000000000",)"
                      R"("11234567-89ab-cdef-0123-456789abcdef"])") ==
        R"(["00000000-0000-4000-8000-000000000001","00000000-0000-4000-8000-000000000001",)"
        R"("00000000000040008000000000000001","00000000-0000-0000-0000-000000000000",)"
        R"("00000000-0000-4000-8000-000000000002"])");
}

TEST_CASE("a JSON Web Token is replaced whole", "[redact]") {
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkYW5hQGNvcnAuaW8ifQ.x5-A_kqkTzL0";
  CHECK(body_of(html, "<b>" + jwt + "</b>") == "<b>offstage-token-jwt-1</b>");
}

TEST_CASE("people are numbered in the order of their addresses, plus tags are people of their own",
          "[redact]") {
  CHECK(
      body_of(json, R"(["zed@corp.io","dana@corp.io","dana+test@corp.io","Zed@corp.io"])") ==
      R"(["person3@example.test","person1@example.test","person1+tag1@example.test","Person3@example.test"])");
}

TEST_CASE("fakes of many people sort as their numbers do", "[redact]") {
  std::string body = "[";
  for (char c = 'a'; c <= 'l'; ++c)
    body += std::string("\"") + c + "@corp.io\",";
  const std::string now = body_of(html, body);
  CHECK_THAT(now, Catch::Contains("[\"person01@example.test\",\"person02@example.test\"") &&
                      Catch::Contains("\"person12@example.test\""));
}

TEST_CASE("the + of a tag is written as it was", "[redact]") {
  const Recording out = redacted(of({posted("https://a.test/x", form, "mail=dana%2Btest%40corp.io"),
                                     answered("https://a.test/y", json, R"(["dana\u002Btest@corp.io"])")}));
  CHECK(*out.exchanges[0].request_body == "mail=person1%2Btag1%40example.test");
  CHECK(out.exchanges[1].response_body == R"(["person1\u002Btag1@example.test"])");
}

TEST_CASE("a fake behind an escape is no address of its own", "[redact]") {
  CHECK(body_of(json, R"({"t":"Dear\ndana@corp.io","u":"\u003cdana@corp.io\u003e"})") ==
        R"({"t":"Dear\nperson1@example.test","u":"\u003cperson1@example.test\u003e"})");
}

TEST_CASE("what looks like an address but is a file or a package stays", "[redact]") {
  const std::string page = "<img src='/logo@2x.png'><i>react@18.2.0</i><i>@media</i><i>a@b</i>";
  CHECK(body_of(html, page) == page);
}

TEST_CASE("names in objects with an address are the same person as the address", "[redact]") {
  CHECK(body_of(json, R"([{"email":"zed@corp.io","name":"Zoë Ålund"},{"user":{"full_name":"Kim Poe"}},)"
                      R"({"name":"Acme Data"},{"t":"Zoë Ålund, KIM POE and Kim Poetry"}])") ==
        R"([{"email":"person1@example.test","name":"Person 1"},{"user":{"full_name":"Person 2"}},)"
        R"({"name":"Acme Data"},{"t":"Person 1, PERSON 2 and Kim Poetry"}])");
}

TEST_CASE("a first and a last name put together are the whole name", "[redact]") {
  CHECK(
      body_of(
          json,
          R"({"email":"dw@corp.io","first_name":"Dana","last_name":"Whitfield","x":"Dana Whitfield!"})") ==
      R"({"email":"person1@example.test","first_name":"Person1","last_name":"Surname1","x":"Person1 Surname1!"})");
}

TEST_CASE("roles, states and names of mailboxes are nobody's names", "[redact]") {
  CHECK(body_of(json,
                R"({"email":"no-reply@corp.io","name":"admin","user":{"name":"Pending"},"x":"No reply"})") ==
        R"({"email":"person1@example.test","name":"admin","user":{"name":"Pending"},"x":"No reply"})");
}

TEST_CASE("a single-word name is left alone in scripts and in other words", "[redact]") {
  const Recording out =
      redacted(of({answered("https://a.test/u", json, R"({"email":"m@corp.io","name":"Mark"})"),
                   answered("https://a.test/a.js", "text/javascript", "class Mark {}"),
                   answered("https://a.test/p", html, "<p>Mark, bookmark, Marking, mark</p>")}));
  CHECK(out.exchanges[0].response_body == R"({"email":"person1@example.test","name":"Person1"})");
  CHECK(out.exchanges[1].response_body == "class Mark {}");
  CHECK(out.exchanges[2].response_body == "<p>Person1, bookmark, Marking, mark</p>");
}

TEST_CASE("a name that the caller knows is replaced", "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_person("Kofi Asante");
  CHECK(redactor.redact(of({answered("https://a.test/", html, "<p>Kofi Asante &lt;kofi.asante@corp.io&gt;")}))
            .exchanges[0]
            .response_body == "<p>Person 1 &lt;person1@example.test&gt;");
}

TEST_CASE("everything that a recording holds is redacted", "[redact]") {
  Recording raw;
  raw.title = "Remove dana@corp.io";
  raw.arguments = {{"user", "dana@corp.io"}, {"dana@corp.io", {1, "dana@corp.io"}}};
  raw.start_url = "https://a.test/?u=dana%40corp.io";
  raw.websockets = {"wss://a.test/dana@corp.io"};
  raw.dialogs = {{"confirm", "Remove dana@corp.io?"}};
  Snapshot snapshot;
  snapshot.url = "https://a.test/dana@corp.io";
  snapshot.html = "<p>dana@corp.io</p>";
  snapshot.within = {{{{"tr[data-user='dana@corp.io']"}}, {{"td"}}, "dana@corp.io"}};
  snapshot.variables = {{"user", "dana@corp.io"}};
  snapshot.seen = Json::array({{{"user", "dana@corp.io"}}});
  raw.snapshots = {snapshot};
  raw.ending.message = "dana@corp.io is the last admin";
  raw.ending.variables = {{"grants", {"dana@corp.io"}}};
  raw.ending.commits = Json::array({{{"target", "dana@corp.io"}}});
  const Recording out = redacted(raw);
  CHECK(out.title == "Remove person1@example.test");
  CHECK(out.arguments ==
        Json{{"user", "person1@example.test"}, {"person1@example.test", {1, "person1@example.test"}}});
  CHECK(out.start_url == "https://a.test/?u=person1%40example.test");
  CHECK(out.websockets[0] == "wss://a.test/person1@example.test");
  CHECK(out.dialogs[0].message == "Remove person1@example.test?");
  CHECK(out.snapshots[0].url == "https://a.test/person1@example.test");
  CHECK(out.snapshots[0].html == "<p>person1@example.test</p>");
  CHECK(out.snapshots[0].within[0].equals == "person1@example.test");
  CHECK(out.snapshots[0].within[0].rows[0][0] == "tr[data-user='person1@example.test']");
  CHECK(out.snapshots[0].variables.dump().find("corp.io") == std::string::npos);
  CHECK(out.snapshots[0].seen.dump().find("corp.io") == std::string::npos);
  CHECK(out.ending.message == "person1@example.test is the last admin");
  CHECK(out.ending.variables.dump().find("corp.io") == std::string::npos);
  CHECK(out.ending.commits.dump().find("corp.io") == std::string::npos);
}

TEST_CASE("only headers that matter are kept", "[redact]") {
  TrafficRules rules;
  rules.key_headers = {"X-Range"};
  Exchange exchange = answered("https://a.test/", json, "{}");
  exchange.request_headers = {
      {"accept", "*/*"}, {"User-Agent", "Chrome"}, {"x-range", "id"}, {"Sec-Fetch-Mode", "cors"}};
  exchange.response_headers = {{"Content-Type", json},
                               {"Next-Range", "id ]x.."},
                               {"ETag", "\"1f9Xq8d2Kp7Zm3Wv6Bn4Ty5\""},
                               {"X-Request-Id", "abc"},
                               {"Server", "x"},
                               {"Access-Control-Allow-Origin", "*"},
                               {"Date", "Sat, 31 Jan 2026 09:30:00 GMT"}};
  const Recording out = redacted(of({exchange}), rules);
  CHECK(out.exchanges[0].request_headers == Headers{{"accept", "*/*"}, {"x-range", "id"}});
  CHECK(out.exchanges[0].response_headers == Headers{{"Content-Type", json},
                                                     {"Next-Range", "id ]x.."},
                                                     {"ETag", "\"1f9Xq8d2Kp7Zm3Wv6Bn4Ty5\""},
                                                     {"Access-Control-Allow-Origin", "*"},
                                                     {"Date", "Sat, 31 Jan 2026 09:30:00 GMT"}});
}

TEST_CASE("secrets keep their names, and versions their digests", "[redact]") {
  Redactor redactor{TrafficRules{}};
  redactor.add_secret("password", Secret("password"));
  Recording raw;
  raw.versions = {{"offstage", "f3421359f86d081884c7d659a2feaa0c55ad015a"}};
  const Recording out = redactor.redact(raw);
  CHECK(out.secrets[0] == std::pair<std::string, std::string>{"password", "offstage-secret-password"});
  CHECK(out.versions == raw.versions);
}

TEST_CASE("a cookie that a page may read as JSON stays JSON", "[redact]") {
  Exchange exchange = answered("https://a.test/", html, "");
  exchange.request_headers = {{"Cookie", "prefs=%7B%22token%22%3A%22q7Xz-19.kP%22%2C%22n%22%3A1%7D"}};
  CHECK(redacted(of({exchange})).exchanges[0].request_headers[0].second ==
        "prefs=%7B%22token%22%3A%22offstage-token-token-1%22%2C%22n%22%3A1%7D");
}

TEST_CASE("a recording that holds what no rule named is refused, with the place and no secret", "[redact]") {
  const std::string value = "x9Kq2LmZ8vR4tY7wB3nC6";
  try {
    body_of(json, "{\"handle\":\"" + value + "\"}");
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::refused);
    CHECK_THAT(error.message(),
               Catch::Contains("exchange 0, response body, after `handle`, byte 11: what looks like "
                               "a token, \"x9Kq…\" (21 characters)"));
    CHECK_THAT(error.explain(), !Catch::Contains(value));
    CHECK_THAT(error.hint(), Catch::Contains("recording.tokens") && Catch::Contains("recording.public"));
  }
}

}  // namespace offstage::recording_redact_test
