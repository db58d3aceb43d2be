#include <catch2/catch.hpp>

#include "browser_support.h"
#include "gate_support.h"
#include "held_answer.h"
#include "queries.h"
#include "tls_server.h"

namespace offstage::gate_test {

using namespace test;
using browser::Page;

TEST_CASE("the request that is allowed is sent, and its answer told", "[gate]") {
  Stage stage;
  stage.server.handle("/members/1", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "{\"removed\":1}", "application/json"};
  });
  Page& page = stage.show(button_that("send('DELETE', '/members/1', 'why')"));
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const std::optional<Page::Exchange> exchange = gate->wait_for_answer(soon());
  REQUIRE(exchange);
  CHECK(exchange->method == "DELETE");
  CHECK(exchange->status == 200);
  CHECK(exchange->request_body == "why");
  CHECK(changes(stage.server) == std::vector<std::string>{"DELETE /members/1"});
}

TEST_CASE("the body of an answer that the page reads is told too", "[gate]") {
  Stage stage;
  stage.server.handle("/members/1", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "{\"removed\":1}", "application/json"};
  });
  Page& page = stage.show(button_that("fetch('/members/1', {method: 'DELETE'}).then((r) => r.json())"));
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const std::optional<Page::Exchange> exchange = gate->wait_for_answer(soon());
  REQUIRE(exchange);
  CHECK(exchange->body == "{\"removed\":1}");
}

TEST_CASE("a request that is not allowed never leaves the browser", "[gate]") {
  Stage stage;
  Page& page = stage.show(button_that("send('DELETE', '/members/2')"));
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(gate->wait_for_request(soon()));
  CHECK_FALSE(page.wait_for({}, reads("#said", "failed"), soon()));
  REQUIRE(gate->refused().size() == 1);
  CHECK(gate->refused()[0].url == stage.server.url("/members/2"));
  CHECK(gate->refused()[0].failure == "blocked");
  CHECK(gate->allowed().empty());
  CHECK(changes(stage.server).empty());
}

TEST_CASE("a request is held in whatever way the page makes it", "[gate]") {
  Stage stage;
  stage.server.page("/worker.js", "fetch('/members/2', {method: 'DELETE'}).catch(() => {})");
  stage.server.handle("/worker.js", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "fetch('/members/2', {method: 'DELETE'}).catch(() => {})", "text/javascript"};
  });
  std::string script;
  SECTION("a form") {
    script = "document.forms[0].submit()";
  }
  SECTION("a beacon") {
    script = "navigator.sendBeacon('/members/2', 'x')";
  }
  SECTION("a worker") {
    script = "new Worker('/worker.js')";
  }
  SECTION("a fetch that outlives its page") {
    script = "fetch('/members/2', {method: 'DELETE', keepalive: true}).catch(() => {})";
  }
  SECTION("the ping of a link") {
    script = "document.querySelector('a').click()";
  }
  Page& page = stage.show(button_that(script) +
                          "<form method='post' action='/members/2'></form>"
                          "<a href='#there' ping='/members/2'>Ping</a>");
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(gate->wait_for_request(soon()));
  CHECK(gate->refused().size() == 1);
  // The page is still there, with what it shows for the evidence.
  CHECK_FALSE(page.check({}, is_there("#said"), soon()));
  CHECK(changes(stage.server).empty());
}

TEST_CASE("a socket that opens while the gate stands is told", "[gate]") {
  Stage stage;
  const std::string open = "new WebSocket('" + stage.server.url("/socket") + "')";
  stage.server.handle("/worker.js", [open](const PageServer::Request&) -> PageServer::Response {
    return {200, open, "text/javascript"};
  });
  const std::string by = GENERATE("", "new Worker('/worker.js')", "new SharedWorker('/worker.js')");
  CAPTURE(by);
  Page& page = stage.show(button_that(by.empty() ? open : by));
  const auto gate = page.gate_requests(only_member_1, soon());
  CHECK(gate->bypassed().empty());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  wait_until([&] { return !gate->bypassed().empty(); });
  CHECK(gate->bypassed().find("/socket") != std::string::npos);
}

TEST_CASE("what is sent over a socket that was open before the gate is told", "[gate]") {
  const TlsServer echo("localhost");
  PageServer server;
  server.page("/", button_that("socket.send('remove 2')") + "<script>const socket = new WebSocket('" +
                       echo.address("127.0.0.1") + "');</script>");
  browser::LaunchOptions options;
  options.mapping = {{}, server.address(), echo.certificate.spki_hash()};
  const auto browser = launch(options);
  const auto context = browser->new_context(soon());
  Page& page = context->new_page(soon());
  page.navigate(server.url("/"), soon());
  REQUIRE(page.wait_for_expression({}, "socket.readyState === WebSocket.OPEN", soon()));
  const auto gate = page.gate_requests(only_member_1, soon());
  CHECK(gate->bypassed().empty());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  wait_until([&] { return !gate->bypassed().empty(); });
  CHECK_THAT(gate->bypassed(), Catch::Contains("something over a socket"));
}

