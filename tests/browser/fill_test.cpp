#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::fill_test {

using namespace test;
using browser::Miss;
using browser::Outcome;
using browser::Page;

namespace {

// Tells a field's value as text, since what a person typed stands in no element.
constexpr const char* field = R"html(<input id="field" oninput="seen.textContent = '[' + this.value + ']'">
  <p id="seen">-</p><p id="keys">0</p><script>
  field.addEventListener('keydown', (e) => { keys.textContent = +keys.textContent + 1; });
</script>)html";

std::string seen(Page& page) {
  return page.text({}, at("#seen"), soon()).value_or("nothing");
}

}  // namespace

TEST_CASE("a field is filled with real keys", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "Bob-1@a.test", soon()).ok());
  CHECK(seen(page) == "[Bob-1@a.test]");
  CHECK(page.text({}, at("#keys"), soon()) == "12");
}

TEST_CASE("characters without a key and long texts are inserted", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "né 東", soon()).ok());
  CHECK(seen(page) == "[né 東]");
  const std::string text(150, 'x');
  REQUIRE(page.fill({}, at("#field"), text, soon()).ok());
  CHECK(seen(page) == "[" + text + "]");
}

TEST_CASE("only what is missing is typed, and another value is replaced", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "Hello", soon()).ok());
  REQUIRE(page.fill({}, at("#field"), "Hello World", soon()).ok());
  CHECK(seen(page) == "[Hello World]");
  CHECK(page.text({}, at("#keys"), soon()) == "11");
  REQUIRE(page.fill({}, at("#field"), "Bye", soon()).ok());
  CHECK(seen(page) == "[Bye]");
}

TEST_CASE("a secret is typed and stays out of the page's HTML", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input id='field' type='text'><p id='seen'>-</p><script>"
      "field.oninput = () => { seen.textContent = field.value.length; }</script>");
  REQUIRE(page.fill({}, at("#field"), Secret("hunter2!"), soon()).ok());
  CHECK(seen(page) == "8");
  CHECK(page.html({}, soon()).find("hunter2") == std::string::npos);
}

TEST_CASE("a secret that cannot be typed is in no error", "[fill]") {
  Stage stage;
  Page& page = stage.show("<input id='field' disabled>");
  const Outcome outcome = page.fill({}, at("#field"), Secret("hunter2!"), Until::in(Milliseconds(300)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->explain().find("hunter2") == std::string::npos);
}

TEST_CASE("a select takes a value, and an unknown one is a miss", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<select id='field' onchange='seen.textContent = this.value'><option value='a'>A"
      "<option value='b'>B</select><p id='seen'>-</p>");
  REQUIRE(page.fill({}, at("#field"), "b", soon()).ok());
  CHECK(seen(page) == "b");
  const Outcome outcome = page.fill({}, at("#field"), "c", Until::in(Milliseconds(300)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::no_option);
}

TEST_CASE("a box is ticked with a click, and only when it is not", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input type='checkbox' id='field' onclick='seen.textContent += this.checked'>"
      "<p id='seen'>-</p>");
  REQUIRE(page.fill({}, at("#field"), "true", soon()).ok());
  REQUIRE(page.fill({}, at("#field"), "true", soon()).ok());
  CHECK(seen(page) == "-true");
  REQUIRE(page.fill({}, at("#field"), "", soon()).ok());
  CHECK(seen(page) == "-truefalse");
}

TEST_CASE("a page that is not in front takes what is typed", "[fill]") {
  Stage stage;
  Page& page = stage.show(field);
  stage.context->new_page(soon());
  REQUIRE(page.fill({}, at("#field"), "behind", soon()).ok());
  CHECK(seen(page) == "[behind]");
}

TEST_CASE("Enter submits the form that is being filled", "[fill][keyboard]") {
  Stage stage;
  stage.server.page("/sent", "<p id='sent'>Sent</p>");
  Page& page = stage.show("<form action='/sent'><input id='field' name='q'></form>");
  REQUIRE(page.fill({}, at("#field"), "x", soon()).ok());
  const auto watch = page.watch_navigation({});
  page.key_down("Enter", soon());
  page.key_up("Enter", soon());
  CHECK(watch->wait(soon()));
  CHECK_FALSE(page.wait_for({}, is_there("#sent"), soon()));
}

TEST_CASE("modifiers stay down between keys", "[fill][keyboard]") {
  Stage stage;
  Page& page = stage.show(field);
  REQUIRE(page.fill({}, at("#field"), "abc", soon()).ok());
  page.key_down("Control", soon());
  page.key_down("a", soon());
  page.key_up("a", soon());
  page.key_up("Control", soon());
  page.key_down("z", soon());
  page.key_up("z", soon());
  CHECK_FALSE(page.wait_for({}, reads("#seen", "[z]"), soon()));
}

TEST_CASE("a dialog that a key opens does not hold the typing", "[fill][dialog]") {
  Stage stage;
  Page& page = stage.show("<input id='field' onkeydown=\"alert('No')\">");
  const Outcome outcome = page.fill({}, at("#field"), "x", soon());
  CHECK(outcome.dialog_opened);
  CHECK(page.dialog()->message == "No");
  page.handle_dialog(true, "", soon());
}

}  // namespace offstage::fill_test
