#include <atomic>
#include <future>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "cdp/client.h"
#include "cdp/transcript_transport.h"
#include "error_of.h"

namespace offstage::cdp_client_test {

using namespace cdp;
using Outcome = Reply::Outcome;
using test::error_of;

namespace {

/// Far more than a transcript ever needs: a test that waits this long has failed.
Until soon() {
  return Until::in(Milliseconds(5000));
}

Client client_of(std::string_view script) {
  return Client(std::make_unique<TranscriptTransport>(script));
}

}  // namespace

TEST_CASE("a call gives the result that came for it", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "Browser.getVersion"}}
    {"receive": {"id": 1, "result": {"product": "Chrome/156"}}})");
  CHECK(client.root().call("Browser.getVersion", Json::object(), soon())["product"] == "Chrome/156");
}

TEST_CASE("answers that come in another order reach their own commands", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": "a", "method": "A.a", "sessionId": "S"}}
    {"send": {"id": "b", "method": "B.b", "sessionId": "S"}}
    {"receive": {"id": "b", "sessionId": "S", "result": {"is": "b"}}}
    {"receive": {"id": "a", "sessionId": "S", "result": {"is": "a"}}})");
  const auto session = client.session("S");
  Call a = session->send("A.a");
  Call b = session->send("B.b");
  CHECK(a.wait(soon()).result["is"] == "a");
  CHECK(b.wait(soon()).result["is"] == "b");
}

TEST_CASE("what Chrome refuses is a reply with its words, or an error of kind drift", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a"}}
    {"receive": {"id": 1, "error": {"code": -32000, "message": "no such thing"}}}
    {"send": {"id": 2, "method": "A.a"}}
    {"receive": {"id": 2, "error": {"code": -32000, "message": "no such thing"}}})");
  const Reply reply = client.root().send("A.a").wait(soon());
  CHECK(reply.outcome == Outcome::refused);
  CHECK(reply.message == "no such thing");
  CHECK(reply.code == -32000);
  CHECK_THROWS_WITH(client.root().call("A.a", Json::object(), soon()), "Chrome refused A.a: no such thing");
}

TEST_CASE("a command on a session that Chrome has forgotten is detached", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a", "sessionId": "S"}}
    {"receive": {"id": 1, "error": {"code": -32001, "message": "Session with given id not found."}}})");
  CHECK(client.session("S")->send("A.a").wait(soon()).outcome == Outcome::detached);
}

TEST_CASE("a crash completes what is pending on its session and nothing else", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "Runtime.evaluate", "sessionId": "S"}}
    {"send": {"id": 2, "method": "Runtime.evaluate", "sessionId": "other"}}
    {"receive": {"method": "Inspector.targetCrashed", "sessionId": "S", "params": {}}}
    {"receive": {"id": 2, "sessionId": "other", "result": {"fine": true}}})");
  const auto session = client.session("S");
  Call held = session->send("Runtime.evaluate");
  Call other = client.session("other")->send("Runtime.evaluate");
  CHECK(held.wait(soon()).outcome == Outcome::crashed);
  CHECK(other.wait(soon()).result["fine"] == true);
  CHECK(session->gone());
  CHECK(session->send("Runtime.evaluate").wait(soon()).outcome == Outcome::crashed);
}

TEST_CASE("a crash that only the browser tells of reaches the target's session", "[cdp]") {
  Client client = client_of(R"(
    {"receive": {"method": "Target.attachedToTarget", "params": {"sessionId": "S", "targetInfo": {"targetId": "T"}}}}
    {"send": {"id": 1, "method": "Page.enable", "sessionId": "S"}}
    {"receive": {"method": "Target.targetCrashed", "params": {"targetId": "T"}}})");
  CHECK(error_of([&] { client.session("S")->call("Page.enable", Json::object(), soon()); }).kind() ==
        Kind::browser);
}

TEST_CASE("a session that detaches takes along those attached through it", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 0, "method": "Target.setAutoAttach", "sessionId": "page"}}
    {"receive": {"method": "Target.attachedToTarget", "sessionId": "page", "params": {"sessionId": "frame", "targetInfo": {"targetId": "F"}}}}
    {"receive": {"id": 0, "sessionId": "page", "result": {}}}
    {"send": {"id": 1, "method": "Runtime.evaluate", "sessionId": "frame"}}
    {"receive": {"method": "Target.detachedFromTarget", "params": {"sessionId": "page"}}})");
  const auto page = client.session("page");
  page->call("Target.setAutoAttach", Json::object(), soon());
  const auto frame = client.session("frame");
  CHECK(frame->send("Runtime.evaluate").wait(soon()).outcome == Outcome::detached);
  CHECK(page->send("Runtime.evaluate").wait(soon()).outcome == Outcome::detached);
  CHECK(frame->gone());
}

