#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "held_answer.h"
#include "queries.h"

namespace offstage::gate_test {

using namespace test;
using browser::Page;

namespace {

bool only_member_1(const std::string& method, const std::string& url, const std::string&) {
  return method == "DELETE" && url.ends_with("/members/1");
}

std::vector<std::string> changes(const PageServer& server) {
  std::vector<std::string> list;
  for (const PageServer::Request& request : server.requests()) {
    if (request.method != "GET" && request.method != "OPTIONS")
      list.push_back(request.method + " " + request.path);
  }
  return list;
}

std::string button_that(const std::string& script) {
  return "<button onclick=\"" + script +
         "\">Go</button><p id='said'>-</p><script>"
         "const send = (method, url, body) => fetch(url, {method, body}).then("
         "(r) => { said.textContent = r.status; }, () => { said.textContent = 'failed'; });</script>";
}

}  // namespace

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

TEST_CASE("a form, a beacon and a worker are held as well", "[gate]") {
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
  Page& page = stage.show(button_that(script) + "<form method='post' action='/members/2'></form>");
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(gate->wait_for_request(soon()));
  CHECK(gate->refused().size() == 1);
  // The page is still there, with what it shows for the evidence.
  CHECK_FALSE(page.check({}, is_there("#said"), soon()));
  CHECK(changes(stage.server).empty());
}

TEST_CASE("a window that opens while the gate stands is held as well", "[gate][popup]") {
  Stage stage;
  const bool right = GENERATE(false, true);
  CAPTURE(right);
  const std::string path = right ? "/members/1" : "/members/2";
  std::string html;
  SECTION("by a form") {
    html = "<form method=post action='" + path + "' target=_blank><button>Go</button></form>";
  }
  SECTION("by a form without an opener") {
    html = "<form method=post action='" + path + "' target=_blank rel=noopener><button>Go</button></form>";
  }
  SECTION("by a script") {
    stage.server.page("/popup", "<script>fetch('" + path + "', {method: 'POST'}).catch(() => {})</script>");
    html = button_that("window.open('/popup')");
  }
  SECTION("by a script of its opener") {
    html = button_that("window.open('').fetch('" + path + "', {method: 'POST'}).catch(() => {})");
  }
  SECTION("by a frame of another site in it") {
    stage.server.page("/inside", "<script>fetch('" + stage.server.url(path, "b.test") +
                                     "', {method: 'POST'}).catch(() => {})</script>");
    stage.server.page("/popup", "<iframe src='" + stage.server.url("/inside", "b.test") + "'></iframe>");
    html = button_that("window.open('/popup')");
  }
  Page& page = stage.show(html);
  const auto gate =
      page.gate_requests([](const std::string& method, const std::string& url,
                            const std::string&) { return method == "POST" && url.ends_with("/members/1"); },
                         soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK(gate->wait_for_request(soon()));
  if (right) {
    const std::optional<Page::Exchange> exchange = gate->wait_for_answer(soon());
    REQUIRE(exchange);
    CHECK(exchange->status == 404);
  }
  CHECK(gate->refused().size() == (right ? 0 : 1));
  CHECK(changes(stage.server) ==
        (right ? std::vector<std::string>{"POST /members/1"} : std::vector<std::string>{}));
}

TEST_CASE("a socket that opens while the gate stands is told", "[gate]") {
  Stage stage;
  const std::string open = "new WebSocket('" + stage.server.url("/socket") + "')";
  stage.server.handle("/worker.js", [open](const PageServer::Request&) -> PageServer::Response {
    return {200, open, "text/javascript"};
  });
  const bool by_worker = GENERATE(false, true);
  CAPTURE(by_worker);
  Page& page = stage.show(button_that(by_worker ? "new Worker('/worker.js')" : open));
  const auto gate = page.gate_requests(only_member_1, soon());
  CHECK(gate->bypassed().empty());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const Until until = soon();
  while (gate->bypassed().empty() && !until.over())
    std::this_thread::sleep_for(Milliseconds(5));
  CHECK(gate->bypassed().find("/socket") != std::string::npos);
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

TEST_CASE("a frame of another site is held, also one that comes while the gate stands", "[gate][frame]") {
  Stage stage;
  stage.server.page("/inside", button_that("send('DELETE', '/members/2')"));
  const std::string frame = "<iframe src='" + stage.server.url("/inside", "b.test") + "'></iframe>";
  std::string html = frame;
  SECTION("there before") {}
  SECTION("comes later") {
    html = "<script>setTimeout(() => { document.body.innerHTML = `" + frame + "`; }, 300)</script>";
  }
  Page& page = stage.show(html);
  const auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({0}, at("button"), {}, soon()).ok());
  CHECK(gate->wait_for_request(soon()));
  CHECK_FALSE(page.wait_for({0}, reads("#said", "failed"), soon()));
  CHECK(changes(stage.server).empty());
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
  HeldAnswer preflight;
  std::atomic<bool> asked = false;
  stage.server.handle("/members/1", [&](const PageServer::Request& request) -> PageServer::Response {
    if (request.method == "OPTIONS") {
      asked = true;
      preflight.handler()(request);
    }
    return {202,
            "",
            "text/plain",
            {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "DELETE"}}};
  });
  const std::string url = stage.server.url("/members/1", "b.test");
  stage.server.handle("/worker.js", [url](const PageServer::Request&) -> PageServer::Response {
    return {200, "fetch('" + url + "', {method: 'DELETE'}).catch(() => {})", "text/javascript"};
  });
  const bool by_worker = GENERATE(false, true);
  CAPTURE(by_worker);
  Page& page =
      stage.show(button_that(by_worker ? "new Worker('/worker.js')" : "send('DELETE', '" + url + "')"));
  auto gate = page.gate_requests([](const auto&, const auto&, const auto&) { return false; }, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  const Until until = soon();
  while (!asked && !until.over())
    std::this_thread::sleep_for(Milliseconds(5));
  SECTION("left open") {
    gate.reset();
    preflight.release();
    while (changes(stage.server).empty() && !until.over())
      std::this_thread::sleep_for(Milliseconds(5));
    CHECK(changes(stage.server) == std::vector<std::string>{"DELETE /members/1"});
  }
  SECTION("shut, or to be shut if something is awaited") {
    if (GENERATE(true, false)) {
      gate->shut();
    } else {
      gate->shut_if_awaited();
    }
    gate.reset();
    CHECK(page.closed());
    preflight.release();
    // Whatever was to follow the preflight would be there by the time another page is.
    stage.server.page("/other", "<p id='other'>Other</p>");
    Page& other = stage.context->new_page(soon());
    CHECK(other.navigate(stage.server.url("/other"), soon()) == 200);
    CHECK(changes(stage.server).empty());
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
