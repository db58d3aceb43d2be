#include "browser/discovery.h"

#include <catch2/catch.hpp>

#include "base/error.h"

namespace offstage::discovery_test {

using browser::discover;
using browser::websocket_address;

namespace {

constexpr const char* answer =
    R"({"Browser": "Chrome/156", "webSocketDebuggerUrl": "ws://127.0.0.1:9222/devtools/browser/id"})";

}  // namespace

TEST_CASE("the browser's path is taken, at the host and port that were given", "[discovery]") {
  CHECK(websocket_address("http://10.0.0.5:7000", answer) == "ws://10.0.0.5:7000/devtools/browser/id");
  CHECK(websocket_address("http://10.0.0.5:7000/json?x", answer) == "ws://10.0.0.5:7000/devtools/browser/id");
}

TEST_CASE("an https address leads to a wss address", "[discovery]") {
  CHECK(websocket_address("https://chrome.test", answer) == "wss://chrome.test/devtools/browser/id");
}

TEST_CASE("an answer that names no websocket is no browser's", "[discovery]") {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"webSocketDebuggerUrl": "none"})",
                           R"({"webSocketDebuggerUrl": "ws://host"})"}) {
    CAPTURE(body);
    CHECK_THROWS_AS(websocket_address("http://10.0.0.5:7000", body), Error);
  }
}

TEST_CASE("a websocket address needs no discovery", "[discovery]") {
  CHECK(discover("ws://127.0.0.1:1/x", Until::in(Milliseconds(0))) == "ws://127.0.0.1:1/x");
  CHECK(discover("wss://a.test/x", Until::in(Milliseconds(0))) == "wss://a.test/x");
}

}  // namespace offstage::discovery_test