TEST_CASE("a closed target completes its commands as detached", "[cdp]") {
  Client client = client_of(R"(
    {"receive": {"method": "Target.attachedToTarget", "params": {"sessionId": "S", "targetInfo": {"targetId": "T"}}}}
    {"send": {"id": 1, "method": "Page.enable", "sessionId": "S"}}
    {"receive": {"method": "Target.targetDestroyed", "params": {"targetId": "T"}}})");
  CHECK(client.session("S")->send("Page.enable").wait(soon()).outcome == Outcome::detached);
}

TEST_CASE("a dialog completes what it holds and leaves the rest", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "Input.dispatchMouseEvent", "sessionId": "S"}}
    {"send": {"id": 2, "method": "Fetch.enable", "sessionId": "S"}}
    {"receive": {"method": "Page.javascriptDialogOpening", "sessionId": "S", "params": {"message": "Sure?"}}}
    {"receive": {"id": 1, "sessionId": "S", "result": {}}}
    {"receive": {"id": 2, "sessionId": "S", "result": {}}}
    {"send": {"id": 3, "method": "Page.handleJavaScriptDialog", "sessionId": "S", "params": {"accept": true}}}
    {"receive": {"method": "Page.javascriptDialogClosed", "sessionId": "S", "params": {}}}
    {"receive": {"id": 3, "sessionId": "S", "result": {}}}
    {"send": {"id": 4, "method": "Runtime.evaluate", "sessionId": "S"}}
    {"receive": {"id": 4, "sessionId": "S", "result": {}}})");
  const auto session = client.session("S");
  std::atomic<bool> noted = false;
  const Subscription dialog = session->on("Page.javascriptDialogOpening",
                                          [&](const Json& params) { noted = params["message"] == "Sure?"; });
  Call click = session->send("Input.dispatchMouseEvent");
  Call fetch = session->send("Fetch.enable");
  CHECK(click.wait(soon()).outcome == Outcome::dialog);
  CHECK(noted);  // the handler ran before the caller woke
  CHECK(fetch.wait(soon()).ok());
  CHECK(session->send("Runtime.evaluate").wait(soon()).outcome == Outcome::dialog);
  CHECK_FALSE(session->gone());
  session->call("Page.handleJavaScriptDialog", {{"accept", true}}, soon());
  CHECK(session->send("Runtime.evaluate").wait(soon()).ok());
}

TEST_CASE("a dialog of a page holds its frames' sessions too", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 0, "method": "Target.setAutoAttach", "sessionId": "page"}}
    {"receive": {"method": "Target.attachedToTarget", "sessionId": "page", "params": {"sessionId": "frame", "targetInfo": {"targetId": "F"}}}}
    {"receive": {"id": 0, "sessionId": "page", "result": {}}}
    {"send": {"id": 1, "method": "Runtime.evaluate", "sessionId": "frame"}}
    {"receive": {"method": "Page.javascriptDialogOpening", "sessionId": "page", "params": {}}})");
  client.session("page")->call("Target.setAutoAttach", Json::object(), soon());
  CHECK(client.session("frame")->send("Runtime.evaluate").wait(soon()).outcome == Outcome::dialog);
}

TEST_CASE("the end of the connection completes everything and is told once, with its reason", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a"}}
    {"close": "Chrome died"})");
  std::promise<std::string> told;
  const Subscription end = client.on_disconnect([&](const std::string& reason) { told.set_value(reason); });
  const Reply reply = client.root().send("A.a").wait(soon());
  CHECK(reply.outcome == Outcome::disconnected);
  CHECK(reply.message == "Chrome died");
  CHECK(told.get_future().get() == "Chrome died");
  CHECK_FALSE(client.connected());
  CHECK(client.session("new")->send("A.a").wait(soon()).outcome == Outcome::disconnected);
  CHECK(error_of([&] { client.root().call("A.a", Json::object(), soon()); }).kind() == Kind::browser);
}

