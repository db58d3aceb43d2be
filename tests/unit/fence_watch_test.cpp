#include "browser/fence_watch.h"

#include <catch2/catch.hpp>

#include "fake_chrome.h"

namespace offstage::fence_watch_test {

namespace {

/// A watch of a Chrome that Offstage started, or of one that it attached to, and a page's session.
struct Fixture : test::FakeConnection {
  explicit Fixture(bool attached = false) {
    chrome->answer("Target.attachToBrowserTarget", [](const Json&) { return Json{{"sessionId", "door"}}; });
    watch = std::make_unique<browser::FenceWatch>(
        *client, browser::Fence{{"https://in.test"}, {"https://data.test"}}, *targets,
        [](const std::string&) { return true; }, !attached, Until::in(Milliseconds(5000)));
    subscriptions = watch->listen(page);
  }
  void request(const std::string& id, const std::string& url, const std::string& type = "Fetch") {
    chrome->emit("S", "Network.requestWillBeSent",
                 {{"requestId", id}, {"type", type}, {"request", {{"method", "GET"}, {"url", url}}}});
  }
  void fail(const std::string& id, const std::string& error = "net::ERR_NAME_NOT_RESOLVED") {
    chrome->emit("S", "Network.loadingFailed", {{"requestId", id}, {"errorText", error}});
  }

  std::unique_ptr<browser::Targets> targets = std::make_unique<browser::Targets>(client->root());
  std::unique_ptr<browser::FenceWatch> watch;
  std::vector<cdp::Subscription> subscriptions;
};

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a call that did not resolve because of the fence is told once, without its query", "[fence]") {
  Fixture fixture;
  fixture.request("1", "https://tracker.test/t?user=ann");
  fixture.request("2", "https://tracker.test/t?user=bob");
  fixture.fail("2");
  fixture.fail("1");
  fixture.request("3", "https://other.test/");
  fixture.fail("3", "net::ERR_BLOCKED_BY_CLIENT");
  CHECK(fixture.watch->stopped() == List{"https://tracker.test/t", "https://other.test/"});
}

TEST_CASE("a call that failed for a reason of its own was not stopped by the fence", "[fence]") {
  Fixture fixture;
  fixture.request("1", "https://data.test/down");
  fixture.fail("1");
  fixture.request("2", "https://tracker.test/policy");
  fixture.fail("2", "");  // the page's own security policy
  fixture.request("3", "https://in.test:8443/closed");
  fixture.fail("3", "net::ERR_CONNECTION_REFUSED");
  fixture.request("4", "https://in.test:8443/moved");
  fixture.request("4", "https://in.test/here");
  fixture.fail("4");
  fixture.request("5", "data:text/plain,x");
  fixture.fail("5");
  CHECK(fixture.watch->stopped().empty());
}

TEST_CASE("a document is told of where it is held, at the door", "[fence]") {
  Fixture fixture;
  fixture.request("1", "https://out.test/?a=b", "Document");
  fixture.chrome->emit(
      "door", "Fetch.requestPaused",
      {{"requestId", "f1"}, {"resourceType", "Document"}, {"request", {{"url", "https://out.test/?a=b"}}}});
  fixture.fail("1", "net::ERR_BLOCKED_BY_CLIENT");
  CHECK(fixture.watch->stopped() == List{"https://out.test/?a=b"});
}

TEST_CASE("a WebSocket that did not resolve because of the fence is told", "[fence]") {
  Fixture fixture;
  fixture.chrome->emit("S", "Network.webSocketCreated",
                       {{"requestId", "1"}, {"url", "wss://tracker.test/s"}});
  fixture.chrome->emit("S", "Network.webSocketFrameError",
                       {{"requestId", "1"},
                        {"errorMessage", "Error in connection establishment: net::ERR_NAME_NOT_RESOLVED"}});
  CHECK(fixture.watch->stopped() == List{"wss://tracker.test/s"});
}

TEST_CASE("in an attached browser a call that fails by itself was not stopped", "[fence]") {
  Fixture fixture(true);
  fixture.request("1", "https://tracker.test/t");
  fixture.fail("1");
  CHECK(fixture.watch->stopped().empty());
}

TEST_CASE("a page that calls for ever does not fill the memory", "[fence]") {
  Fixture fixture;
  for (int at = 0; at < 3000; ++at)
    fixture.request(std::to_string(at), "https://tracker.test/" + std::to_string(at));
  for (int at = 0; at < 3000; ++at)
    fixture.fail(std::to_string(at));
  CHECK(fixture.watch->stopped().size() == 1000);
}

}  // namespace offstage::fence_watch_test
