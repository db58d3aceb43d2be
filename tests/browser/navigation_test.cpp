#include <catch2/catch.hpp>

#include "browser_support.h"
#include "error_of.h"
#include "held_answer.h"
#include "queries.h"

namespace offstage::navigation_test {

using namespace test;
using browser::Page;

namespace {

Error failure_of(Page& page, const std::string& url, const Until& until = soon()) {
  return test::error_of([&] { page.navigate(url, until); });
}

/// The failure of a page that never finishes loading, given more time until the request for `last` had left
/// by the deadline, too.
Error failure_waiting_for(Page& page, const std::string& url, const std::string& last) {
  for (Milliseconds patience{400};; patience *= 3) {
    Error error = failure_of(page, url, Until::in(patience));
    const bool named = error.message().find("still loading: GET " + last) != std::string::npos;
    if (named || patience > Milliseconds(10'000)) return error;
  }
}

}  // namespace

TEST_CASE("a navigation tells the status, whatever it is", "[navigation]") {
  Stage stage;
  stage.server.handle("/gone", [](const PageServer::Request&) -> PageServer::Response {
    return {410, "<p>Gone</p>"};
  });
  stage.server.handle("/empty", [](const PageServer::Request&) -> PageServer::Response { return {204, ""}; });
  stage.server.handle("/failed", [](const PageServer::Request&) -> PageServer::Response {
    return {500, ""};
  });
  stage.server.handle("/moved", [](const PageServer::Request&) -> PageServer::Response {
    return {302, "", "text/html", {{"Location", "/gone"}}};
  });
  CHECK(stage.page.navigate(stage.server.url("/gone"), soon()) == 410);
  CHECK(stage.page.navigate(stage.server.url("/moved"), soon()) == 410);
  CHECK(stage.page.url() == stage.server.url("/gone"));
  CHECK(stage.page.navigate(stage.server.url("/empty"), soon()) == 204);
  CHECK(stage.page.url() == stage.server.url("/gone"));
  CHECK(stage.page.navigate(stage.server.url("/failed"), soon()) == 500);
  CHECK(stage.page.navigate("about:blank", soon()) == 0);
}

TEST_CASE("a navigation within the document is there at once", "[navigation]") {
  Stage stage;
  Page& page = stage.show("<p>Here</p>");
  CHECK(page.navigate(stage.server.url("/#part"), soon()) == 0);
  CHECK_FALSE(page.wait_for_expression({}, "location.hash === '#part'", Until::in(Milliseconds(1))) == false);
  CHECK(page.url() == stage.server.url("/#part"));
}

TEST_CASE("a document that sends the browser on at once is followed", "[navigation]") {
  Stage stage;
  stage.server.page("/first", "<script>location.replace('/second')</script>");
  stage.server.page("/second", "<p id='second'>Second</p>");
  stage.page.navigate(stage.server.url("/first"), soon());
  CHECK_FALSE(stage.page.wait_for({}, is_there("#second"), soon()));
}

TEST_CASE("what cannot be reached is told with Chrome's word", "[navigation]") {
  Stage stage;
  const Error refused = failure_of(stage.page, "http://127.0.0.1:9/");
  CHECK(refused.kind() == Kind::unreachable);
  CHECK(refused.message().find("net::ERR_") != std::string::npos);
  CHECK(failure_of(stage.page, "http://nowhere.invalid/").kind() == Kind::unreachable);
  // Chrome's own error page stands there now; the next page is reached from it.
  stage.show("<p id='back'>Back</p>");
  CHECK_FALSE(stage.page.check({}, is_there("#back"), soon()));
}

TEST_CASE("what is no address is a usage error", "[navigation]") {
  Stage stage;
  CHECK(failure_of(stage.page, "not an address").kind() == Kind::usage);
}

TEST_CASE("a server that never answers is unreachable at the deadline, with what was asked for",
          "[navigation]") {
  Stage stage;
  HeldAnswer never;
  stage.server.handle("/never", never.handler());
  stage.server.page("/half", "<p>Half</p><img src='/never'>");
  const Error silent =
      failure_waiting_for(stage.page, stage.server.url("/never"), stage.server.url("/never"));
  CHECK(silent.kind() == Kind::unreachable);
  CHECK(silent.message().find("still loading: GET " + stage.server.url("/never")) != std::string::npos);
  const Error half = failure_waiting_for(stage.page, stage.server.url("/half"), stage.server.url("/never"));
  CHECK(half.kind() == Kind::unreachable);
  CHECK(half.message().find("still loading: GET " + stage.server.url("/never")) != std::string::npos);
  never.release();
  CHECK(stage.page.navigate(stage.server.url("/never"), soon()) == 200);
}

TEST_CASE("a watch sees what an action starts, also within the document", "[navigation]") {
  Stage stage;
  stage.server.page("/next", "<p>Next</p>");
  Page& page = stage.show(
      "<button id='push' onclick=\"history.pushState({}, '', '/pushed')\">Push</button>"
      "<button id='none'>None</button><a href='/next'>Next</a>");
  const auto none = page.watch_navigation({});
  REQUIRE(page.click({}, at("#none"), {}, soon()).ok());
  CHECK_FALSE(none->wait(Until::in(Milliseconds(100))));
  const auto pushed = page.watch_navigation({});
  REQUIRE(page.click({}, at("#push"), {}, soon()).ok());
  CHECK(pushed->wait(soon()));
  CHECK(page.url() == stage.server.url("/pushed"));
  const auto next = page.watch_navigation({});
  REQUIRE(page.click({}, at("a"), {}, soon()).ok());
  CHECK(next->wait(soon()));
}

TEST_CASE("reloading waits for the document to be there again", "[navigation]") {
  Stage stage;
  int times = 0;
  stage.server.handle("/count", [&](const PageServer::Request&) -> PageServer::Response {
    return {200, "<p>" + std::to_string(++times) + "</p>"};
  });
  stage.page.navigate(stage.server.url("/count"), soon());
  stage.page.reload(soon());
  CHECK(stage.page.text({}, at("p"), soon()) == "2");
}

TEST_CASE("a page that asks whether to leave is left", "[navigation][dialog]") {
  Stage stage;
  stage.server.page("/next", "<p>Next</p>");
  const auto dirty = [&] {
    Page& page = stage.show("<input><script>onbeforeunload = (e) => { e.preventDefault(); }</script>");
    REQUIRE(page.fill({}, at("input"), "x", soon()).ok());
    return &page;
  };
  SECTION("going elsewhere") {
    CHECK(dirty()->navigate(stage.server.url("/next"), soon()) == 200);
    CHECK(stage.page.url() == stage.server.url("/next"));
  }
  SECTION("loading it again") {
    dirty()->reload(soon());
  }
  SECTION("closing it") {
    dirty()->close(soon());
    CHECK(stage.page.closed());
  }
  CHECK_FALSE(stage.page.dialog());
}

}  // namespace offstage::navigation_test
