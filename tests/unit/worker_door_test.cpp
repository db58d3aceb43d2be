#include "browser/worker_door.h"

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "fake_chrome.h"

namespace offstage::worker_door_test {

using test::soon;

namespace {

/// The door of a context with the shared worker "W", and the gate that stands there, if one does.
struct Fixture : test::FakeConnection {
  Fixture() {
    chrome->answer("Target.attachToBrowserTarget", [](const Json&) { return Json{{"sessionId", "door"}}; });
    door = std::make_unique<browser::WorkerDoor>(
        *client, [this] { return gate; }, soon());
    door->add("W");
  }
  void raise_gate() {
    gate = std::make_shared<browser::GateState>(
        std::make_shared<browser::Monitor>(page),
        [](const std::string&, const std::string&, const std::string&) { return false; });
    door->close().wait(soon());
  }
  void pause(const std::string& from, const std::string& method = "DELETE") {
    chrome->emit("door", "Fetch.requestPaused",
                 {{"requestId", "1"},
                  {"networkId", "1"},
                  {"frameId", from},
                  {"resourceType", "Fetch"},
                  {"request", {{"method", method}, {"url", "https://a.test/members/1"}, {"postData", ""}}}});
  }
  bool passed() const { return chrome->sent("Fetch.continueRequest").size() == 1; }
  bool kept_back() const { return chrome->sent("Fetch.failRequest").size() == 1; }
  /// Whether Chrome was last asked to hold everything.
  bool closed() const {
    return chrome->sent("Fetch.enable").back().params.at("patterns").at(0).at("urlPattern") == "*";
  }

  std::shared_ptr<browser::GateState> gate;
  std::unique_ptr<browser::WorkerDoor> door;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the workers' door holds nothing before it is closed, and stands ready", "[gate]") {
  REQUIRE(chrome->sent("Fetch.enable").size() == 1);
  CHECK_FALSE(closed());
  raise_gate();
  CHECK(closed());
}

TEST_CASE_METHOD(Fixture, "what a shared worker sends is for the gate to decide", "[gate]") {
  raise_gate();
  pause("W");
  CHECK(kept_back());
  CHECK_FALSE(passed());
}

TEST_CASE_METHOD(Fixture, "what others send passes the workers' door", "[gate]") {
  raise_gate();
  pause("a page");
  CHECK(passed());
  CHECK_FALSE(kept_back());
  CHECK(closed());
}

TEST_CASE_METHOD(Fixture, "the workers' door opens by itself once no gate stands", "[gate]") {
  raise_gate();
  gate.reset();
  pause("W");
  CHECK(passed());
  CHECK_FALSE(closed());
}

TEST_CASE_METHOD(Fixture, "nothing of a worker that is barred passes, also when the gate is gone", "[gate]") {
  raise_gate();
  door->bar("W");
  gate.reset();
  const std::string method = GENERATE("DELETE", "GET");
  pause("a page");
  CHECK(closed());
  pause("W", method);
  CHECK(kept_back());
  CHECK(passed());
}

TEST_CASE_METHOD(Fixture, "a worker that is not barred may send what it likes when the gate is gone",
                 "[gate]") {
  raise_gate();
  door->add("V");
  door->bar("W");
  gate.reset();
  pause("V");
  CHECK(passed());
  CHECK_FALSE(kept_back());
}

}  // namespace offstage::worker_door_test
