#include "browser/frames.h"

#include <catch2/catch.hpp>

#include "fake_chrome.h"

namespace offstage::frames_test {

using browser::Frames;
using browser::Miss;
using browser::Realm;
using browser::World;

namespace {

Until soon() {
  return Until::in(Milliseconds{30});
}

struct Fixture : test::FakeConnection {
  std::shared_ptr<browser::Monitor> monitor = std::make_shared<browser::Monitor>(page);
  Frames frames{monitor, page, "MAIN"};
  std::vector<cdp::Subscription> subscriptions = frames.listen(page);

  void attach(const std::string& id, const std::string& parent = "MAIN") {
    chrome->emit("S", "Page.frameAttached", {{"frameId", id}, {"parentFrameId", parent}});
  }
  void detach(const std::string& id, const std::string& reason) {
    chrome->emit("S", "Page.frameDetached", {{"frameId", id}, {"reason", reason}});
  }
  void world(const std::string& frame, const std::string& unique, const std::string& session = "S",
             bool main = false) {
    chrome->emit(session, "Runtime.executionContextCreated",
                 {{"context",
                   {{"id", 7},
                    {"uniqueId", unique},
                    {"name", main ? "" : "offstage"},
                    {"auxData", {{"frameId", frame}, {"isDefault", main}}}}}});
  }
  std::string found(const browser::FramePath& path, Realm realm = Realm::isolated) {
    const std::variant<World, Miss> answer = frames.world(path, realm, soon());
    if (const Miss* miss = std::get_if<Miss>(&answer)) return "miss: " + miss->seen;
    return std::get<World>(answer).unique_id;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a frame path counts child frames in the order they came", "[frames]") {
  attach("A");
  attach("B");
  attach("B0", "B");
  world("MAIN", "m");
  world("A", "a");
  world("B0", "b0");
  CHECK(found({}) == "m");
  CHECK(found({0}) == "a");
  CHECK(found({1, 0}) == "b0");
}

TEST_CASE_METHOD(Fixture, "a frame that does not come is a miss that names it", "[frames]") {
  CHECK(found({2}) == "miss: there is no frame [2]");
  attach("A");
  CHECK(found({0}) == "miss: frame [0] at  has no document yet");
}

TEST_CASE_METHOD(Fixture, "our world and the page's own are told apart", "[frames]") {
  world("MAIN", "ours");
  world("MAIN", "theirs", "S", true);
  CHECK(found({}, Realm::isolated) == "ours");
  CHECK(found({}, Realm::main) == "theirs");
}

TEST_CASE_METHOD(Fixture, "a world that was destroyed is not used again", "[frames]") {
  world("MAIN", "old");
  chrome->emit("S", "Runtime.executionContextDestroyed", {{"executionContextUniqueId", "old"}});
  CHECK(found({}).starts_with("miss"));
  world("MAIN", "new");
  CHECK(found({}) == "new");
  chrome->emit("S", "Runtime.executionContextsCleared", Json::object());
  CHECK(found({}).starts_with("miss"));
}

TEST_CASE_METHOD(Fixture, "a removed frame makes room for those after it", "[frames]") {
  attach("A");
  attach("B");
  world("B", "b");
  detach("A", "remove");
  CHECK(found({0}) == "b");
}

TEST_CASE_METHOD(Fixture, "a navigation takes the child frames of the old document away", "[frames]") {
  attach("A");
  chrome->emit("S", "Page.frameNavigated",
               {{"frame", {{"id", "MAIN"}, {"url", "https://a.test/"}, {"urlFragment", "#x"}}}});
  CHECK(frames.main_url() == "https://a.test/#x");
  CHECK(found({0}) == "miss: there is no frame [0]");
}

TEST_CASE_METHOD(Fixture, "a frame that moves to a process of its own keeps its number", "[frames]") {
  attach("A");
  attach("B");
  world("A", "a");
  world("B", "b");
  detach("A", "swap");
  const std::shared_ptr<cdp::Session> other = client->session("T");
  frames.move_to("A", "https://other.test/", other);
  const std::vector<cdp::Subscription> more = frames.listen(other);
  CHECK(found({0}).starts_with("miss"));
  world("A", "a in T", "T");
  const std::variant<World, Miss> answer = frames.world({0}, Realm::isolated, soon());
  REQUIRE(std::holds_alternative<World>(answer));
  CHECK(std::get<World>(answer).session->id() == "T");
  CHECK(found({1}) == "b");

  SECTION("and when it comes back") {
    attach("A");
    frames.drop("T");
    world("A", "a again");
    CHECK(found({0}) == "a again");
  }
  SECTION("and when its old process ends first") {
    frames.drop("T");
    attach("A");
    world("A", "a again");
    CHECK(found({0}) == "a again");
    CHECK(found({1}) == "b");
  }
  SECTION("and is gone when its process ends") {
    frames.drop("T");
    CHECK(found({0}) == "b");
  }
}

TEST_CASE_METHOD(Fixture, "a frame that is said to stand in itself is in no frame", "[frames]") {
  attach("A", "A");
  chrome->emit("S", "Page.frameNavigated", {{"frame", {{"id", "A"}, {"url", "https://a.test/"}}}});
  chrome->emit("S", "Page.frameNavigated", {{"frame", Json::object()}});
  chrome->emit("S", "Page.frameNavigated", Json::object());
  detach("A", "remove");
  CHECK(found({0}) == "miss: there is no frame [0]");
}

TEST_CASE_METHOD(Fixture, "a crash ends a wait for a frame at once", "[frames]") {
  monitor->crash();
  CHECK_THROWS_AS(frames.world({0}, Realm::isolated, Until::in(Milliseconds{60'000})), Error);
}

TEST_CASE_METHOD(Fixture, "a stop ends a wait for a frame at once", "[frames]") {
  std::stop_source source;
  source.request_stop();
  try {
    frames.world({0}, Realm::isolated, Until::in(Milliseconds{60'000}, source.get_token()));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::interrupted);
  }
}

}  // namespace offstage::frames_test
