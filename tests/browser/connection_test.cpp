#include <future>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"
#include "cdp/client.h"

using namespace offstage;
using namespace offstage::test;
using cdp::Reply;
using Outcome = cdp::Reply::Outcome;

namespace {

/// A bare session with a page of the shared browser: the protocol alone.
struct Attached {
  Attached() : client(shared_browser().client()) {
    context =
        client.root().call("Target.createBrowserContext", Json::object(), soon()).at("browserContextId");
    target = client.root()
                 .call("Target.createTarget", {{"url", "about:blank"}, {"browserContextId", context}}, soon())
                 .at("targetId");
    const Json attached =
        client.root().call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}}, soon());
    session = client.session(attached.at("sessionId").get<std::string>());
    session->call("Page.enable", Json::object(), soon());
  }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  ~Attached() { client.root().post("Target.disposeBrowserContext", {{"browserContextId", context}}); }

  cdp::Call evaluate(const std::string& expression) {
    return session->send("Runtime.evaluate",
                         {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  }

  cdp::Client& client;
  Json context;
  Json target;
  std::shared_ptr<cdp::Session> session;
};

}  // namespace

TEST_CASE("a message of forty megabytes arrives whole", "[connection]") {
  Attached attached;
  const Reply reply = attached.evaluate("'x'.repeat(40 << 20)").wait(soon());
  REQUIRE(reply.ok());
  CHECK(reply.result.at("result").at("value").get_ref<const std::string&>().size() == 40U << 20);
}

TEST_CASE("half a character in a page's text does no harm", "[connection]") {
  Attached attached;
  CHECK(attached.evaluate("'a\\ud800b'").wait(soon()).ok());
  CHECK(attached.evaluate("1").wait(soon()).ok());
}

TEST_CASE("a page that crashes fails what waits for it", "[connection]") {
  Attached attached;
  cdp::Call waiting = attached.evaluate("new Promise(() => {})");
  attached.session->post("Page.crash");
  CHECK(waiting.wait(soon()).outcome == Outcome::crashed);
  CHECK(attached.session->gone());
}

TEST_CASE("a page that closes fails what waits for it", "[connection]") {
  Attached attached;
  cdp::Call waiting = attached.evaluate("new Promise(() => {})");
  attached.client.root().post("Target.closeTarget", {{"targetId", attached.target}});
  CHECK(waiting.wait(soon()).outcome == Outcome::detached);
  CHECK(attached.session->gone());
}

TEST_CASE("a dialog fails what it holds, and once handled the page goes on", "[connection]") {
  Attached attached;
  CHECK(attached.evaluate("confirm('Sure?')").wait(soon()).outcome == Outcome::dialog);
  CHECK(attached.evaluate("1").wait(soon()).outcome == Outcome::dialog);
  CHECK_FALSE(attached.session->gone());
  attached.session->call("Page.handleJavaScriptDialog", {{"accept", true}}, soon());
  CHECK(attached.evaluate("1").wait(soon()).ok());
}

TEST_CASE("one dialog right after another is noticed as well", "[connection]") {
  Attached attached;
  CHECK(attached.evaluate("alert(1), alert(2)").wait(soon()).outcome == Outcome::dialog);
  std::promise<void> opened;
  const auto second =
      attached.session->on("Page.javascriptDialogOpening", [&](const Json&) { opened.set_value(); });
  attached.session->call("Page.handleJavaScriptDialog", {{"accept", true}}, soon());
  REQUIRE(opened.get_future().wait_for(Milliseconds(20'000)) == std::future_status::ready);
  CHECK(attached.session->send("Page.handleJavaScriptDialog", {{"accept", true}}).wait(soon()).ok());
  CHECK(attached.evaluate("1").wait(soon()).ok());
}
