#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::frame_test {

using namespace test;
using browser::Miss;
using browser::Outcome;
using browser::Page;

namespace {

constexpr const char* inside = R"html(<body style="margin:0"><div style="height:40px"></div>
  <button onclick="said.textContent += '!'">Go</button>
  <p id="said">-</p><input id="field" oninput="said.textContent = this.value">)html";

std::string frame_at(const std::string& url) {
  return "<iframe style='border:7px solid;padding:5px;margin:30px;width:300px;height:200px' src='" + url +
         "'></iframe>";
}

void works_in(Page& page, const browser::FramePath& frame) {
  REQUIRE(page.click(frame, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for(frame, reads("#said", "-!"), soon()));
  REQUIRE(page.fill(frame, at("#field"), "typed", soon()).ok());
  CHECK_FALSE(page.wait_for(frame, reads("#said", "typed"), soon()));
}

}  // namespace

TEST_CASE("a child frame is clicked and typed into", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  works_in(stage.show("<p>Outside</p>" + frame_at("/inside")), {0});
}

TEST_CASE("a frame within a frame, out of view, is clicked and typed into", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  stage.server.page("/middle", "<div style='height:500px'></div>" + frame_at("/inside"));
  works_in(stage.show("<div style='height:1500px'></div>" + frame_at("/middle")), {0, 0});
}

TEST_CASE("a frame of another site is clicked and typed into", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  works_in(stage.show("<p>Outside</p>" + frame_at(stage.server.url("/inside", "b.test"))), {0});
}

TEST_CASE("frames of three sites within each other are clicked and typed into", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  stage.server.page("/middle",
                    "<div style='height:300px'></div>" + frame_at(stage.server.url("/inside", "c.test")));
  works_in(stage.show("<p>Outside</p>" + frame_at(stage.server.url("/middle", "b.test"))), {0, 0});
}

TEST_CASE("a frame that is scaled is hit where it is drawn", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  Page& page =
      stage.show("<div style='transform:scale(.5);transform-origin:0 0'>" + frame_at("/inside") + "</div>");
  REQUIRE(page.click({0}, at("button"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({0}, reads("#said", "-!"), soon()));
}

TEST_CASE("what covers a frame keeps it from being clicked", "[frame]") {
  for (const char* host : {"127.0.0.1", "b.test"}) {
    Stage stage;
    stage.server.page("/inside", inside);
    Page& page =
        stage.show(frame_at(stage.server.url("/inside", host)) +
                   "<div id='over' style='position:fixed;inset:0' onmousedown='this.remove()'></div>");
    REQUIRE_FALSE(page.wait_for({0}, is_there("button"), soon()));
    const Outcome outcome = page.click({0}, at("button"), {}, Until::in(Milliseconds(1500)));
    REQUIRE(outcome.miss);
    CHECK(outcome.miss->why == Miss::Why::covered);
    CHECK_FALSE(page.check({}, is_there("#over"), soon()));
    CHECK(page.text({0}, at("#said"), soon()) == "-");
  }
}

TEST_CASE("a frame that comes late is waited for", "[frame]") {
  Stage stage;
  stage.server.page("/inside", inside);
  Page& page = stage.show("<script>setTimeout(() => { document.body.innerHTML = `" + frame_at("/inside") +
                          "`; }, 200)</script>");
  CHECK(page.text({0}, at("#said"), soon()) == std::nullopt);
  CHECK_FALSE(page.wait_for({0}, reads("#said", "-"), soon()));
}

TEST_CASE("a frame that never comes is a miss that names it", "[frame]") {
  Stage stage;
  Page& page = stage.show("<p>No frames</p>");
  const std::optional<Miss> miss = page.wait_for({1}, is_there("p"), Until::in(Milliseconds(200)));
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::frame);
  CHECK(miss->seen == "there is no frame [1]");
}

TEST_CASE("a frame keeps its number when it goes to another site and back", "[frame]") {
  Stage stage;
  stage.server.page("/first", "<p id='name'>first</p>");
  stage.server.page("/second", "<p id='name'>second</p>");
  stage.server.page("/away", "<p id='name'>away</p><a href='" + stage.server.url("/first") + "'>Back</a>");
  stage.server.page("/start",
                    "<p id='name'>start</p><a href='" + stage.server.url("/away", "b.test") + "'>Go</a>");
  Page& page = stage.show(frame_at("/start") + frame_at("/second"));
  REQUIRE(page.click({0}, at("a"), {}, soon()).ok());
  CHECK_FALSE(page.wait_for({0}, reads("#name", "away"), soon()));
  CHECK_FALSE(page.wait_for({1}, reads("#name", "second"), soon()));
  const auto watch = page.watch_navigation({0});
  REQUIRE(page.click({0}, at("a"), {}, soon()).ok());
  CHECK(watch->wait(soon()));
  browser::Condition back = reads("#name", "first");
  const bool first_at_0 = !page.wait_for({0}, back, Until::in(Milliseconds(2'000)));
  CHECK(first_at_0);
  CHECK_FALSE(page.wait_for({1}, reads("#name", "second"), Until::in(Milliseconds(2'000))));
}

}  // namespace offstage::frame_test
