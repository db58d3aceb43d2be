#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::expression_test {

using namespace test;
using browser::Page;

namespace {

Until briefly() {
  return Until::in(Milliseconds(300));
}

}  // namespace

TEST_CASE("an expression is asked in the page's own world until it is truthy", "[expression]") {
  Stage stage;
  Page& page = stage.show("<script>var ready = 0; setTimeout(() => { ready = 1; }, 150)</script>");
  CHECK(page.wait_for_expression({}, "ready", soon()));
  CHECK_FALSE(page.wait_for_expression({}, "ready > 1", briefly()));
}

TEST_CASE("a promise is awaited, a function is not called, and a comment may end it", "[expression]") {
  Stage stage;
  Page& page = stage.show("<p>Hello</p>");
  CHECK(page.wait_for_expression({}, "Promise.resolve(1)", soon()));
  CHECK_FALSE(page.wait_for_expression({}, "Promise.resolve(0)", briefly()));
  CHECK_FALSE(page.wait_for_expression({}, "new Promise(() => {})", briefly()));
  CHECK(page.wait_for_expression({}, "() => false", soon()));
  CHECK(page.wait_for_expression({}, "true // at last", soon()));
}

TEST_CASE("what throws or rejects is not true yet", "[expression]") {
  Stage stage;
  Page& page = stage.show("<script>setTimeout(() => { globalThis.thing = {ok: true}; }, 150)</script>");
  CHECK(page.wait_for_expression({}, "thing.ok", soon()));
  CHECK_FALSE(page.wait_for_expression({}, "Promise.reject(new Error('no'))", briefly()));
}

TEST_CASE("what is no expression is a usage error at once", "[expression]") {
  Stage stage;
  Page& page = stage.show("<p>Hello</p>");
  for (const char* script : {"return 1", "var a", "1; 2", "(", "await thing"}) {
    INFO(script);
    try {
      page.wait_for_expression({}, script, Until::in(Milliseconds(60'000)));
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == Kind::usage);
      CHECK(error.message().find("SyntaxError") != std::string::npos);
    }
  }
}

TEST_CASE("an expression survives a navigation, and a policy against eval", "[expression]") {
  Stage stage;
  stage.server.handle("/strict", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "<p>Strict</p>", "text/html", {{"Content-Security-Policy", "default-src 'none'"}}};
  });
  Page& page = stage.show("<script>setTimeout(() => { location = '/strict'; }, 150)</script>");
  CHECK(page.wait_for_expression({}, "location.pathname === '/strict'", soon()));
}

TEST_CASE("an expression is asked in a frame of another site", "[expression][frame]") {
  Stage stage;
  stage.server.page("/inside", "<script>var inside = 1</script>");
  Page& page = stage.show("<iframe src='" + stage.server.url("/inside", "b.test") + "'></iframe>");
  CHECK(page.wait_for_expression({0}, "inside", soon()));
}

}  // namespace offstage::expression_test
