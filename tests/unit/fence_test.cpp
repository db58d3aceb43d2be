#include "browser/fence.h"

#include <catch2/catch.hpp>

namespace offstage::fence_test {

using namespace browser;

namespace {

const Fence heroku{{"https://dashboard.heroku.com"}, {"https://api.heroku.com"}};

}  // namespace

TEST_CASE("an origin is scheme, host and a port that is not the default", "[fence]") {
  CHECK(origin_of("https://Dashboard.Heroku.com/teams?x=1#y") == "https://dashboard.heroku.com");
  CHECK(origin_of("https://a.test:443/") == "https://a.test");
  CHECK(origin_of("http://127.0.0.1:8080/x") == "http://127.0.0.1:8080");
  CHECK(origin_of("http://[::1]:80/") == "http://[::1]");
  CHECK(origin_of("wss://a.test/socket") == "https://a.test");
  CHECK(origin_of("https://a.test?q") == "https://a.test");
}

TEST_CASE("a user name in an address does not pass for its host", "[fence]") {
  CHECK(origin_of("https://dashboard.heroku.com@evil.test/") == "https://evil.test");
  CHECK(origin_of("https://evil.test\\@dashboard.heroku.com/") == "https://evil.test");
}

TEST_CASE("what is no web address has no origin", "[fence]") {
  for (const char* url : {"", "about:blank", "data:text/html,x", "file:///etc/passwd", "https:///x"}) {
    CAPTURE(url);
    CHECK(origin_of(url).empty());
    CHECK_FALSE(may_visit(heroku, url));
  }
}

TEST_CASE("documents come from where one may visit, not from where pages may call", "[fence]") {
  CHECK(may_visit(heroku, "https://dashboard.heroku.com/teams"));
  CHECK_FALSE(may_visit(heroku, "https://api.heroku.com/"));
  CHECK(may_call(heroku, "https://api.heroku.com/teams"));
  CHECK(may_call(heroku, "https://dashboard.heroku.com/data"));
  CHECK_FALSE(may_call(heroku, "https://tracker.test/"));
}

TEST_CASE("another scheme or port, a longer or a shorter name is another origin", "[fence]") {
  for (const char* url :
       {"http://dashboard.heroku.com/", "https://dashboard.heroku.com:8443/", "https://heroku.com/",
        "https://x.dashboard.heroku.com/", "https://dashboard.heroku.com.evil.test/"}) {
    CAPTURE(url);
    CHECK_FALSE(may_visit(heroku, url));
  }
}

TEST_CASE("an open fence lets everything through and rules nothing", "[fence]") {
  CHECK(may_visit(Fence{}, "https://anywhere.test/"));
  CHECK(may_call(Fence{}, "https://anywhere.test/"));
  CHECK(host_resolver_rules(Fence{}, std::nullopt).empty());
}

TEST_CASE("only the fence's hosts resolve", "[fence]") {
  CHECK(host_resolver_rules(heroku, std::nullopt) ==
        "MAP * ~NOTFOUND , EXCLUDE api.heroku.com , EXCLUDE dashboard.heroku.com");
  CHECK(host_resolver_rules({{"http://127.0.0.1:8080", "http://[::1]:80"}, {}}, std::nullopt) ==
        "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE [::1]");
}

TEST_CASE("a mapped host goes where it is mapped to, before all else is shut", "[fence]") {
  const HostMapping mapping{{"*.heroku.com"}, "127.0.0.1:8443", "key"};
  CHECK(host_resolver_rules(heroku, mapping) == "MAP *.heroku.com 127.0.0.1:8443 , MAP * ~NOTFOUND");
  CHECK(host_resolver_rules(Fence{}, mapping) == "MAP *.heroku.com 127.0.0.1:8443");
  const HostMapping partly{{"dashboard.heroku.com"}, "127.0.0.1:8443", "key"};
  CHECK(host_resolver_rules(heroku, partly) ==
        "MAP dashboard.heroku.com 127.0.0.1:8443 , MAP * ~NOTFOUND , EXCLUDE api.heroku.com");
}

}  // namespace offstage::fence_test