TEST_CASE("closing completes everything and tells nobody", "[cdp]") {
  Client client = client_of(R"({"send": {"id": 1, "method": "A.a"}})");
  bool told = false;
  const Subscription end = client.on_disconnect([&](const std::string&) { told = true; });
  Call call = client.root().send("A.a");
  client.close();
  CHECK(call.wait(soon()).outcome == Outcome::disconnected);
  CHECK_FALSE(told);
}

TEST_CASE("no answer by the deadline is late, and unreachable when called", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a"}}
    {"send": {"id": 2, "method": "A.a"}})");
  CHECK(client.root().send("A.a").wait(Until::in(Milliseconds(1))).outcome == Outcome::late);
  CHECK(error_of([&] { client.root().call("A.a", Json::object(), Until::in(Milliseconds(1))); }).kind() ==
        Kind::unreachable);
}

TEST_CASE("a stop wakes a waiting caller at once", "[cdp]") {
  Client client = client_of(R"({"send": {"id": 1, "method": "A.a"}})");
  std::stop_source source;
  Call call = client.root().send("A.a");
  auto waiting = std::async(std::launch::async, [&] {
    return call.wait({Deadline::in(Milliseconds(60000)), source.get_token()}).outcome;
  });
  source.request_stop();
  CHECK(waiting.get() == Outcome::stopped);
}

TEST_CASE("events reach the handlers of their own session, with their params", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "Page.enable", "sessionId": "S"}}
    {"receive": {"method": "Page.loadEventFired", "sessionId": "other", "params": {"n": 1}}}
    {"receive": {"method": "Page.loadEventFired", "sessionId": "S", "params": {"n": 2}}}
    {"receive": {"id": 1, "sessionId": "S", "result": {}}})");
  const auto session = client.session("S");
  client.session("other");
  std::vector<int> seen;
  const Subscription load =
      session->on("Page.loadEventFired", [&](const Json& params) { seen.push_back(params["n"].get<int>()); });
  session->call("Page.enable", Json::object(), soon());
  CHECK(seen == std::vector<int>{2});
}

TEST_CASE("a handler may end its own subscription and send a command", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "Page.enable"}}
    {"receive": {"method": "E.e"}}
    {"send": {"method": "Page.disable"}}
    {"receive": {"method": "E.e"}}
    {"receive": {"id": 1, "result": {}}})");
  int count = 0;
  Subscription own;
  own = client.root().on("E.e", [&](const Json&) {
    ++count;
    client.root().post("Page.disable");
    own = Subscription();
  });
  client.root().call("Page.enable", Json::object(), soon());
  CHECK(count == 1);
}

TEST_CASE("ending a subscription waits for its running handler", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a"}}
    {"receive": {"method": "E.e"}})");
  std::promise<void> entered;
  std::promise<void> go;
  std::atomic<bool> finished = false;
  Subscription subscription = client.root().on("E.e", [&](const Json&) {
    entered.set_value();
    go.get_future().wait();
    finished = true;
  });
  client.root().post("A.a");
  entered.get_future().wait();
  auto ending = std::async(std::launch::async, [&] {
    subscription = Subscription();
    return finished.load();
  });
  CHECK(ending.wait_for(Milliseconds(20)) == std::future_status::timeout);
  go.set_value();
  CHECK(ending.get());
}

TEST_CASE("commands and waits are counted: a batch is one wait", "[cdp]") {
  Client client = client_of(R"(
    {"send": {"id": 1, "method": "A.a"}}
    {"send": {"id": 2, "method": "A.a"}}
    {"send": {"id": 3, "method": "A.a"}}
    {"receive": {"id": 1, "result": {}}}
    {"receive": {"id": 2, "result": {}}}
    {"receive": {"id": 3, "result": {}}})");
  client.root().post("A.a");
  client.root().post("A.a");
  client.root().call("A.a", Json::object(), soon());
  CHECK(client.counts().commands == 3);
  CHECK(client.counts().waits == 1);
}

TEST_CASE("a lone surrogate in a page's text does not break the connection", "[cdp]") {
  class Odd : public Transport {
   public:
    void start(Events events) override { events_ = std::move(events); }
    void send(std::string) override {
      events_.message(R"({"id":1,"result":{"value":"a\ud800b \ud83d\ude00 \\ud800"}})");
    }
    void close() noexcept override {}

   private:
    Events events_;
  };
  Client client(std::make_unique<Odd>());
  CHECK(client.root().call("Runtime.evaluate", Json::object(), soon())["value"] ==
        "a\xEF\xBF\xBD"
        "b \xF0\x9F\x98\x80 \\ud800");
}

