#include <catch2/catch.hpp>

#include "recording/address.h"

namespace offstage::recording_address_test {

using namespace recording;

namespace {

std::string form_of(std::string_view url) {
  return address_of(url).text();
}

}  // namespace

TEST_CASE("scheme and host count in any case, the path does not", "[recording][address]") {
  CHECK(form_of("HTTPS://Dashboard.Example.COM/Teams") == "https://dashboard.example.com/Teams");
  CHECK(address_of("https://a.test/x") != address_of("https://a.test/X"));
  CHECK(address_of("https://a.test/x") != address_of("http://a.test/x"));
}

TEST_CASE("a host counts decoded where that changes no meaning", "[recording][address]") {
  CHECK(form_of("https://%41%2Etest/") == "https://a.test/");
  CHECK(form_of("https://a%2fb/") == "https://a%2Fb/");
  CHECK(form_of("https://a%%32F/") == "https://a%252f/");
  CHECK(form_of("https://a%/") == "https://a%25/");
}

TEST_CASE("a port that goes without saying is none", "[recording][address]") {
  CHECK(form_of("https://a.test:443/") == "https://a.test/");
  CHECK(form_of("http://a.test:0080/") == "http://a.test/");
  CHECK(form_of("http://a.test:/") == "http://a.test/");
  CHECK(form_of("http://a.test:443/") == "http://a.test:443/");
  CHECK(form_of("https://[::1]:443/x") == "https://[::1]/x");
  CHECK(form_of("https://[::1]:8443/x") == "https://[::1]:8443/x");
  CHECK(form_of("https://[::1]/x") == "https://[::1]/x");
}

TEST_CASE("a user name and a fragment in an address are no part of what is asked", "[recording][address]") {
  CHECK(form_of("https://dana:secret@a.test/x#top") == "https://a.test/x");
}

TEST_CASE("an encoded character is the character, an encoded slash is no slash", "[recording][address]") {
  CHECK(address_of("https://a.test/users/dana@example.com") ==
        address_of("https://a.test/users/dana%40example.com"));
  CHECK(address_of("https://a.test/%7euser") == address_of("https://a.test/~user"));
  CHECK(address_of("https://a.test/a%2Fb") != address_of("https://a.test/a/b"));
  CHECK(address_of("https://a.test/a%2Fb").path == std::vector<std::string>{"a/b"});
  CHECK(address_of("https://a.test/a%2Fb") == address_of("https://a.test/a%2fb"));
}

TEST_CASE("a percent sign that encodes nothing stands for itself", "[recording][address]") {
  CHECK(address_of("https://a.test/100%").path == std::vector<std::string>{"100%"});
  CHECK(address_of("https://a.test/%zz") == address_of("https://a.test/%25zz"));
}

TEST_CASE("dot segments lead where they lead in a browser", "[recording][address]") {
  CHECK(form_of("https://a.test/a/./b/../c") == "https://a.test/a/c");
  CHECK(form_of("https://a.test/a/%2e%2E/c") == "https://a.test/c");
  CHECK(form_of("https://a.test/../../c") == "https://a.test/c");
  CHECK(form_of("https://a.test/a/..") == "https://a.test/");
  CHECK(form_of("https://a.test/a/.") == "https://a.test/a/");
  CHECK(form_of("https://a.test") == "https://a.test/");
  CHECK(form_of("https://a.test/a/") != form_of("https://a.test/a"));
  CHECK(form_of("https://a.test\\a\\b") == "https://a.test/a/b");
}

TEST_CASE("query parameters count by name and value, in any order of names", "[recording][address]") {
  CHECK(address_of("https://a.test/?b=2&a=1") == address_of("https://a.test/?a=1&b=2"));
  CHECK(address_of("https://a.test/?q=a+b") == address_of("https://a.test/?q=a%20b"));
  CHECK(address_of("https://a.test/?a&&") == address_of("https://a.test/?a="));
  CHECK(address_of("https://a.test/?") == address_of("https://a.test/"));
  CHECK(address_of("https://a.test/?a=1=2").query == std::vector<RequestField>{{"a", "1=2"}});
  CHECK(address_of("https://a.test/?a=1") != address_of("https://a.test/?a=2"));
}

TEST_CASE("parameters of one name keep their order", "[recording][address]") {
  CHECK(address_of("https://a.test/?sort=name&sort=age") != address_of("https://a.test/?sort=age&sort=name"));
}

TEST_CASE("an encoded ampersand divides nothing", "[recording][address]") {
  CHECK(address_of("https://a.test/?a=1%26b=2").query == std::vector<RequestField>{{"a", "1&b=2"}});
}

TEST_CASE("parameters that are volatile are left out, however they are written", "[recording][address]") {
  CHECK(address_of("https://a.test/?a=1&%5Fts=99&_ts=98", {"_ts"}) == address_of("https://a.test/?a=1"));
}

TEST_CASE("an address of another kind is its own text", "[recording][address]") {
  CHECK(form_of("about:blank") == "about:blank");
  CHECK(form_of("data:text/html,a/../b?c") == "data:text/html,a/../b?c");
  CHECK(address_of("").path == std::vector<std::string>{""});
  CHECK(form_of("1x://a") == "1x://a");
}

TEST_CASE("an address with more parts than are compared one by one keeps them together",
          "[recording][address]") {
  std::string slashes = "https://a.test";
  std::string query = "https://a.test/?x";
  for (std::size_t i = 0; i < most_fields + 10; ++i) {
    slashes += "/a";
    query += "&a=1";
  }
  CHECK(address_of(slashes).path.size() == most_fields);
  CHECK(address_of(slashes) == address_of(form_of(slashes)));
  CHECK(address_of(query).query.size() == 1);
  CHECK(address_of(query) == address_of(form_of(query)));
  CHECK(address_of(query) != address_of(query + "b"));
}

}  // namespace offstage::recording_address_test
