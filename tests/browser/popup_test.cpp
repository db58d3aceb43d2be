#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"

namespace offstage::popup_test {

using namespace test;
using browser::Page;

namespace {

bool eventually(Page& page, const std::string& expression) {
  return page.wait_for_expression({}, expression, soon());
}

}  // namespace

TEST_CASE("a popup becomes a page of the context", "[popup]") {
  Stage stage;
  stage.server.page("/popup", "<title>popped</title>");
  Page& page = stage.show("");
  REQUIRE(eventually(page, "(window.open('/popup'), true)"));
  Page* popup = stage.context->wait_for_page(stage.server.url("/popup"), soon());
  REQUIRE(popup != nullptr);
  CHECK(popup != &page);
  CHECK(eventually(*popup, "document.title === 'popped'"));
  CHECK(stage.context->pages().size() == 2);
}

TEST_CASE("a popup without an opener becomes a page as well", "[popup]") {
  Stage stage;
  stage.server.page("/popup", "<title>popped</title>");
  Page& page = stage.show("");
  REQUIRE(eventually(page, "(window.open('/popup', '_blank', 'noopener'), true)"));
  CHECK(stage.context->wait_for_page(stage.server.url("/popup"), soon()) != nullptr);
}

TEST_CASE("a popup's dialog in its very first script is seen", "[popup]") {
  Stage stage;
  stage.server.page("/popup", "<script>window.answer = confirm('At once?')</script>");
  Page& page = stage.show("");
  REQUIRE(eventually(page, "(setTimeout(() => window.open('/popup', '_blank', 'noopener')), true)"));
  Page* popup = stage.context->wait_for_page(stage.server.url("/popup"), soon());
  REQUIRE(popup != nullptr);
  const auto dialog = popup->wait_for_dialog(soon());
  REQUIRE(dialog);
  CHECK(dialog->message == "At once?");
  popup->handle_dialog(true, "", soon());
  CHECK(eventually(*popup, "window.answer === true"));
}

TEST_CASE("a popup that closes itself leaves the context", "[popup]") {
  Stage stage;
  stage.server.page("/popup", "bye");
  Page& page = stage.show("");
  REQUIRE(eventually(page, "(window.popup = window.open('/popup'), true)"));
  Page* popup = stage.context->wait_for_page(stage.server.url("/popup"), soon());
  REQUIRE(popup != nullptr);
  REQUIRE(eventually(page, "(window.popup.close(), true)"));
  CHECK_THROWS_AS(popup->wait_for_expression({}, "false", soon()), Error);
  CHECK(popup->closed());
  CHECK(stage.context->pages() == std::vector<Page*>{&page});
}

}  // namespace offstage::popup_test
