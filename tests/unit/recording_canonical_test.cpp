#include <functional>

#include <catch2/catch.hpp>

#include "recording/canonical.h"

namespace offstage::recording_canonical_test {

using namespace recording;

namespace {

Canonical form_of(const Request& request, const TrafficRules& rules = {}) {
  return canonical(request, rules);
}

Request get(std::string url, Headers headers = {}) {
  return {"GET", std::move(url), std::move(headers), {}, "Fetch"};
}

Request post(std::string body) {
  return {"POST", "https://a.test/x", {{"Content-Type", "application/json"}}, std::move(body), "Fetch"};
}

std::string told(const Request& recorded, const Request& asked, const TrafficRules& rules = {}) {
  const auto found = difference(form_of(recorded, rules), form_of(asked, rules), std::equal_to<>());
  if (!found) return "nothing";
  return found->field + ": " + found->expected.value_or("-") + " / " + found->actual.value_or("-");
}

double likeness_of(const Request& recorded, const Request& asked) {
  return likeness(form_of(recorded), form_of(asked), std::equal_to<>());
}

}  // namespace

TEST_CASE("one address asked for HTML and for JSON is two requests", "[recording][canonical]") {
  const auto accepting = [](const char* types) {
    return form_of(get("https://a.test/", {{"accept", types}}));
  };
  CHECK(accepting("text/html,application/xhtml+xml,*/*;q=0.8") != accepting("application/json"));
  CHECK(accepting("*/*") != accepting("application/json"));
  CHECK(accepting("*/*") == accepting("image/avif,image/webp,*/*;q=0.8"));
  CHECK(accepting("application/json, text/plain, */*") ==
        accepting("application/vnd.example+json; version=3"));
  CHECK(accepting("*/*") == form_of(get("https://a.test/")));
}

TEST_CASE("the headers that choose an answer count, others do not", "[recording][canonical]") {
  const TrafficRules rules{{}, {}, {"X-Range"}, {}, {}, {}};
  const auto with = [&](const char* name, const char* value) {
    return form_of(get("https://a.test/", {{name, value}}), rules);
  };
  CHECK(with("x-range", "a ..") != with("x-range", "b .."));
  CHECK(with("X-RANGE", " a ..") == with("x-range", "a .."));
  CHECK(with("range", "bytes=0-1") != with("range", "bytes=2-3"));
  CHECK(with("user-agent", "a") == with("user-agent", "b"));
  CHECK(with("cookie", "a=1") == with("cookie", "a=2"));
  CHECK(form_of(get("https://a.test/", {{"x-range", "a"}})) == form_of(get("https://a.test/")));
}

TEST_CASE("volatile names are left out of query and body alike", "[recording][canonical]") {
  TrafficRules rules;
  rules.volatile_fields = {"ts"};
  CHECK(form_of(get("https://a.test/?ts=1"), rules) == form_of(get("https://a.test/?ts=2"), rules));
  CHECK(form_of(post(R"({"ts":1})"), rules) == form_of(post(R"({"ts":2})"), rules));
  CHECK(form_of(post(R"({"ts":1})")) != form_of(post(R"({"ts":2})")));
}

TEST_CASE("a pattern matches an address as it is written and in its one form", "[recording][canonical]") {
  CHECK(matches_any_pattern({"https://a.test/*"}, "HTTPS://a.test:443/x#y"));
  CHECK(matches_any_pattern({"*/me@example.com"}, "https://a.test/me@example.com"));
  CHECK_FALSE(matches_any_pattern({"https://a.test/x"}, "https://a.test/xy"));
  CHECK_FALSE(matches_any_pattern({}, "https://a.test/x"));
}

TEST_CASE("the most telling difference is named", "[recording][canonical]") {
  CHECK(told(get("https://a.test/x?f=1"), get("https://b.test/y?f=2")) ==
        "host: https://a.test / https://b.test");
  CHECK(told(get("https://a.test/x?f=1"), get("https://a.test/y?f=2")) == "path: /x / /y");
  CHECK(told(get("https://a.test/x"), post("{}")) == "method: GET / POST");
  CHECK(told(get("https://a.test/?f=1"), get("https://a.test/?f=2")) == "query parameter f: 1 / 2");
  CHECK(told(get("https://a.test/?f=1"), get("https://a.test/")) == "query parameter f: 1 / -");
  CHECK(told(get("https://a.test/"), get("https://a.test/?f=")) == "query parameter f: - / ");
  CHECK(told(post(R"({"user":{"id":"a"}})"), post(R"({"user":{"id":"b"}})")) == "body field /user/id: a / b");
  CHECK(told(post(R"({"id":1})"), post(R"({"id":"1"})")) == "body field /id: 1 / \"1\"");
  CHECK(told(post("{}"), post("{")) == "body: JSON / bytes");
  CHECK(told(get("https://a.test/", {{"range", "a"}}), get("https://a.test/")) == "header range: a / -");
  CHECK(told(get("https://a.test/", {{"accept", "text/html"}}), get("https://a.test/")) ==
        "header accept: HTML / anything");
  CHECK(told(get("https://a.test/"), get("https://a.test/")) == "nothing");
}

TEST_CASE("a value that differs tells more than one that is missing", "[recording][canonical]") {
  CHECK(told(get("https://a.test/?a=1&z=1"), get("https://a.test/?b=1&z=2")) == "query parameter z: 1 / 2");
}

TEST_CASE("bytes that differ are told by size and digest", "[recording][canonical]") {
  const Request one{"POST", "https://a.test/", {}, "abc", ""};
  const Request two{"POST", "https://a.test/", {}, "abcd", ""};
  CHECK(told(one, two) == "body: " + digest_text("abc") + " / " + digest_text("abcd"));
}

TEST_CASE("what has more in common is nearer", "[recording][canonical]") {
  const Request asked = get("https://a.test/teams/acme/members?page=2&per=50");
  const double twin = likeness_of(get("https://a.test/teams/acme/members?page=1&per=50"), asked);
  const double cousin = likeness_of(get("https://a.test/teams/umbrella/members?page=2&per=50"), asked);
  const double host = likeness_of(get("https://b.test/teams/acme/members?page=2&per=50"), asked);
  CHECK(twin > cousin);
  CHECK(twin > host);
  CHECK(host > 0);
  CHECK(likeness_of(get("https://b.test/other"), asked) == 0);
}

}  // namespace offstage::recording_canonical_test
