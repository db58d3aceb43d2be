#include "base/http.h"

#include <catch2/catch.hpp>

#include "browser_support.h"

namespace offstage::http_test {

using test::PageServer;
using test::soon;

TEST_CASE("a redirect is not followed", "[http]") {
  PageServer server;
  server.handle("/", [](const PageServer::Request&) {
    return PageServer::Response{302, "", "text/plain", {{"Location", "/elsewhere"}}};
  });
  CHECK(send({server.url("/")}, soon()).status == 302);
  CHECK(server.seen() == std::vector<std::string>{"GET /"});
}

TEST_CASE("of a long answer the first megabyte is kept", "[http]") {
  PageServer server;
  server.page("/", std::string((1 << 20) + 5, 'x'));
  const HttpAnswer answer = send({server.url("/")}, soon());
  CHECK(answer.good());
  CHECK(answer.body.size() == 1 << 20);
}

TEST_CASE("no answer is told as such, and worth another try", "[http]") {
  const HttpAnswer answer = send({"http://127.0.0.1:1/"}, soon());
  CHECK(answer.status == 0);
  CHECK(answer.worth_repeating());
  CHECK_FALSE(answer.why().empty());
}

TEST_CASE("a URL is shown without its query and without who signs in", "[http]") {
  CHECK(shown_url("https://user:word@example.com/a?token=x#y") == "https://example.com/a");
  CHECK(shown_url("https://example.com/a@b") == "https://example.com/a@b");
}

TEST_CASE("the host of a URL is the one that is asked, not one that only looks like it", "[http]") {
  CHECK(host_of_url("http://LocalHost:81/a") == "localhost");
  CHECK(host_of_url("http://127.0.0.1@example.com/") == "example.com");
  CHECK(host_of_url("http://[::1]:8080/") == "[::1]");
  CHECK(host_of_url("http://:80/").empty());
}

}  // namespace offstage::http_test
