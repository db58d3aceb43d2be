#include "base/text.h"

#include <catch2/catch.hpp>

namespace offstage::text_test {

TEST_CASE("terminal escapes in page text become visible", "[base][text]") {
  CHECK(printable("a\x1b[31mred") == "a\\u{1b}[31mred");
  CHECK(printable("two\nlines\tand a tab") == "two\\nlines\\tand a tab");
}

TEST_CASE("characters that hide or reorder text become visible", "[base][text]") {
  CHECK(printable("dana\xE2\x80\x8B@example.com") == "dana\\u{200b}@example.com");
  CHECK(printable("\xE2\x80\xAEmoc") == "\\u{202e}moc");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u{9b}31m");
}

TEST_CASE("invalid UTF-8 is shown byte by byte", "[base][text]") {
  CHECK(printable("a\xFFz") == "a\\xffz");
  CHECK(printable("\xC0\x80") == "\\xc0\\x80");
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");
  CHECK(printable("\xE2\x82") == "\\xe2\\x82");
}

TEST_CASE("letters of every script are left as they are", "[base][text]") {
  CHECK(printable("Zoë Ålund 陳 Łukasz") == "Zoë Ålund 陳 Łukasz");
}

TEST_CASE("a limit cuts between characters", "[base][text]") {
  CHECK(printable("ÅÅÅ", 5) == "ÅÅ…");
}

TEST_CASE("HTML escaping leaves no way out of text or attribute", "[base][text]") {
  CHECK(html_escaped("<b a=\"x\" c='y'>&") == "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;");
}

TEST_CASE("percent-encoding goes there and back", "[base][text]") {
  CHECK(url_encoded("dana+test@example.com") == "dana%2Btest%40example.com");
  CHECK(url_decoded("dana%2Btest%40example.com") == "dana+test@example.com");
  CHECK(url_decoded("100%") == "100%");
  CHECK(url_decoded("%zz%4") == "%zz%4");
}

TEST_CASE("a glob's star stands for any run and nothing else is special", "[base][text]") {
  CHECK(matches_glob("https://*.heroku.com/*", "https://api.heroku.com/teams/a"));
  CHECK(matches_glob("*", ""));
  CHECK(matches_glob("a*b*c", "aXXbYYc"));
  CHECK_FALSE(matches_glob("a*b*c", "aXXbYY"));
  CHECK_FALSE(matches_glob("a.c", "abc"));
  CHECK_FALSE(matches_glob("a?c", "abc"));
}

TEST_CASE("the nearest name is offered, and none when nothing is near", "[base][text]") {
  CHECK(nearest("herku", {"heroku", "github"}) == "heroku");
  CHECK(nearest("zzzzzz", {"heroku", "github"}).empty());
}

TEST_CASE("plain addresses are addresses", "[base][text]") {
  CHECK(is_email("dana.whitfield@example.com"));
  CHECK(is_email("dana+heroku@mail.example.org"));
}

TEST_CASE("what only looks like an address is none", "[base][text]") {
  CHECK_FALSE(is_email("dana"));
  CHECK_FALSE(is_email("@example.com"));
  CHECK_FALSE(is_email("dana@"));
  CHECK_FALSE(is_email("dana@example"));
  CHECK_FALSE(is_email("dana@example..com"));
  CHECK_FALSE(is_email("dana@-example.com"));
  CHECK_FALSE(is_email("dana @example.com"));
  CHECK_FALSE(is_email("dana@example.com, bob@example.com"));
  CHECK_FALSE(is_email("dana@ex\xD0\xB0mple.com"));
  CHECK_FALSE(is_email("dana\xE2\x80\x8B@example.com"));
  CHECK_FALSE(is_email("<dana@example.com>"));
  CHECK_FALSE(is_email(std::string(65, 'a') + "@example.com"));
}

TEST_CASE("addresses are compared without case and with their plus tags", "[base][text]") {
  CHECK(email_key("Dana@Example.COM") == email_key("dana@example.com"));
  CHECK(email_key("dana+a@example.com") != email_key("dana@example.com"));
}

}  // namespace offstage::text_test
