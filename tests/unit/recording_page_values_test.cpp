#include <catch2/catch.hpp>

#include "recording/page_values.h"

namespace offstage::recording_page_values_test {

using namespace recording;

namespace {

PageValues states() {
  return PageValues({{"offstage-token-state-1", "token", "state", true},
                     {"offstage-token-state-10", "token", "state", true},
                     {"offstage-token-csrf-1", "token", "csrf", false}});
}

const std::string one = "offstage-token-state-1";
const std::string ten = "offstage-token-state-10";

}  // namespace

TEST_CASE("a page's value is bound by the first text that stands in its place", "[recording][page_values]") {
  PageValues values = states();
  CHECK(values.filled("it is " + one) == "it is " + one);
  CHECK(values.unify(one, "abc"));
  CHECK(values.filled("it is " + one) == "it is abc");
  CHECK(values.unify(one, "abc"));
  CHECK_FALSE(values.unify(one, "abd"));
}

TEST_CASE("nothing cannot stand for a page's value", "[recording][page_values]") {
  PageValues values = states();
  CHECK_FALSE(values.unify(one, ""));
  CHECK_FALSE(values.unify("a" + one + "b", "ab"));
}

TEST_CASE("the text around a page's value must be the same", "[recording][page_values]") {
  CHECK(states().unify("a-" + one + "-b", "a-x-y-b"));
  CHECK_FALSE(states().unify("a-" + one + "-b", "a-x-c"));
  CHECK_FALSE(states().unify("a-" + one + "-b", "b-x-b"));
  CHECK_FALSE(states().unify("other", "another"));
}

TEST_CASE("two values in one text are each as short as can be", "[recording][page_values]") {
  PageValues values = states();
  CHECK(values.unify(one + "." + ten + "!", "a.b.c!"));
  CHECK(values.filled(one) == "a");
  CHECK(values.filled(ten) == "b.c");
  CHECK_FALSE(states().unify(one + ten, "ab"));
}

TEST_CASE("a value that stands twice in one text must be the same twice", "[recording][page_values]") {
  CHECK(states().unify(one + "/" + one, "a/a"));
  CHECK_FALSE(states().unify(one + "/" + one, "a/b"));
}

TEST_CASE("a longer placeholder is not a shorter one with more text", "[recording][page_values]") {
  PageValues values = states();
  CHECK(values.unify(one, "abc"));
  CHECK(values.filled(ten) == ten);
}

TEST_CASE("placeholders that no page made are plain text", "[recording][page_values]") {
  PageValues values = states();
  CHECK_FALSE(values.unify("offstage-token-csrf-1", "abc"));
  CHECK(values.unify("offstage-token-csrf-1", "offstage-token-csrf-1"));
  CHECK_FALSE(values.occur_in("offstage-token-csrf-1"));
  CHECK(values.occur_in("x" + one));
}

TEST_CASE("a page's value is encoded where it stands in an address", "[recording][page_values]") {
  PageValues values = states();
  REQUIRE(values.unify(one, "a+b/c="));
  CHECK(values.filled_address(one + "/x") == "a%2Bb%2Fc%3D/x");
  CHECK(values.filled("<a href=\"/cb?state=" + one + "\">") == "<a href=\"/cb?state=a%2Bb%2Fc%3D\">");
  CHECK(values.filled("{\"url\":\"https://a.test/" + one + "\"}") ==
        "{\"url\":\"https://a.test/a%2Bb%2Fc%3D\"}");
  CHECK(values.filled("<input name=state value=\"" + one + "\">") == "<input name=state value=\"a+b/c=\">");
  CHECK(values.filled("state=" + one + "; Path=/") == "state=a+b/c=; Path=/");
  CHECK(values.filled("https://a.test/in?next=https%3A%2F%2Fb.test%2Fcb%3Fstate%3D" + one) ==
        "https://a.test/in?next=https%3A%2F%2Fb.test%2Fcb%3Fstate%3Da%252Bb%252Fc%253D");
}

TEST_CASE("a page's value is known again in an address inside a query", "[recording][page_values]") {
  PageValues values = states();
  REQUIRE(values.unify("https://b.test/cb?state=" + one + "&x=1", "https://b.test/cb?state=a%2Bb&x=1"));
  CHECK(values.filled(one) == "a+b");
  CHECK(values.unify("https://b.test/cb?state=" + one, "https://b.test/cb?state=a%2Bb"));
  CHECK_FALSE(values.unify("https://b.test/cb?state=" + one, "https://b.test/cb?state=a%2Bc"));
}

}  // namespace offstage::recording_page_values_test
