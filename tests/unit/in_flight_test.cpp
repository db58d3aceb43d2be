#include "browser/in_flight.h"

#include <catch2/catch.hpp>

#include "fake_chrome.h"

namespace offstage::in_flight_test {

namespace {

struct Fixture : test::FakeConnection {
  std::shared_ptr<browser::Monitor> monitor = std::make_shared<browser::Monitor>(page);
  browser::InFlight in_flight{monitor};
  std::vector<cdp::Subscription> subscriptions = in_flight.listen(page);

  void request(const std::string& id, const std::string& url, const std::string& loader = "L1",
               const std::string& type = "Fetch") {
    chrome->emit("S", "Network.requestWillBeSent",
                 {{"requestId", id},
                  {"loaderId", loader},
                  {"frameId", "F"},
                  {"type", type},
                  {"request", {{"method", "GET"}, {"url", url}}}});
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a request is in flight until it finished or failed", "[in-flight]") {
  request("1", "https://a.test/one");
  request("2", "https://a.test/two");
  CHECK(in_flight.describe() ==
        std::vector<std::string>{"GET https://a.test/one (0.0 s)", "GET https://a.test/two (0.0 s)"});
  chrome->emit("S", "Network.loadingFinished", {{"requestId", "1"}});
  CHECK(in_flight.describe() == std::vector<std::string>{"GET https://a.test/two (0.0 s)"});
  chrome->emit("S", "Network.loadingFailed", {{"requestId", "2"}});
  CHECK(in_flight.describe().empty());
}

TEST_CASE_METHOD(Fixture, "a redirect replaces the request it came from", "[in-flight]") {
  request("1", "https://a.test/old");
  request("1", "https://a.test/new");
  CHECK(in_flight.describe() == std::vector<std::string>{"GET https://a.test/new (0.0 s)"});
}

TEST_CASE_METHOD(Fixture, "what follows the question mark is not told", "[in-flight]") {
  request("1", "https://a.test/callback?code=s3cret");
  CHECK(in_flight.describe() == std::vector<std::string>{"GET https://a.test/callback?… (0.0 s)"});
}

TEST_CASE_METHOD(Fixture, "the requests of a document that was left are forgotten", "[in-flight]") {
  request("1", "https://a.test/old", "L1");
  request("L2", "https://a.test/page", "L2");
  chrome->emit("S", "Page.frameNavigated", {{"frame", {{"id", "F"}, {"loaderId", "L2"}}}});
  CHECK(in_flight.describe() == std::vector<std::string>{"GET https://a.test/page (0.0 s)"});
}

TEST_CASE_METHOD(Fixture, "a page that asks for ever does not fill the memory", "[in-flight]") {
  for (int at = 0; at < 1000; ++at)
    request(std::to_string(at), "https://a.test/" + std::to_string(at));
  CHECK(in_flight.describe().size() == 256);
  CHECK(in_flight.describe().back() == "GET https://a.test/999 (0.0 s)");
}

TEST_CASE_METHOD(Fixture, "a request that ends on another session of the page has ended", "[in-flight]") {
  const std::shared_ptr<cdp::Session> worker = client->session("W");
  const std::vector<cdp::Subscription> more = in_flight.listen(worker);
  request("1", "https://a.test/worker.js", "L1", "Script");
  chrome->emit("W", "Network.loadingFinished", {{"requestId", "1"}});
  CHECK(in_flight.describe().empty());
}

TEST_CASE_METHOD(Fixture, "what does not end by its nature, or what nothing waits for, is not in flight",
                 "[in-flight]") {
  for (const char* type : {"EventSource", "Ping", "Media", "Prefetch"})
    request(type, "https://a.test/", "L1", type);
  request("worker", "https://a.test/worker.js", "", "Script");
  CHECK(in_flight.describe().empty());
}

TEST_CASE_METHOD(Fixture, "the requests of a session end with it", "[in-flight]") {
  request("1", "https://a.test/one");
  in_flight.drop("S");
  CHECK(in_flight.describe().empty());
}

}  // namespace offstage::in_flight_test
