// Pages that would take all time or all memory: each ends in a bounded time, with an error that says why, and
// the browser goes on working.
#include <thread>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "error_of.h"
#include "has.h"
#include "queries.h"
#include "script_support.h"

namespace offstage::limits_test {

using namespace test;
using browser::Page;
using test::error_of;

namespace {

/// Whether another page of the same context can still be worked with.
void still_works(Stage& stage) {
  stage.server.page("/other", "<p id='other'>Other</p>");
  Page& other = stage.context->new_page(soon());
  CHECK(other.navigate(stage.server.url("/other"), soon()) == 200);
  CHECK_FALSE(other.check({}, is_there("#other"), soon()));
}

/// For what is much work also for a machine that has nothing else to do.
Until in_the_end() {
  return Until::in(Milliseconds(240'000));
}

Until shortly() {
  return Until::in(Milliseconds(3000));
}

}  // namespace

TEST_CASE("redirects without end are told as such", "[limits]") {
  Stage stage;
  stage.server.handle("/round", [](const PageServer::Request&) -> PageServer::Response {
    return {302, "", "text/html", {{"Location", "/round"}}};
  });
  const Error error = error_of([&] { stage.page.navigate(stage.server.url("/round"), soon()); });
  CHECK(error.kind() == Kind::unreachable);
  CHECK(has(error.message(), "ERR_TOO_MANY_REDIRECTS"));
  still_works(stage);
}

TEST_CASE("a page that goes on to the next one for ever is left when time is up", "[limits]") {
  Stage stage;
  stage.server.page("/on", "<script>location.replace('/on?' + Math.random())</script><p id='never'></p>");
  const Error error = error_of([&] {
    stage.page.navigate(stage.server.url("/on"), shortly());
    if (stage.page.wait_for({}, reads("#never", "done"), shortly())) throw Error(Kind::drift, "not seen");
  });
  CHECK((error.kind() == Kind::unreachable || error.kind() == Kind::drift));
  still_works(stage);
}

TEST_CASE("a page that never stops computing is unreachable when time is up", "[limits]") {
  Stage stage;
  stage.server.page("/busy", "<p id='busy'>Busy</p><script>for (;;);</script>");
  const Error error = error_of([&] { stage.page.navigate(stage.server.url("/busy"), shortly()); });
  CHECK(error.kind() == Kind::unreachable);
  still_works(stage);
}

TEST_CASE("an answer that comes a byte now and then and never to its end is left when time is up",
          "[limits]") {
  Stage stage;
  stage.server.handle("/dribble", [](const PageServer::Request&) -> PageServer::Response {
    return {.body = "<p id='first'>First</p>", .endless = true};
  });
  const Error error = error_of([&] { stage.page.navigate(stage.server.url("/dribble"), shortly()); });
  CHECK(error.kind() == Kind::unreachable);
  still_works(stage);
}

TEST_CASE("dialogs in a loop hold nothing for longer than its time", "[limits]") {
  Stage stage;
  stage.server.page("/alerts", "<script>for (let i = 0;; ++i) alert(i);</script>");
  stage.page.navigate(stage.server.url("/alerts"), shortly());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(stage.page.wait_for_dialog(soon()));
    stage.page.handle_dialog(false, {}, soon());
  }
  CHECK(stage.page.wait_for({}, is_there("#never"), shortly()));
  still_works(stage);
}

TEST_CASE("a page that opens windows in a loop is stopped", "[limits]") {
  Stage stage;
  stage.server.page("/flood", "<script>setInterval(() => open('/window', '_blank', 'noopener'), 5)</script>");
  stage.server.page("/window", "<p>Window</p>");
  stage.page.navigate(stage.server.url("/flood"), soon());
  // Until it has become too much for them.
  const Error error = error_of([&] {
    for (const Until until = in_the_end(); !until.over();) {
      std::this_thread::sleep_for(Milliseconds(20));
      stage.context->pages();
    }
  });
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "one window after the other"));
}

TEST_CASE("a page that eats memory ends itself, and the browser stays", "[limits]") {
  Stage stage;
  stage.server.page("/eater", "<script>const all = []; for (;;) all.push(new Array(1e6).fill(1.5))</script>");
  const Error error = error_of([&] { stage.page.navigate(stage.server.url("/eater"), in_the_end()); });
  CHECK(error.kind() == Kind::browser);
  still_works(stage);
}

TEST_CASE("a page gets no more than four gigabytes outside its JavaScript heap", "[limits]") {
  Stage stage;
  // Nothing is written to these buffers, so that the test's machine need not have what they would take.
  stage.server.page("/buffers", R"(<p id="taken"></p><script>
    const all = [];
    try { while (all.length < 32) all.push(new ArrayBuffer(1 << 28)); } catch { }
    document.getElementById('taken').textContent = all.length < 16 ? 'Bounded' : 'Unbounded';
  </script>)");
  stage.page.navigate(stage.server.url("/buffers"), in_the_end());
  CHECK_FALSE(stage.page.check({}, reads("#taken", "Bounded"), in_the_end()));
  still_works(stage);
}

TEST_CASE("a list of more rows than anybody reads is refused, not read", "[limits]") {
  Stage stage;
  Page& page = stage.show("<div id='list'></div>");
  REQUIRE(page.wait_for_expression(
      {}, "(document.getElementById('list').innerHTML = '<i></i>'.repeat(200000), true)", in_the_end()));
  browser::Extraction extraction;
  extraction.rows = {{"#list i"}};
  const Error error = error_of([&] { page.extract({}, extraction, in_the_end()); });
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "200000 rows at once"));
}

TEST_CASE("a document of 100 MB is shown like any other", "[limits]") {
  Stage stage;
  stage.server.page("/large",
                    "<p id='first'>First</p><!--" + std::string(100 << 20, 'x') + "--><p id='last'>Last</p>");
  CHECK(stage.page.navigate(stage.server.url("/large"), in_the_end()) == 200);
  CHECK_FALSE(stage.page.check({}, reads("#last", "Last"), in_the_end()));
  still_works(stage);
}

}  // namespace offstage::limits_test
