#include "browser/navigation.h"

#include <thread>

#include <catch2/catch.hpp>

#include "error_of.h"
#include "fake_chrome.h"

namespace offstage::navigation_test {

namespace {

struct Fixture : test::FakeConnection {
  std::shared_ptr<browser::Monitor> monitor = std::make_shared<browser::Monitor>(page);
  std::shared_ptr<browser::Frames> frames = std::make_shared<browser::Frames>(monitor, page, "MAIN");
  browser::Dialogs dialogs{monitor};
  browser::InFlight in_flight{monitor};
  browser::Navigation navigation{monitor, page, "MAIN", dialogs, in_flight};
  std::vector<std::vector<cdp::Subscription>> subscriptions;
  bool stopped_by_fence = false;

  Fixture() {
    subscriptions.push_back(dialogs.listen(page));
    subscriptions.push_back(frames->listen(page));
    subscriptions.push_back(in_flight.listen(page));
    subscriptions.push_back(navigation.listen());
  }
  void commit(const std::string& loader, const Json& more = Json::object()) {
    Json frame = {{"id", "MAIN"}, {"loaderId", loader}, {"url", "https://a.test/"}};
    frame.update(more);
    chrome->emit("S", "Page.frameNavigated", {{"frame", frame}});
  }
  void load(const std::string& loader) {
    chrome->emit("S", "Page.lifecycleEvent", {{"frameId", "MAIN"}, {"loaderId", loader}, {"name", "load"}});
  }
  void response(const std::string& loader, int status) {
    chrome->emit("S", "Network.responseReceived",
                 {{"requestId", loader},
                  {"loaderId", loader},
                  {"frameId", "MAIN"},
                  {"type", "Document"},
                  {"response", {{"status", status}}}});
  }
  void request(const std::string& id, const std::string& url) {
    chrome->emit("S", "Network.requestWillBeSent",
                 {{"requestId", id}, {"request", {{"method", "GET"}, {"url", url}}}});
  }
  int go(Milliseconds time = Milliseconds{5'000}) {
    return navigation.go(
        "https://a.test/", [this](const std::string&) { return stopped_by_fence; }, Until::in(time));
  }
  Error failure(Milliseconds time = Milliseconds{5'000}) {
    return test::error_of([&] { go(time); });
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a load event that comes before the answer counts", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    response("L1", 404);
    commit("L1");
    load("L1");
    return {{"frameId", "MAIN"}, {"loaderId", "L1"}};
  });
  CHECK(go() == 404);
}

TEST_CASE_METHOD(Fixture, "the load event of another document does not count", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    commit("L1");
    load("L0");
    return {{"loaderId", "L1"}};
  });
  CHECK(failure(Milliseconds{50}).kind() == Kind::unreachable);
}

TEST_CASE_METHOD(Fixture, "a document that goes elsewhere before it loads is followed", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    commit("L1");
    response("L2", 200);
    commit("L2");
    load("L2");
    return {{"loaderId", "L1"}};
  });
  CHECK(go() == 200);
}

TEST_CASE_METHOD(Fixture, "a navigation within the document has arrived at once", "[navigation]") {
  chrome->answer("Page.navigate", [](const Json&) -> Json { return {{"frameId", "MAIN"}}; });
  CHECK(go() == 0);
}

TEST_CASE_METHOD(Fixture, "a net error is told as unreachable with Chrome's word", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    commit("L1", {{"unreachableUrl", "https://a.test/"}});
    return {{"loaderId", "L1"}, {"errorText", "net::ERR_CONNECTION_REFUSED"}};
  });
  const Error error = failure();
  CHECK(error.kind() == Kind::unreachable);
  CHECK(error.message() == "cannot reach https://a.test/: net::ERR_CONNECTION_REFUSED");
}

TEST_CASE_METHOD(Fixture, "what the fence stops is refused", "[navigation]") {
  std::string word = "net::ERR_BLOCKED_BY_CLIENT";
  chrome->answer("Page.navigate", [&](const Json&) -> Json {
    commit("L1");
    return {{"loaderId", "L1"}, {"errorText", word}};
  });
  CHECK(failure().kind() == Kind::refused);
  word = "net::ERR_NAME_NOT_RESOLVED";
  CHECK(failure().kind() == Kind::unreachable);
  stopped_by_fence = true;
  CHECK(failure().kind() == Kind::refused);
}

