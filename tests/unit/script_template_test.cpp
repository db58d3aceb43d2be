#include <catch2/catch.hpp>

#include "error_of.h"
#include "script/commit_gate.h"
#include "script/selectors.h"
#include "script/template.h"
#include "script_support.h"

namespace offstage::script_template_test {

using namespace script;
using test::error_of;

namespace {

/// Fills a selector with `value` for {{x}}.
std::string selector(const std::string& part, const std::string& value) {
  const std::map<std::string, Json> variables{{"x", value}};
  return fill_selector(part, Values(variables));
}

}  // namespace

TEST_CASE("a name stands for its value, with dots for members and numbers for elements",
          "[script][template]") {
  const std::map<std::string, Json> variables{
      {"user", "bob"}, {"n", 3}, {"rows", Json::array({{{"user", "eve"}}})}};
  const Values values(variables);
  CHECK(fill_plain("{{user}} and {{ rows.0.user }}, {{n}}", values) == "bob and eve, 3");
  CHECK(fill_plain("{{}} {{not a name}} {{1}} {{user", values) == "{{}} {{not a name}} {{1}} {{user");
}

TEST_CASE("what is put in is never looked at again", "[script][template]") {
  const std::map<std::string, Json> variables{{"a", "{{b}}"}, {"b", "secret"}};
  CHECK(fill_plain("{{a}}", Values(variables)) == "{{b}}");
}

TEST_CASE("a name without a value is an error that names it", "[script][template]") {
  const std::map<std::string, Json> variables{{"user", "bob"}, {"row", {{"state", nullptr}}}};
  const Values values(variables);
  const Error error = error_of([&] { fill_plain("{{usr}}", values); });
  CHECK(error.kind() == Kind::usage);
  CHECK(error.message() == "{{usr}} has no value");
  CHECK(error.hint() == "did you mean {{user}}?");
  CHECK(error_of([&] { fill_plain("{{row.state}}", values); }).message().find("is empty here") !=
        std::string::npos);
  CHECK_THROWS_AS(fill_plain("{{row}}", values), Error);
}

TEST_CASE("a secret is not filled into any text", "[script][template]") {
  const std::map<std::string, Json> variables{{"secret", {{"password", "x"}}}, {"otp", "123456"}};
  const Values values(variables);
  for (const char* text : {"{{secret.password}}", "{{otp}}"}) {
    CHECK_THROWS_AS(fill_plain(text, values), Error);
    CHECK_THROWS_AS(fill_selector(text, values), Error);
    CHECK_THROWS_AS(fill_address(text, values), Error);
    CHECK_THROWS_AS(fill_expression(text, values), Error);
    CHECK_THROWS_AS(fill_json(text, values), Error);
    CHECK(fill_leniently(text, values) == text);
  }
}

TEST_CASE("a value in CSS is an identifier outside of quotes and a string inside", "[script][template]") {
  CHECK(selector("#{{x}}", "a.b c") == "#a\\.b\\ c");
  CHECK(selector("#{{x}}", "1st") == "#\\31 st");
  CHECK(selector("[title=\"{{x}}\"]", "say \"hi\"\\") == "[title=\"say \\\"hi\\\"\\\\\"]");
  CHECK(selector("[title='it\\'s {{x}}']", "'] , *") == "[title='it\\'s \\'] , *']");
  CHECK(selector("pierce/[a=\"x\"] #{{x}}", "]") == "pierce/[a=\"x\"] #\\]");
  CHECK(selector("[title=\"{{x}}\"]", "a\nb") == "[title=\"a\\a b\"]");
}

TEST_CASE("a value at the beginning of a selector cannot change its kind", "[script][template]") {
  CHECK(kind_of(selector("{{x}}", "xpath///a")) == SelectorKind::css);
  CHECK(kind_of(selector("{{x}}", "aria/Delete")) == SelectorKind::css);
}

TEST_CASE("a value in XPath stays one literal whatever quotes it holds", "[script][template]") {
  CHECK(selector("xpath///td[.=\"{{x}}\"]", "bob") == "xpath///td[.=\"bob\"]");
  CHECK(selector("xpath///td[.='{{x}}']", "O'Neil") == "xpath///td[.=\"O'Neil\"]");
  CHECK(selector("xpath///td[.=\"{{x}}\"]", "say \"hi\"") == "xpath///td[.='say \"hi\"']");
  CHECK(selector("xpath///td[.=\"a {{x}}\"]", "'\"") == "xpath///td[.=concat(\"a '\", '\"', \"\")]");
  CHECK(selector("xpath///b[.='q']//td[.=\"{{x}}\"]", "bob") == "xpath///b[.='q']//td[.=\"bob\"]");
}

TEST_CASE("a value outside of quotes in XPath is refused", "[script][template]") {
  CHECK_THROWS_AS(selector("xpath///td[{{x}}]", "1"), Error);
  CHECK(selector_fault("xpath///td[{{row.x}}]").find("write it inside quotes") != std::string::npos);
}

TEST_CASE("a value in an aria selector is a name and no attribute", "[script][template]") {
  CHECK(selector("aria/Edit {{x}}", "bob") == "aria/Edit bob");
  CHECK(selector("aria/{{x}}[role=\"row\"]", "say \"hi\"") == "aria/say \"hi\"[role=\"row\"]");
  CHECK(selector("aria/[name=\"{{x}}\"]", "say \"hi\" \\") == "aria/[name=\"say \\\"hi\\\" \\\\\"]");
  CHECK(selector("aria/{{x}} [role=\"row\"]", "[role=\"button\"]") ==
        "aria/[name=\"[role=\\\"button\\\"]\"][role=\"row\"]");
}

TEST_CASE("a text selector takes any value but an empty one", "[script][template]") {
  CHECK(selector("text/5/{{x}}", "9/2023") == "text/5/9/2023");
  CHECK_THROWS_AS(selector("text/{{x}}", " "), Error);
  CHECK_THROWS_AS(selector("[title=\"{{x}}\"]", ""), Error);
}

TEST_CASE("a value in an address is percent-encoded, a base at its beginning is not", "[script][template]") {
  const std::map<std::string, Json> variables{{"user", "a+b@x.com/../eve"},
                                              {"base", "http://localhost:15672"}};
  const Values values(variables);
  CHECK(fill_address("https://h.test/u/{{user}}", values) == "https://h.test/u/a%2Bb%40x.com%2F..%2Feve");
  CHECK(fill_address("{{base}}/u", values) == "http://localhost:15672/u");
}

TEST_CASE("a value cannot take a part of the escape before it in CSS", "[script][template]") {
  for (const char* part : {"#a\\{{x}}", "#\\41{{x}}", "[a=\"\\{{x}}\"]", "[a=\"\\000041{{x}}\"]"}) {
    INFO(part);
    CHECK_THROWS_AS(selector(part, "; b"), Error);
  }
  CHECK(selector("#\\41 {{x}}", "b") == "#\\41 b");
}

TEST_CASE("a comment in CSS changes nothing of the values behind it", "[script][template]") {
  CHECK(selector("/* it's */ #{{x}}", "a, *") == "/* it's */ #a\\,\\ \\*");
  CHECK(selector("a /* {{x}} */ b", "*/ c") == "a /*  */ b");
}

TEST_CASE("a value beside a name in an aria selector asks for nothing", "[script][template]") {
  CHECK(selector("aria/[name=\"Edit\"]{{x}}", "[role=\"link\"]") == "aria/[name=\"Edit\"]");
}

TEST_CASE("a value that is not UTF-8 is refused wherever it stands", "[script][template]") {
  const std::map<std::string, Json> variables{{"x", "\xff"}, {"list", Json::array({"\xff"})}};
  const Values values(variables);
  CHECK_THROWS_AS(fill_plain("{{x}}", values), Error);
  CHECK_THROWS_AS(fill_selector("text/{{x}}", values), Error);
  CHECK_THROWS_AS(fill_expression("{{x}}", values), Error);
  CHECK_THROWS_AS(fill_expression("{{list}}", values), Error);
}

TEST_CASE("no value leads an address to another place", "[script][template]") {
  const auto address = [](const std::string& text, const std::string& value) {
    const std::map<std::string, Json> variables{{"x", value}};
    return fill_address(text, Values(variables));
  };
  CHECK_THROWS_AS(address("https://h.test/teams/{{x}}/access", ".."), Error);
  CHECK_THROWS_AS(address("https://h.test/teams/.{{x}}", "."), Error);
  CHECK_THROWS_AS(address("https://h.test/teams/%2E{{x}}", "."), Error);
  CHECK_THROWS_AS(address("https://h.test{{x}}", ".evil.test"), Error);
  CHECK_THROWS_AS(address("https://h.test{{x}}/teams", "er"), Error);
  CHECK_THROWS_AS(address("https://{{x}}.h.test/", "evil.test/"), Error);
  CHECK(address("https://{{x}}.h.test/", "acme") == "https://acme.h.test/");
  CHECK(address("http://127.0.0.1:{{x}}/", "8080") == "http://127.0.0.1:8080/");
  CHECK(address("https://h.test/teams/{{x}}?f={{x}}", "...") == "https://h.test/teams/...?f=...");
  CHECK(address("https://h.test/?f={{x}}#/{{x}}", "..") == "https://h.test/?f=..#/..");
}

TEST_CASE("a value in an expression is handed to it and cannot become code", "[script][template]") {
  const std::map<std::string, Json> variables{{"x", "\"+alert(1)+\"\u2028"}, {"rows", Json::array({1})}};
  const Values values(variables);
  CHECK(fill_expression("document.title === {{x}}", values) ==
        "((offstageValue0) => (document.title === offstageValue0\n))(\"\\\"+alert(1)+\\\"\\u2028\")");
  CHECK(fill_expression("{{rows}}.length > 0", values) ==
        "((offstageValue0) => (offstageValue0.length > 0\n))([1])");
  CHECK_THROWS_AS(fill_expression("document.title === \"{{x}}\"", values), Error);
  CHECK(fill_expression("a > 1", values) == "a > 1");
}

TEST_CASE("a value within a text of an expression is refused, wherever in it", "[script][template]") {
  const std::map<std::string, Json> variables{{"x", "bob"}};
  const Values values(variables);
  for (const char* text :
       {"!document.body.innerText.includes('access of {{x}} to acme')", "a === 'it\\'s {{x}} '",
        "a === \"say \\\" {{x}} \"", "a === `of {{x}} to`", "f(`${g('a')} {{x}} `)",
        "/'/.test(a) && a === ' {{x}} '", "/[/']/.test(a) && a === ' {{x}} '", "f(`${ {b: `c {{x}} `} }`)",
        "a /* ' */ === ' {{x}} '", "a // '\n === ' {{x}} '", "/of {{x}} to/.test(a)", "a === ' {{x}} "}) {
    CAPTURE(text);
    CHECK_THAT(test::error_of([&] { static_cast<void>(fill_expression(text, values)); }).message(),
               Catch::Contains("stands in quotes"));
    CHECK_FALSE(template_fault(text, Use::expression).empty());
  }
  for (const char* text :
       {"a === 'x' + {{x}} + 'y'", "a === \"it's \" + {{x}}", "f(`a ${ {{x}} } b`)",
        "/'/.test(a) && a === {{x}}", "/[/']/.test( {{x}} )", "a / 2 / {{x}} ", "f(`${ {b: 1}.b + {{x}} }`)",
        "a // it's\n === {{x}}", "a /* it's */ === {{x}}", "a === {{x}} // it's", "(a) / 2 === {{x}} / 1"}) {
    CAPTURE(text);
    CHECK(fill_expression(text, values).find("offstageValue0") != std::string::npos);
    CHECK(template_fault(text, Use::expression).empty());
  }
}

TEST_CASE("a value in a regular expression matches itself only", "[script][template]") {
  const std::map<std::string, Json> variables{{"x", "a.b(c"}};
  CHECK(fill_regex("^{{x}}: (.*)$", Values(variables)) == "^a\\.b\\(c: (.*)$");
}

TEST_CASE("a string that is only a placeholder hands on the value itself", "[script][template]") {
  const std::map<std::string, Json> variables{{"rows", Json::array({"a"})}};
  CHECK(fill_json({{"list", "{{rows}}"}, {"n", 1}}, Values(variables)) ==
        Json({{"list", Json::array({"a"})}, {"n", 1}}));
}

// --- Patterns for requests ----------------------------------------------------------------------------

namespace {

bool allowed(const std::string& pattern, const std::string& user, const std::string& url) {
  const std::map<std::string, Json> variables{{"user", user}};
  return UrlPattern(fill_pattern(pattern, Values(variables)), UrlPattern::Star::segment).matches(url);
}

}  // namespace

TEST_CASE("a request's address matches however it is encoded", "[script][gate]") {
  const std::string pattern = "https://api.test/members/{{user}}";
  CHECK(allowed(pattern, "bob@x.com", "https://api.test/members/bob@x.com"));
  CHECK(allowed(pattern, "bob@x.com", "https://api.test/members/bob%40x.com"));
  CHECK(allowed(pattern, "a+b@x.com", "https://api.test/members/a+b@x.com"));
  CHECK(allowed(pattern, "a+b@x.com", "https://api.test/members/a%2bb%40x.com"));
  CHECK(allowed(pattern, "bob@x.com", "https://api.test/members/bob@x.com#top"));
  CHECK(allowed("https://api.test/m?u={{user}}", "a b", "https://api.test/m?u=a+b"));
}

TEST_CASE("a request for another target does not match", "[script][gate]") {
  const std::string pattern = "https://api.test/members/{{user}}";
  for (const char* url : {"https://api.test/members/eve@x.com", "https://api.test/members/bob@x.com/",
                          "https://api.test/members/bob@x.com?all=1", "https://api.test/members/bob@x.com.au",
                          "https://api.test/members/BOB@x.com", "https://other.test/members/bob@x.com",
                          "https://api.test/members%2Fbob@x.com", "https://api.test/members/bob%2540x.com"}) {
    INFO(url);
    CHECK_FALSE(allowed(pattern, "bob@x.com", url));
  }
  CHECK_FALSE(allowed("https://api.test/m?u={{user}}", "a+b", "https://api.test/m?u=a+b"));
}

TEST_CASE("a star in a value is no wildcard, and a pattern's own stays in one part", "[script][gate]") {
  CHECK_FALSE(allowed("https://api.test/m/{{user}}", "*@x.com", "https://api.test/m/bob@x.com"));
  CHECK(allowed("https://api.test/m/{{user}}", "*@x.com", "https://api.test/m/*@x.com"));
  CHECK(allowed("https://api.test/*/m/{{user}}", "bob", "https://api.test/team/m/bob"));
  CHECK_FALSE(allowed("https://api.test/*/m/{{user}}", "bob", "https://api.test/team/m/eve/m/bob"));
  CHECK_FALSE(allowed("https://api.test/*/m/{{user}}", "bob", "https://api.test/t/m/eve?x=/m/bob"));
}

TEST_CASE("the expected request may leave once", "[script][gate]") {
  CommitRule rule("delete", {"https://api.test/bob"}, {"https://api.test/metrics*"});
  CHECK(rule.allow("POST", "https://api.test/metrics/1/2?x=/y"));
  CHECK_FALSE(rule.allow("POST", "https://api.test/bob"));
  CHECK(rule.allow("DELETE", "https://api.test/bob"));
  CHECK_FALSE(rule.allow("DELETE", "https://api.test/bob"));
  CHECK_FALSE(rule.close());
}

TEST_CASE("once closed, the expected request may not leave", "[script][gate]") {
  CommitRule rule("DELETE", {"https://api.test/bob"}, {});
  CHECK(rule.close());
  CHECK_FALSE(rule.allow("DELETE", "https://api.test/bob"));
  CHECK_FALSE(rule.sent());
}

// --- Weak selectors -----------------------------------------------------------------------------------

TEST_CASE("generated ids, absolute paths and mere places are weak", "[script][selectors]") {
  for (const char* part : {"#ember123", "#input-9", "#ember42 > button", "xpath///*[@id=\"ember1204\"]",
                           "[id=\"react-select-2-input\"]", "xpath//html/body/div[2]/a", "body > div > a",
                           "div:nth-of-type(2) > button", "xpath///div[2]/span", "tr:nth-child(3)"}) {
    INFO(part);
    CHECK_FALSE(weakness_of({part}).empty());
  }
}

TEST_CASE("names, labels and attributes are not weak", "[script][selectors]") {
  for (const char* part : {"aria/Log in", "text/Log in", "#login", "button.save", "[data-test=\"go\"]",
                           "form#user > button", "xpath///button[normalize-space(.)=\"Remove\"]",
                           "aria/Room 1234", "#step-2", "canvas", "xpath///table//tr[td[.=\"x\"]]"}) {
    INFO(part);
    CHECK(weakness_of({part}).empty());
  }
}

}  // namespace offstage::script_template_test