TEST_CASE("what is no message at all ends the connection", "[cdp]") {
  class Odd : public Transport {
   public:
    void start(Events events) override { events_ = std::move(events); }
    void send(std::string) override { events_.message("<html>"); }
    void close() noexcept override {}

   private:
    Events events_;
  };
  Client client(std::make_unique<Odd>());
  const Reply reply = client.root().send("A.a").wait(soon());
  CHECK(reply.outcome == Outcome::disconnected);
  CHECK_THAT(reply.message, Catch::Contains("<html>"));
}

TEST_CASE("a command that the transcript does not expect closes the connection and says so", "[cdp]") {
  Client client = client_of(R"({"send": {"id": 1, "method": "A.a", "params": {"x": 1}}})");
  const Reply reply = client.root().send("A.a", {{"x", 2}}).wait(soon());
  CHECK(reply.outcome == Outcome::disconnected);
  CHECK_THAT(reply.message, Catch::Contains("the transcript expects"));
}

TEST_CASE("a session outlives its client and fails as disconnected", "[cdp]") {
  std::shared_ptr<Session> session;
  {
    Client client = client_of("");
    session = client.session("S");
  }
  CHECK(session->gone());
  CHECK(session->send("A.a").wait(soon()).outcome == Outcome::disconnected);
}

namespace {

/// A Chrome that answers every command with the same words.
class Parrot : public Transport {
 public:
  explicit Parrot(std::string words) : words_(std::move(words)) {}
  void start(Events events) override { events_ = std::move(events); }
  void send(std::string) override { events_.message(words_); }
  void close() noexcept override {}

 private:
  std::string words_;
  Events events_;
};

Reply answer_of(const std::string& words) {
  Client client(std::make_unique<Parrot>(words));
  return client.root().send("A.a").wait(Until::in(Milliseconds{10}));
}

}  // namespace

TEST_CASE("an answer that is not built as Chrome builds it is an answer all the same", "[cdp]") {
  for (const char* error : {R"("words")", R"({"code":"x","message":1})", "[1]", "null"}) {
    INFO(error);
    CHECK(answer_of(R"({"id":1,"error":)" + std::string(error) + "}").outcome == Outcome::refused);
  }
  for (const char* result : {"[1]", "null", "\"x\""}) {
    INFO(result);
    const Reply reply = answer_of(R"({"id":1,"result":)" + std::string(result) + "}");
    CHECK(reply.ok());
    CHECK(reply.result == Json::object());
  }
}

TEST_CASE("an id that no command has answers none", "[cdp]") {
  for (const char* id : {"4294967297", "-4294967295", "1.0", "\"1\"", "0", "null"}) {
    INFO(id);
    CHECK(answer_of(R"({"id":)" + std::string(id) + R"(,"result":{}})").outcome == Outcome::late);
  }
}

TEST_CASE("a message nested deeply enough to exhaust the stack ends the connection", "[cdp]") {
  const std::string deep =
      R"({"method":"a","params":{"x":)" + std::string(500'000, '[') + std::string(500'000, ']') + "}}";
  CHECK(answer_of(deep).outcome == Outcome::disconnected);
}

TEST_CASE("a session that is announced after the connection was lost is lost as well", "[cdp]") {
  class Odd : public Transport {
   public:
    void start(Events events) override { events_ = std::move(events); }
    void send(std::string) override {
      events_.message("<html>");
      events_.message(R"({"method":"Target.attachedToTarget","params":{"sessionId":"T"}})");
    }
    void close() noexcept override {}

   private:
    Events events_;
  };
  Client client(std::make_unique<Odd>());
  client.root().post("A.a");
  CHECK(client.session("T")->send("A.a").wait(soon()).outcome == Outcome::disconnected);
}

TEST_CASE("what a listener cannot make anything of ends the connection, whatever the transport", "[cdp]") {
  Client client(std::make_unique<Parrot>(R"({"method":"A.happened","params":5})"));
  const Subscription subscription =
      client.root().on("A.happened", [](const Json& params) { static_cast<void>(params.at("frame")); });
  const Reply reply = client.root().send("A.a").wait(soon());
  CHECK(reply.outcome == Outcome::disconnected);
  CHECK_THAT(reply.message, Catch::Contains("frame"));
}

}  // namespace offstage::cdp_client_test
