#include <thread>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "error_of.h"
#include "held_answer.h"
#include "queries.h"

namespace offstage::page_test {

using namespace test;
using browser::Page;
using test::error_of;

namespace {

// A second session to the same page, to do to it what the page itself would not.
std::shared_ptr<cdp::Session> other_session(const Page& page) {
  cdp::Client& client = shared_browser().client();
  const Json attached = client.root().call("Target.attachToTarget",
                                           {{"targetId", page.target_id()}, {"flatten", true}}, soon());
  return client.session(attached.at("sessionId"));
}

}  // namespace

TEST_CASE("a page that crashes while something waits is an error of the browser at once", "[page]") {
  Stage stage;
  Page& page = stage.show("<p>Hello</p>");
  const std::shared_ptr<cdp::Session> other = other_session(page);
  std::jthread crash([&] {
    std::this_thread::sleep_for(Milliseconds(200));
    other->post("Page.crash");
  });
  SECTION("a click") {
    CHECK(error_of([&] { page.click({}, at("button"), {}, Until::in(Milliseconds(60'000))); }).kind() ==
          Kind::browser);
  }
  SECTION("a dialog") {
    CHECK(error_of([&] { page.wait_for_dialog(Until::in(Milliseconds(60'000))); }).kind() == Kind::browser);
  }
}

TEST_CASE("an address that crashes the page is an error of the browser", "[page]") {
  Stage stage;
  CHECK(error_of([&] { stage.page.navigate("chrome://crash", soon()); }).kind() == Kind::browser);
}

TEST_CASE("a page that is closed while something waits is an error of the browser at once", "[page]") {
  Stage stage;
  Page& page = stage.show("<p>Hello</p>");
  std::jthread close([&, target = page.target_id()] {
    std::this_thread::sleep_for(Milliseconds(200));
    shared_browser().client().root().post("Target.closeTarget", {{"targetId", target}});
  });
  CHECK(error_of([&] { page.wait_for({}, is_there("button"), Until::in(Milliseconds(60'000))); }).kind() ==
        Kind::browser);
  CHECK(page.closed());
}

TEST_CASE("a popup is a page of its own, and a click that closes it is no error", "[page]") {
  Stage stage;
  stage.server.page("/popup", "<button onclick='window.close()'>Done</button>");
  Page& page = stage.show("<button onclick=\"window.open('/popup')\">Sign in</button>");
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  Page* popup = stage.context->wait_for_page(stage.server.url("/popup"), soon());
  REQUIRE(popup);
  CHECK(popup->click({}, at("button"), {}, soon()).ok());
  wait_until([&] { return popup->closed(); });
  CHECK(popup->closed());
  CHECK_FALSE(page.check({}, is_there("button"), soon()));
}

TEST_CASE("the title, the text and the HTML of a page are told", "[page]") {
  Stage stage;
  Page& page = stage.show("<title>Members</title><p id='who'>  Bob\n Smith </p>");
  CHECK(page.title(soon()) == "Members");
  CHECK(page.text({}, at("#who"), soon()) == "Bob Smith");
  CHECK(page.text({}, at("#nobody"), soon()) == std::nullopt);
  CHECK(page.html({}, soon()).find("id=\"who\"") != std::string::npos);
}

TEST_CASE("scrolling moves the page and what scrolls in it", "[page]") {
  Stage stage;
  Page& page = stage.show(R"html(<p id="seen" style="position:fixed">0 0</p><div style="height:5000px"></div>
    <div id="box" style="height:100px;overflow:auto"><div style="height:900px"></div></div><script>
    const tell = () => { seen.textContent = `${scrollY} ${box.scrollTop}`; };
    document.onscroll = tell; box.onscroll = tell;
  </script>)html");
  REQUIRE(page.scroll({}, std::nullopt, 0, 700, soon()).ok());
  CHECK_FALSE(page.wait_for({}, reads("#seen", "700 0"), soon()));
  REQUIRE(page.scroll({}, at("#box"), 0, 50, soon()).ok());
  browser::Condition condition = is_there("#seen");
  condition.text_contains = " 50";
  CHECK_FALSE(page.wait_for({}, condition, soon()));
}

TEST_CASE("a wait survives the navigation in its middle", "[page]") {
  Stage stage;
  stage.server.page("/next", "<p id='there'>There</p>");
  Page& page = stage.show("<script>setTimeout(() => { location = '/next'; }, 150)</script>");
  CHECK_FALSE(page.wait_for({}, is_there("#there"), soon()));
}

TEST_CASE("the first of several conditions that holds is told", "[page]") {
  Stage stage;
  Page& page = stage.show("<p id='two'>Two</p>");
  const auto found = page.wait_for_any({}, {is_there("#one"), is_there("#two")}, soon());
  REQUIRE(std::holds_alternative<int>(found));
  CHECK(std::get<int>(found) == 1);
  const auto none =
      page.wait_for_any({}, {is_there("#one"), is_there("#three")}, Until::in(Milliseconds(200)));
  REQUIRE(std::holds_alternative<std::vector<browser::Miss>>(none));
  CHECK(std::get<std::vector<browser::Miss>>(none).size() == 2);
}

TEST_CASE("rows are read as objects", "[page]") {
  Stage stage;
  Page& page = stage.show("<ul><li><b>Bob</b></li><li><b>Eve</b></li></ul>");
  browser::Extraction extraction;
  extraction.rows = {{"li"}};
  browser::Extraction::Field field;
  field.name = "name";
  field.selectors = {{"b"}};
  extraction.fields = {field};
  CHECK(page.extract({}, extraction, soon()) == Json::parse(R"([{"name":"Bob"},{"name":"Eve"}])"));
}

TEST_CASE("the viewport is set, and a phone's page is loaded anew", "[page]") {
  Stage stage;
  Page& page = stage.show(
      "<p id='size'></p><script>size.textContent = `${innerWidth}x${innerHeight} "
      "${navigator.maxTouchPoints > 0}`</script>");
  Page::Viewport viewport;
  viewport.width = 390;
  viewport.height = 844;
  viewport.touch = true;
  page.set_viewport(viewport, soon());
  CHECK_FALSE(page.wait_for({}, reads("#size", "390x844 true"), soon()));
}

TEST_CASE("a page that is offline reaches nothing, and everything again afterwards", "[page]") {
  Stage stage;
  Page& page = stage.show(
      "<button onclick=\"fetch('/').then(() => 'fine', () => 'failed')"
      ".then((text) => { said.textContent = text + navigator.onLine; })\">Ask</button>"
      "<p id='said'>-</p>");
  page.set_network(0, 0, 0, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({}, reads("#said", "failedfalse"), soon()));
  page.set_network(1e9, 1e9, 0, soon());
  REQUIRE(page.click({}, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({}, reads("#said", "finetrue"), soon()));
}

TEST_CASE("what is still loading is told", "[page]") {
  Stage stage;
  HeldAnswer slow;
  stage.server.handle("/slow", slow.handler());
  Page& page = stage.show(
      "<p id='said'>-</p><script>fetch('/slow?token=x').then((r) => r.text()).then(() => {"
      " said.textContent = 'done'; })</script>");
  wait_until([&] { return !page.in_flight().empty(); });
  REQUIRE(page.in_flight().size() == 1);
  CHECK(page.in_flight()[0].starts_with("GET " + stage.server.url("/slow") + "?… ("));
  slow.release();
  CHECK_FALSE(page.wait_for({}, reads("#said", "done"), soon()));
  CHECK(page.in_flight().empty());
}

TEST_CASE("what runs as long as its page is not told as loading", "[page]") {
  Stage stage;
  HeldAnswer events;
  stage.server.handle("/events", events.handler());
  stage.server.handle("/worker.js", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "globalThis.postMessage?.('runs'); onconnect = (e) => e.ports[0].postMessage('runs')",
            "text/javascript"};
  });
  const std::string what = GENERATE("new Worker('/worker.js')", "new SharedWorker('/worker.js').port",
                                    "new EventSource('/events')");
  CAPTURE(what);
  Page& page = stage.show("<p id='said'>-</p><script>const it = " + what +
                          "; it.onmessage = () => { said.textContent = 'runs'; }</script>");
  if (what.find("EventSource") != std::string::npos) {
    wait_until([&] { return stage.server.seen().back() == "GET /events"; });
  } else {
    CHECK_FALSE(page.wait_for({}, reads("#said", "runs"), soon()));
  }
  page.title(soon());  // what it began before this is known after it
  CHECK(page.in_flight() == std::vector<std::string>{});
}

TEST_CASE("a worker of a page runs", "[page]") {
  Stage stage;
  stage.server.handle("/worker.js", [](const PageServer::Request&) -> PageServer::Response {
    return {200, "postMessage('works')", "text/javascript"};
  });
  Page& page = stage.show(
      "<p id='said'>-</p><script>new Worker('/worker.js').onmessage = (e) => {"
      " said.textContent = e.data; }</script>");
  CHECK_FALSE(page.wait_for({}, reads("#said", "works"), soon()));
}

}  // namespace offstage::page_test
