#include <random>

#include <catch2/catch.hpp>

#include "recording/entropy.h"

namespace offstage::recording_entropy_test {

using namespace recording::redaction;

namespace {

/// How many of a thousand random texts of this size and alphabet look random.
int recognised(std::size_t size, std::string_view alphabet) {
  std::mt19937 random(42);  // the same ones in each run
  std::uniform_int_distribution<std::size_t> letter(0, alphabet.size() - 1);
  int count = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    while (text.size() < size)
      text += alphabet[letter(random)];
    if (looks_random(text)) ++count;
  }
  return count;
}

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view base64_url = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
constexpr std::string_view base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view hex = "0123456789abcdef";

}  // namespace

TEST_CASE("random tokens look random", "[redact]") {
  CHECK(recognised(22, base62) >= 980);
  CHECK(recognised(43, base62) >= 995);
  CHECK(recognised(43, base64_url) >= 990);
  CHECK(recognised(64, base64_url) >= 990);
  CHECK(recognised(25, base36) >= 955);
  CHECK(recognised(24, hex) >= 970);
  CHECK(recognised(32, hex) == 1000);
}

TEST_CASE("what pages are full of does not look random", "[redact]") {
  for (const char* text :
       {"application-settings__collaborators-table--wide", "/teams/acme-data/access?sort=email",
        "dashboard.heroku.com/teams/acme-data/overview", "applicationSettingsUpdatedAtTimestamp",
        "NotificationPreferencesControllerFactory", "2026-11-24T06.11.21.123Z-to-2026-11-25",
        "M12.5.3.4c0-1.2.8-2.1-1.9-2.1-1.9h-3.4v2.2c1.1.5", "https//www.w3.org/2000/svg/1999/xlink",
        "Button_root__3xYz9aBc", "application/vnd.heroku+json",
        "v3.1.2-beta.12/dist/umd/react-dom.production.min.js", "heroku-postgresql-standard-0-ubuntu-22.04",
        "cdn-cgi/styles/main-layout-2x-80pct.css", "10000000000000000000000000",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "--------------------------------", "css-1q2w3e-MuiButtonBase-root-MuiIconButton"}) {
    CAPTURE(text);
    CHECK_FALSE(looks_random(text));
  }
}

}  // namespace offstage::recording_entropy_test
