#include "browser/request_gate.h"

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "fake_chrome.h"

namespace offstage::request_gate_test {

using test::soon;

namespace {

struct Fixture : test::FakeConnection {
  std::shared_ptr<browser::Monitor> monitor = std::make_shared<browser::Monitor>(page);
  std::shared_ptr<browser::GateState> state = std::make_shared<browser::GateState>(
      monitor, [](const std::string& method, const std::string& url, const std::string& body) {
        if (body == "throw") throw std::runtime_error("a rule that fails");
        return method == "DELETE" && url == "https://a.test/members/1";
      });
  std::unique_ptr<browser::PageRequestGate> gate =
      std::make_unique<browser::PageRequestGate>(state, [this] { ended = true; });
  bool ended = false;

  Fixture() { state->cover(page); }
  void pause(const std::string& id, const std::string& method, const std::string& url,
             const std::string& body = "", const std::string& type = "Fetch") {
    chrome->emit("S", "Fetch.requestPaused",
                 {{"requestId", "i" + id},
                  {"networkId", id},
                  {"resourceType", type},
                  {"request", {{"method", method}, {"url", url}, {"postData", body}}}});
  }
  void begin(const std::string& id, const std::string& method, const std::string& url) {
    chrome->emit("S", "Network.requestWillBeSent",
                 {{"requestId", id}, {"request", {{"method", method}, {"url", url}}}});
  }
  void finish(const std::string& id, int status) {
    chrome->emit("S", "Network.responseReceived", {{"requestId", id}, {"response", {{"status", status}}}});
    chrome->emit("S", "Network.loadingFinished", {{"requestId", id}});
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "reads pass the gate unasked", "[gate]") {
  pause("1", "GET", "https://a.test/");
  pause("2", "OPTIONS", "https://a.test/");
  CHECK(chrome->sent("Fetch.continueRequest").size() == 2);
  CHECK(gate->allowed().empty());
  CHECK_FALSE(gate->wait_for_request(Until::in(Milliseconds{10})));
}

TEST_CASE_METHOD(Fixture, "what the rule allows is let through and its answer told", "[gate]") {
  chrome->answer("Network.getResponseBody", [](const Json&) -> Json {
    return {{"body", "eyJvayI6dHJ1ZX0="}, {"base64Encoded", true}};
  });
  pause("1", "DELETE", "https://a.test/members/1", "{}");
  CHECK(chrome->sent("Fetch.continueRequest").at(0).params.at("requestId") == "i1");
  CHECK(gate->wait_for_request(soon()));
  CHECK_FALSE(gate->wait_for_answer(Until::in(Milliseconds{10})));
  finish("1", 204);
  const std::optional<browser::Page::Exchange> exchange = gate->wait_for_answer(soon());
  REQUIRE(exchange);
  CHECK(exchange->method == "DELETE");
  CHECK(exchange->status == 204);
  CHECK(exchange->body == "{\"ok\":true}");
  CHECK(exchange->request_body == "{}");
  CHECK(gate->allowed().size() == 1);
  CHECK(gate->refused().empty());
}

TEST_CASE_METHOD(Fixture, "each answer is told once", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/1");
  pause("2", "DELETE", "https://a.test/members/1");
  finish("2", 404);
  CHECK(gate->wait_for_answer(soon())->status == 404);
  finish("1", 200);
  CHECK(gate->wait_for_answer(soon())->status == 200);
  CHECK_FALSE(gate->wait_for_answer(Until::in(Milliseconds{10})));
}

TEST_CASE_METHOD(Fixture, "what the rule refuses never leaves the browser", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/2");
  CHECK(chrome->sent("Fetch.continueRequest").empty());
  CHECK(chrome->sent("Fetch.failRequest").at(0).params.at("errorReason") == "BlockedByClient");
  REQUIRE(gate->refused().size() == 1);
  CHECK(gate->refused()[0].failure == "blocked");
  CHECK(gate->wait_for_request(soon()));
  CHECK_FALSE(gate->wait_for_answer(Until::in(Milliseconds{10})));
}

TEST_CASE_METHOD(Fixture, "a refused form leaves the page as it is", "[gate]") {
  pause("1", "POST", "https://a.test/form", "", "Document");
  CHECK(chrome->sent("Fetch.failRequest").at(0).params.at("errorReason") == "Aborted");
}

TEST_CASE_METHOD(Fixture, "a rule that fails refuses", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/1", "throw");
  CHECK(gate->refused().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a redirect is the answer of the request that got it", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/1");
  chrome->emit("S", "Network.requestWillBeSent",
               {{"requestId", "1"}, {"redirectResponse", {{"status", 303}}}});
  CHECK(gate->wait_for_answer(soon())->status == 303);
}

TEST_CASE_METHOD(Fixture, "a redirect that repeats the method is asked about again", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/1");
  chrome->emit("S", "Network.requestWillBeSent",
               {{"requestId", "1"}, {"redirectResponse", {{"status", 307}}}});
  pause("1", "DELETE", "https://a.test/members/2");
  CHECK(gate->allowed().size() == 1);
  CHECK(gate->refused().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a request that fails is told with Chrome's word", "[gate]") {
  pause("1", "DELETE", "https://a.test/members/1");
  chrome->emit("S", "Network.loadingFailed", {{"requestId", "1"}, {"errorText", "net::ERR_FAILED"}});
  CHECK(gate->wait_for_answer(soon())->failure == "net::ERR_FAILED");
}

TEST_CASE_METHOD(Fixture, "bodies are kept to 64 KiB, cut between characters", "[gate]") {
  std::string body((std::size_t{64} << 10) - 1, 'a');
  body += "é and more";
  pause("1", "POST", "https://a.test/", body);
  CHECK(gate->refused()[0].request_body == std::string((std::size_t{64} << 10) - 1, 'a'));
}

TEST_CASE_METHOD(Fixture, "once the gate is shut nothing passes, not even a preflight", "[gate]") {
  gate->shut();
  pause("1", "OPTIONS", "https://a.test/members/1");
  pause("2", "DELETE", "https://a.test/members/1");
  CHECK(chrome->sent("Fetch.continueRequest").empty());
  CHECK(chrome->sent("Fetch.failRequest").size() == 2);
}

TEST_CASE_METHOD(Fixture, "when a gate that was shut goes, the page ends and nothing passes", "[gate]") {
  gate->shut();
  gate.reset();
  CHECK(ended);
  CHECK(chrome->sent("Fetch.disable").empty());
}

TEST_CASE_METHOD(Fixture, "a gate goes as one that was shut while a request has still to come to it",
                 "[gate]") {
  gate->shut_if_awaited();
  begin("1", "DELETE", "https://a.test/members/1");
  SECTION("it came, and was let through") {
    pause("1", "DELETE", "https://a.test/members/1");
    gate.reset();
    CHECK_FALSE(ended);
  }
  SECTION("it came before Chrome told that it began") {
    pause("2", "DELETE", "https://a.test/members/2");
    begin("2", "DELETE", "https://a.test/members/2");
    pause("1", "DELETE", "https://a.test/members/1");
    gate.reset();
    CHECK_FALSE(ended);
  }
  SECTION("it failed on its way") {
    chrome->emit("S", "Network.loadingFailed", {{"requestId", "1"}, {"errorText", "net::ERR_FAILED"}});
    gate.reset();
    CHECK_FALSE(ended);
  }
  SECTION("it is on its way") {
    gate.reset();
    CHECK(ended);
    CHECK(chrome->sent("Fetch.disable").empty());
  }
}

TEST_CASE_METHOD(Fixture, "reads that are on their way keep no gate shut", "[gate]") {
  gate->shut_if_awaited();
  begin("1", "GET", "https://a.test/");
  gate.reset();
  CHECK_FALSE(ended);
}

TEST_CASE_METHOD(Fixture, "the gate of a page that was not asked to stay shut goes whatever is on its way",
                 "[gate]") {
  begin("1", "DELETE", "https://a.test/members/1");
  gate.reset();
  CHECK_FALSE(ended);
}

TEST_CASE_METHOD(Fixture, "a socket that opens is told with its address", "[gate]") {
  CHECK(gate->bypassed().empty());
  chrome->emit("S", "Network.webSocketCreated", {{"requestId", "1"}, {"url", "wss://a.test/live"}});
  CHECK(gate->bypassed() ==
        "the page opened a socket to wss://a.test/live, and what went over it is not known");
  chrome->emit("S", "Network.webTransportCreated", {{"transportId", "2"}, {"url", "https://b.test/"}});
  CHECK(gate->bypassed() ==
        "the page opened a socket to wss://a.test/live, and what went over it is not known");
}

TEST_CASE_METHOD(Fixture, "when a gate that was shut goes, all that stands behind it ends as well",
                 "[gate]") {
  int windows = 0;
  state->ends_with_it([&] { ++windows; });
  SECTION("shut") {
    gate->shut();
    gate.reset();
    CHECK(windows == 1);
  }
  SECTION("open") {
    gate.reset();
    CHECK(windows == 0);
  }
}

TEST_CASE_METHOD(Fixture, "what is sent over a socket that was open before is told", "[gate]") {
  chrome->emit("S", "Network.webSocketFrameReceived", {{"requestId", "1"}});
  CHECK(gate->bypassed().empty());
  chrome->emit("S", "Network.webSocketFrameSent", {{"requestId", "1"}});
  CHECK(gate->bypassed() == "the page sent something over a socket, and what it was is not known");
}

TEST_CASE_METHOD(Fixture, "a change that is answered without having come to the gate is told", "[gate]") {
  begin("1", "DELETE", "https://a.test/members/2");
  CHECK(gate->bypassed().empty());
  finish("1", 204);
  CHECK(gate->bypassed() == "the page sent DELETE https://a.test/members/2 in a way that is not held");
}

TEST_CASE_METHOD(Fixture, "what comes to the gate, reads or leads nowhere is not told as past it", "[gate]") {
  begin("1", "DELETE", "https://a.test/members/1");
  pause("1", "DELETE", "https://a.test/members/1");
  finish("1", 204);
  begin("2", "GET", "https://a.test/members/2");
  finish("2", 200);
  begin("3", "POST", "data:,here");
  finish("3", 200);
  CHECK(gate->bypassed().empty());
}

TEST_CASE_METHOD(Fixture, "a session that is told of twice is held once", "[gate]") {
  CHECK_FALSE(state->cover(page));
  CHECK(chrome->sent("Fetch.enable").size() == 1);
  pause("1", "DELETE", "https://a.test/members/1");
  CHECK(gate->allowed().size() == 1);
  CHECK(gate->refused().empty());
}

TEST_CASE_METHOD(Fixture, "a session that comes when the gate has gone is not held", "[gate]") {
  gate.reset();
  CHECK_FALSE(state->cover(client->session("T")));
  CHECK(chrome->sent("Fetch.enable").size() == 1);
}

TEST_CASE_METHOD(Fixture, "when the gate goes, requests pass again", "[gate]") {
  gate.reset();
  CHECK(chrome->sent("Fetch.disable").size() == 1);
  pause("1", "DELETE", "https://a.test/members/2");
  CHECK(chrome->sent("Fetch.failRequest").empty());
}

}  // namespace offstage::request_gate_test
