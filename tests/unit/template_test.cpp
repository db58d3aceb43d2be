#include "offboarding/template.h"

#include <catch2/catch.hpp>

namespace offstage::template_test {

using namespace offboarding;

TEST_CASE("a value is escaped for HTML and made printable", "[template]") {
  CHECK(render("<b>{{x}}</b>", {{"x", "<script>\"'&\u202e"}}) ==
        "<b>&lt;script&gt;&quot;&#39;&amp;\\u{202e}</b>");
  CHECK(render("{{{x}}}", {{"x", "<b>"}}) == "<b>");
  CHECK(render("{{x}}", {{"x", 7}}) == "7");
}

TEST_CASE("a value is never read as a template", "[template]") {
  CHECK(render("{{x}}", {{"x", "{{y}}"}, {"y", "secret"}}) == "{{y}}");
}

TEST_CASE("a section is repeated for each element, which sees the names around it", "[template]") {
  const Json data{{"of", "z"}, {"rows", Json::array({{{"a", 1}}, {{"a", 2}}})}};
  CHECK(render("[{{#rows}}{{a}}{{of}} {{/rows}}]", data) == "[1z 2z ]");
  CHECK(render("{{#rows}}x{{/rows}}{{^rows}}none{{/rows}}", {{"rows", Json::array()}}) == "none");
  CHECK(render("{{#t}}yes{{/t}}{{^t}}no{{/t}}", {{"t", "text"}}) == "yes");
  CHECK(render("{{#t}}yes{{/t}}{{^t}}no{{/t}}", {{"t", ""}}) == "no");
}

TEST_CASE("sections of one name nest", "[template]") {
  const Json data{{"r", Json::array({{{"r", Json::array({{{"a", 1}}})}}})}};
  CHECK(render("{{#r}}<{{#r}}{{a}}{{/r}}>{{/r}}", data) == "<1>");
}

TEST_CASE("an unknown name and an open section are defects", "[template]") {
  CHECK_THROWS_AS(render("{{y}}", {{"x", 1}}), Error);
  CHECK_THROWS_AS(render("{{#x}}", {{"x", 1}}), Error);
}

}  // namespace offstage::template_test
