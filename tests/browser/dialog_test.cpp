#include <thread>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::dialog_test {

using namespace test;
using browser::Page;

TEST_CASE("what a dialog was answered reaches the page", "[dialog]") {
  Stage stage;
  Page& page = stage.show(
      "<p id='said'>-</p><button onclick=\"said.textContent = confirm('Sure?')\">Ask</button>"
      "<a href='#' onclick=\"said.textContent = prompt('Name?', 'bob')\">Name</a>");
  REQUIRE(page.click({}, at("button"), {}, soon()).dialog_opened);
  page.handle_dialog(false, "", soon());
  CHECK_FALSE(page.wait_for({}, reads("#said", "false"), soon()));
  REQUIRE(page.click({}, at("a"), {}, soon()).dialog_opened);
  CHECK(page.dialog()->default_prompt == "bob");
  page.handle_dialog(true, "eve", soon());
  CHECK_FALSE(page.wait_for({}, reads("#said", "eve"), soon()));
}

TEST_CASE("a dialog that opens later is waited for", "[dialog]") {
  Stage stage;
  Page& page = stage.show("<script>setTimeout(() => alert('Later'), 150)</script>");
  const std::optional<browser::Dialog> dialog = page.wait_for_dialog(soon());
  REQUIRE(dialog);
  CHECK(dialog->type == "alert");
  CHECK(dialog->message == "Later");
  page.handle_dialog(true, "", soon());
  CHECK_FALSE(page.wait_for_dialog(Until::in(Milliseconds(50))));
}

TEST_CASE("a frame of another site opens a dialog of the page", "[dialog][frame]") {
  Stage stage;
  stage.server.page("/inside", "<button onclick=\"confirm('From within')\">Ask</button>");
  Page& page = stage.show("<iframe src='" + stage.server.url("/inside", "b.test") + "'></iframe>");
  CHECK(page.click({0}, at("button"), {}, soon()).dialog_opened);
  REQUIRE(page.dialog());
  CHECK(page.dialog()->message == "From within");
  page.handle_dialog(true, "", soon());
  CHECK_FALSE(page.check({0}, is_there("button"), soon()));
}

TEST_CASE("a wait goes on after the dialog in its middle was handled", "[dialog]") {
  Stage stage;
  Page& page = stage.show(
      "<script>setTimeout(() => { alert('Wait'); "
      "document.body.innerHTML = '<p id=done>Done</p>'; }, 150)</script>");
  std::jthread handler([&] {
    page.wait_for_dialog(soon());
    std::this_thread::sleep_for(Milliseconds(100));
    page.handle_dialog(true, "", soon());
  });
  CHECK_FALSE(page.wait_for({}, is_there("#done"), soon()));
}

TEST_CASE("a wait that ends with a dialog open says so", "[dialog]") {
  Stage stage;
  Page& page = stage.show("<script>setTimeout(() => alert('In the way'), 100)</script>");
  const std::optional<browser::Miss> miss =
      page.wait_for({}, is_there("#done"), Until::in(Milliseconds(400)));
  REQUIRE(miss);
  CHECK(miss->seen == "an alert dialog \"In the way\" is open");
  page.handle_dialog(true, "", soon());
}

TEST_CASE("a dialog while the page loads does not hold the navigation", "[dialog][navigation]") {
  Stage stage;
  stage.server.page("/greets", "<script>alert('Hello')</script><p id='rest'>Rest</p>");
  CHECK(stage.page.navigate(stage.server.url("/greets"), soon()) == 200);
  REQUIRE(stage.page.dialog());
  CHECK(stage.page.dialog()->message == "Hello");
  stage.page.handle_dialog(true, "", soon());
  CHECK_FALSE(stage.page.wait_for({}, is_there("#rest"), soon()));
}

}  // namespace offstage::dialog_test
