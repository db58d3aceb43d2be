// What stands behind a page's gate beside its own document: frames, windows, and workers of no page.
#include <catch2/catch.hpp>

#include "browser_support.h"
#include "gate_support.h"
#include "queries.h"

namespace offstage::gate_others_test {

using namespace test;
using browser::Page;

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
  check_gate(*gate, stage.server, right, "POST /members/1");
}

TEST_CASE("a window that was open before the gate is held as well", "[gate][popup]") {
  Stage stage;
  const bool right = GENERATE(false, true);
  CAPTURE(right);
  const std::string url = stage.server.url(right ? "/members/1" : "/members/2");
  const std::string other = "fetch('" + url + "', {method: 'DELETE'}).catch(() => {})";
  std::string go;
  SECTION("by a script of its opener") {
    go = "popup." + other;
  }
  SECTION("by a script of its own") {
    stage.server.page("/popup", "<script>onmessage = () => { " + other + " }</script>");
    go = "popup.postMessage('go', '*')";
  }
  SECTION("by a frame of another site in it") {
    stage.server.page("/inside", "<script>onmessage = () => { fetch('" +
                                     stage.server.url("/members/2", "b.test") +
                                     "', {method: 'DELETE'}).catch(() => {}) }</script>");
    stage.server.page("/popup", "<iframe src='" + stage.server.url("/inside", "b.test") + "'></iframe>");
    go = "popup[0].postMessage('go', '*')";
    if (right) return;
  }
  Page& page = stage.show(button_that(go) + "<a onclick=\"popup = window.open('/popup')\">Open</a>");
  REQUIRE(page.click({}, at("a"), {}, soon()).ok());
  Page* popup = stage.context->wait_for_page(stage.server.url("/popup"), soon());
  REQUIRE(popup != nullptr);
  REQUIRE(popup->wait_for_expression({}, "document.readyState === 'complete'", soon()));
  auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  check_gate(*gate, stage.server, right, "DELETE /members/1");
  gate->shut();
  gate.reset();
  CHECK(popup->closed());
}

namespace {

/// Starts a worker that sends what it is told to send, and says in #said that it runs.
std::string worker_page(bool service) {
  const std::string start =
      service ? "navigator.serviceWorker.register('/service.js');"
                "const runs = navigator.serviceWorker.ready.then((all) => { worker = all.active; });"
              : "worker = new SharedWorker('/shared.js').port;"
                "const runs = new Promise((told) => { worker.onmessage = told; });";
  return "<script>let worker; function start() { " + start +
         " return runs.then(() => { said.textContent = 'runs'; }); }"
         "function go(url) { worker.postMessage(url); }</script><p id='said'>-</p>";
}

void serve_workers(PageServer& server) {
  const std::string send = "fetch(data, {method: 'DELETE'}).catch(() => {})";
  server.handle("/shared.js", [send](const PageServer::Request&) -> PageServer::Response {
    return {200,
            "onconnect = ({ports: [port]}) => {"
            " port.onmessage = ({data}) => " +
                send + "; port.postMessage('runs'); }",
            "text/javascript"};
  });
  server.handle("/service.js", [send](const PageServer::Request&) -> PageServer::Response {
    return {200,
            "onmessage = (event) => { const data = event.data; event.waitUntil(" + send +
                "); };"
                "onactivate = (event) => event.waitUntil(clients.claim())",
            "text/javascript"};
  });
}

}  // namespace

TEST_CASE("what shared workers and service workers send is held", "[gate][worker]") {
  Stage stage;
  serve_workers(stage.server);
  const bool service = GENERATE(false, true);
  const bool before = GENERATE(false, true);
  const bool right = GENERATE(false, true);
  CAPTURE(service, before, right);
  const std::string path = right ? "/members/1" : "/members/2";
  Page& page = stage.show(worker_page(service) + "<a onclick='start()'>Start</a><button onclick=\"" +
                          (before ? "" : "start().then(() => ") + "go('" + path + "')" + (before ? "" : ")") +
                          "\">Go</button>");
  if (before) {
    REQUIRE(page.click({}, at("a"), {}, soon()).ok());
    REQUIRE_FALSE(page.wait_for({}, reads("#said", "runs"), soon()));
  }
  auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  check_gate(*gate, stage.server, right, "DELETE /members/1");
  gate.reset();
  CHECK_FALSE(page.closed());
  // Without the gate they send what they like again.
  REQUIRE(page.wait_for_expression({}, "go('/members/3') || true", soon()));
  wait_until([&] { return changes(stage.server).size() == (right ? 2 : 1); });
  CHECK(changes(stage.server).back() == "DELETE /members/3");
}

TEST_CASE("a shared worker that is met late is held as well", "[gate][worker]") {
  Stage stage;
  serve_workers(stage.server);
  Page& page = stage.show(worker_page(false) + "<button onclick=\"go('/members/2')\">Go</button>");
  // Chrome tells of the worker, and asks for its script: nothing is done about it before that was answered.
  const auto asked = [&] {
    const auto requests = stage.server.requests();
    return std::any_of(requests.begin(), requests.end(),
                       [](const PageServer::Request& request) { return request.path == "/shared.js"; });
  };
  const auto late =
      shared_browser().client().root().on("Target.targetCreated", [&](const Json&) { wait_until(asked); });
  REQUIRE(page.wait_for_expression({}, "start().then(() => true)", soon()));
  auto gate = page.gate_requests(only_member_1, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  check_gate(*gate, stage.server, false, "");
}

TEST_CASE("a worker of all pages that still waits for its preflight ends with a gate that was shut",
          "[gate][worker]") {
  Stage stage;
  serve_workers(stage.server);
  HeldPreflight preflight(stage.server);
  const bool service = GENERATE(false, true);
  CAPTURE(service);
  Page& page =
      stage.show(worker_page(service) + "<button onclick=\"go('" + preflight.url + "')\">Go</button>");
  REQUIRE(page.wait_for_expression({}, "start().then(() => true)", soon()));
  auto gate = page.gate_requests([](const auto&, const auto&, const auto&) { return false; }, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  preflight.wait_until_asked();
  if (GENERATE(true, false)) {
    gate->shut();
  } else {
    gate->shut_if_awaited();
  }
  gate.reset();
  check_nothing_follows(preflight, stage);
}

}  // namespace offstage::gate_others_test