TEST_CASE("no document can leave a request to Chrome, which would not be held", "[gate]") {
  browser::LaunchOptions options;
  // The last one counts: this Chrome has whatever it would have in other hands.
  const bool plain = GENERATE(false, true);
  CAPTURE(plain);
  if (plain) options.extra_arguments = {"--disable-features=Translate"};
  const auto browser = launch(options);
  const auto context = browser->new_context(soon());
  Page& page = context->new_page(soon());
  PageServer server;
  const std::string ways =
      "[typeof fetchLater, 'backgroundFetch' in ServiceWorkerRegistration.prototype].join()";
  server.page("/", "<iframe></iframe>");
  page.navigate(server.url("/"), soon());
  CHECK(page.wait_for_expression({}, ways + " === 'undefined,false'", soon()));
  CHECK(page.wait_for_expression({}, "frames[0].eval(\"" + ways + "\") === 'undefined,false'", soon()));
}

TEST_CASE("a form that is allowed goes through, redirect and all", "[gate]") {
  Stage stage;
  stage.server.handle("/remove", [](const PageServer::Request&) -> PageServer::Response {
    return {303, "", "text/html", {{"Location", "/done"}}};
  });
  stage.server.page("/done", "<p id='done'>Done</p>");
  Page& page =
      stage.show("<form method='post' action='/remove'><button name='who' value='bob'>Go</button></form>");
  const auto gate =
      page.gate_requests([](const std::string& method, const std::string&,
                            const std::string& body) { return method == "POST" && body == "who=bob"; },
                         soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const std::optional<Page::Exchange> exchange = gate->wait_for_answer(soon());
  REQUIRE(exchange);
  CHECK(exchange->status == 303);
  CHECK_FALSE(page.wait_for({}, is_there("#done"), soon()));
}

TEST_CASE("a request to another origin is told with its answer, past the preflight", "[gate]") {
  Stage stage;
  stage.server.handle("/members/1", [](const PageServer::Request& request) -> PageServer::Response {
    return {request.method == "OPTIONS" ? 204 : 202,
            "",
            "text/plain",
            {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "DELETE"}}};
  });
  Page& page = stage.show(button_that("send('DELETE', '" + stage.server.url("/members/1", "b.test") + "')"));
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const std::optional<Page::Exchange> exchange = gate->wait_for_answer(soon());
  REQUIRE(exchange);
  CHECK(exchange->status == 202);
}

TEST_CASE("a gate to be shut if something is awaited leaves the page where nothing is", "[gate]") {
  Stage stage;
  HeldAnswer read;
  stage.server.handle("/members", read.handler());
  stage.server.handle("/members/1", [](const PageServer::Request&) -> PageServer::Response {
    return {202,
            "",
            "text/plain",
            {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "DELETE"}}};
  });
  Page& page =
      stage.show(button_that("fetch('/members'); send('DELETE', '/members/2');"
                             "send('DELETE', '" +
                             stage.server.url("/members/1", "b.test") + "')"));
  auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  REQUIRE(gate->wait_for_answer(soon()));
  REQUIRE_FALSE(page.wait_for({}, reads("#said", "202"), soon()));
  gate->shut_if_awaited();
  gate.reset();
  CHECK_FALSE(page.closed());
}

TEST_CASE("what still waits for its preflight when the gate goes is sent, unless the gate was shut",
          "[gate]") {
  Stage stage;
  HeldPreflight preflight(stage.server);
  const std::string url = preflight.url;
  stage.server.handle("/worker.js", [url](const PageServer::Request&) -> PageServer::Response {
    return {200, "fetch('" + url + "', {method: 'DELETE'}).catch(() => {})", "text/javascript"};
  });
  const bool by_worker = GENERATE(false, true);
  CAPTURE(by_worker);
  Page& page =
      stage.show(button_that(by_worker ? "new Worker('/worker.js')" : "send('DELETE', '" + url + "')"));
  auto gate = page.gate_requests([](const auto&, const auto&, const auto&) { return false; }, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  preflight.wait_until_asked();
  SECTION("left open") {
    gate.reset();
    preflight.release();
    wait_until([&] { return !changes(stage.server).empty(); });
    CHECK(changes(stage.server) == std::vector<std::string>{"DELETE /members/1"});
  }
  SECTION("shut, or to be shut if something is awaited") {
    if (GENERATE(true, false)) {
      gate->shut();
    } else {
      gate->shut_if_awaited();
    }
    gate.reset();
    check_nothing_follows(preflight, stage);
  }
}

TEST_CASE("without the gate everything passes again", "[gate]") {
  Stage stage;
  Page& page = stage.show(button_that("send('DELETE', '/members/2')"));
  page.gate_requests(only_member_1, soon()).reset();
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({}, reads("#said", "404"), soon()));
  CHECK(changes(stage.server) == std::vector<std::string>{"DELETE /members/2"});
}

}  // namespace offstage::gate_test