TEST_CASE_METHOD(Fixture, "an address that is none is a usage error", "[navigation]") {
  chrome->refuse("Page.navigate", "Cannot navigate to invalid URL");
  CHECK(failure().kind() == Kind::usage);
}

TEST_CASE_METHOD(Fixture, "an answer without content has arrived", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    response("L1", 204);
    return {{"loaderId", "L1"}, {"errorText", "net::ERR_ABORTED"}};
  });
  CHECK(go() == 204);
}

TEST_CASE_METHOD(Fixture, "a download is refused", "[navigation]") {
  chrome->answer("Page.navigate", [](const Json&) -> Json {
    return {{"loaderId", "L1"}, {"errorText", "net::ERR_ABORTED"}, {"isDownload", true}};
  });
  CHECK(failure().kind() == Kind::refused);
}

TEST_CASE_METHOD(Fixture, "a page that does not finish says what is still loading, and is stopped",
                 "[navigation]") {
  chrome->ignore("Page.navigate");
  request("1", "https://a.test/slow?token=x");
  const Error error = failure(Milliseconds{50});
  CHECK(error.kind() == Kind::unreachable);
  CHECK(error.message().starts_with(
      "https://a.test/ did not finish loading in time; still loading: GET https://a.test/slow?… (0."));
  CHECK(chrome->sent("Page.stopLoading").size() == 1);
}

TEST_CASE_METHOD(Fixture, "a beforeunload dialog on the way is accepted", "[navigation]") {
  chrome->answer("Page.handleJavaScriptDialog", [this](const Json&) -> Json {
    chrome->emit("S", "Page.javascriptDialogClosed", Json::object());
    response("L1", 200);
    commit("L1");
    load("L1");
    return Json::object();
  });
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    chrome->emit("S", "Page.javascriptDialogOpening", {{"type", "beforeunload"}, {"message", ""}});
    return Json::object();  // too late: the client has given the command up
  });
  CHECK(go() == 200);
  CHECK(chrome->sent("Page.handleJavaScriptDialog").at(0).params.at("accept") == true);
}

TEST_CASE_METHOD(Fixture, "any other dialog on the way is told with its words", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    chrome->emit("S", "Page.javascriptDialogOpening", {{"type", "alert"}, {"message", "Hands off"}});
    return Json::object();
  });
  const Error error = failure();
  CHECK(error.kind() == Kind::drift);
  CHECK(error.message() == "an alert dialog \"Hands off\" opened on the way to https://a.test/");
}

TEST_CASE_METHOD(Fixture, "a crash on the way is an error of the browser at once", "[navigation]") {
  chrome->answer("Page.navigate", [this](const Json&) -> Json {
    chrome->emit("S", "Inspector.targetCrashed", Json::object());
    return Json::object();
  });
  CHECK(failure(Milliseconds{60'000}).kind() == Kind::browser);
}

TEST_CASE_METHOD(Fixture, "a watch is satisfied by a new document or a change within it, after it was armed",
                 "[navigation]") {
  commit("L1");
  browser::FrameNavigationWatch watch(frames, {});
  CHECK_FALSE(watch.wait(Until::in(Milliseconds{20})));
  SECTION("a new document") {
    commit("L2");
  }
  SECTION("within the document") {
    chrome->emit("S", "Page.navigatedWithinDocument", {{"frameId", "MAIN"}, {"url", "https://a.test/#2"}});
  }
  CHECK(watch.wait(Until::in(Milliseconds{20})));
}

TEST_CASE_METHOD(Fixture, "a watch of one frame does not care for another", "[navigation]") {
  chrome->emit("S", "Page.frameAttached", {{"frameId", "A"}, {"parentFrameId", "MAIN"}});
  browser::FrameNavigationWatch watch(frames, {});
  chrome->emit("S", "Page.frameNavigated", {{"frame", {{"id", "A"}, {"parentId", "MAIN"}, {"url", "u"}}}});
  CHECK_FALSE(watch.wait(Until::in(Milliseconds{20})));
}

}  // namespace offstage::navigation_test
