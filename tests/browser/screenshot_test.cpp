#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::screenshot_test {

using namespace test;
using browser::Page;
using browser::ScreenshotOptions;

namespace {

ScreenshotOptions keeping(const std::string& address) {
  ScreenshotOptions options;
  options.keep_addresses = {address};
  return options;
}

std::string list_of(const std::string& other) {
  return "<style>li { font: 16px monospace; width: 300px }</style><ul><li>eve@example.test</li><li>" + other +
         "</li></ul>";
}

// The width and height that a PNG's header names.
std::pair<unsigned, unsigned> size_of(const std::string& png) {
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t byte = at; byte < at + 4; ++byte)
      value = value << 8 | static_cast<unsigned char>(png.at(byte));
    return value;
  };
  return {number(16), number(20)};
}

}  // namespace

TEST_CASE("a picture is a PNG of the viewport", "[screenshot]") {
  Stage stage;
  Page& page = stage.show("<div style='height:3000px'>Hello</div>");
  Page::Viewport viewport;
  viewport.width = 640;
  viewport.height = 400;
  page.set_viewport(viewport, soon());
  const std::string picture = page.screenshot({}, soon());
  CHECK(picture.starts_with("\x89PNG"));
  CHECK(size_of(picture) == std::pair(640U, 400U));
  ScreenshotOptions options;
  options.full_page = true;
  CHECK(size_of(page.screenshot(options, soon())).second > 3000);
}

TEST_CASE("other people's rows are the same dark box whoever they are", "[screenshot]") {
  Stage stage;
  ScreenshotOptions open = keeping("eve@example.test");
  open.mask = false;
  Page& page = stage.show(list_of("bob@example.test"));
  const std::string bob = page.screenshot(keeping("eve@example.test"), soon());
  const std::string bob_open = page.screenshot(open, soon());
  stage.show(list_of("amy@example.test"));
  const std::string amy = page.screenshot(keeping("eve@example.test"), soon());
  const std::string amy_open = page.screenshot(open, soon());
  CHECK(bob == amy);
  CHECK(bob_open != amy_open);
  CHECK(bob != bob_open);
}

TEST_CASE("the rows of a frame of another site are covered too", "[screenshot][frame]") {
  Stage stage;
  stage.server.page("/bob", list_of("bob@example.test"));
  stage.server.page("/amy", list_of("amy@example.test"));
  const auto frame = [&](const std::string& path) {
    return "<iframe src='" + stage.server.url(path, "b.test") + "'></iframe>";
  };
  Page& page = stage.show(frame("/bob"));
  REQUIRE_FALSE(page.wait_for({0}, is_there("li"), soon()));
  const std::string bob = page.screenshot(keeping("eve@example.test"), soon());
  stage.show(frame("/amy"));
  REQUIRE_FALSE(page.wait_for({0}, is_there("li"), soon()));
  CHECK(bob == page.screenshot(keeping("eve@example.test"), soon()));
}

TEST_CASE("what was covered for a picture is not covered after it", "[screenshot]") {
  Stage stage;
  Page& page = stage.show(list_of("bob@example.test"));
  ScreenshotOptions open;
  open.mask = false;
  const std::string before = page.screenshot(open, soon());
  page.screenshot(keeping("eve@example.test"), soon());
  CHECK(before == page.screenshot(open, soon()));
}

TEST_CASE("no picture is taken while a dialog is open", "[screenshot][dialog]") {
  Stage stage;
  Page& page = stage.show("<button onclick=\"alert('No')\">Go</button>");
  REQUIRE(page.click({}, at("button"), {}, soon()).dialog_opened);
  try {
    page.screenshot({}, soon());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::drift);
  }
  page.handle_dialog(true, "", soon());
}

}  // namespace offstage::screenshot_test
