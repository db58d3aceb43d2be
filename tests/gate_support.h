#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "held_answer.h"

// What tests of the request gate share: a rule, and pages that send.

namespace offstage::test {

/// The rule by which one request alone may leave.
inline bool only_member_1(const std::string& method, const std::string& url, const std::string&) {
  return method == "DELETE" && url.ends_with("/members/1");
}

/// "DELETE /path" of what came to the server and was more than a read.
inline std::vector<std::string> changes(const PageServer& server) {
  std::vector<std::string> list;
  for (const PageServer::Request& request : server.requests()) {
    if (request.method != "GET" && request.method != "OPTIONS")
      list.push_back(request.method + " " + request.path);
  }
  return list;
}

/// A page with a button that runs a script, which may use `send(method, url, body)`; #said tells what came of
/// it.
inline std::string button_that(const std::string& script) {
  return "<button onclick=\"" + script +
         "\">Go</button><p id='said'>-</p><script>"
         "const send = (method, url, body) => fetch(url, {method, body}).then("
         "(r) => { said.textContent = r.status; }, () => { said.textContent = 'failed'; });</script>";
}

/// Once the page was made to send a change: it was let through and answered when it is the `right` one, and
/// else kept back.
inline void check_gate(browser::Page::RequestGate& gate, const PageServer& server, bool right,
                       const std::string& change) {
  CHECK(gate.wait_for_request(soon()));
  if (right) {
    const auto exchange = gate.wait_for_answer(soon());
    REQUIRE(exchange);
    CHECK(exchange->status == 404);
  }
  CHECK(gate.refused().size() == (right ? 0 : 1));
  CHECK(changes(server) == (right ? std::vector{change} : std::vector<std::string>{}));
}

/// A server that is asked at /members/1 of b.test whether a page of another origin may send its change, and
/// does not answer that before it is released. Declare it after the server.
class HeldPreflight {
 public:
  explicit HeldPreflight(PageServer& server) : url(server.url("/members/1", "b.test")) {
    server.handle("/members/1", [held = held_.handler(), asked = asked_](const PageServer::Request& request) {
      if (request.method == "OPTIONS") {
        *asked = true;
        held(request);
      }
      PageServer::Response response;
      response.status = 202;
      response.headers = {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "DELETE"}};
      return response;
    });
  }
  void wait_until_asked() const {
    wait_until([this] { return asked_->load(); });
  }
  void release() { held_.release(); }

  const std::string url;

 private:
  HeldAnswer held_;
  std::shared_ptr<std::atomic<bool>> asked_ = std::make_shared<std::atomic<bool>>(false);
};

/// Once the gate that was to keep the preflight's request back is gone: its page has ended, and nothing comes
/// after the preflight.
inline void check_nothing_follows(HeldPreflight& preflight, Stage& stage) {
  CHECK(stage.page.closed());
  preflight.release();
  // Whatever was to follow the preflight would be there by the time another page is.
  stage.server.page("/other", "<p id='other'>Other</p>");
  browser::Page& other = stage.context->new_page(soon());
  CHECK(other.navigate(stage.server.url("/other"), soon()) == 200);
  CHECK(changes(stage.server).empty());
}

}  // namespace offstage::test
