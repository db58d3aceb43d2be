#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::inpage_fill_test {

using namespace test;
using browser::Miss;
using browser::Outcome;
using browser::Page;

namespace {

Outcome fill(Page& page, const std::string& selector, const std::string& value) {
  return page.fill({}, at(selector), value, Until::in(Milliseconds(3000)));
}

Miss::Why why_not(Page& page, const std::string& selector, const std::string& value) {
  const Outcome outcome = page.fill({}, at(selector), value, Until::in(Milliseconds(150)));
  REQUIRE(outcome.miss);
  return outcome.miss->why;
}

bool is_so(Page& page, const std::string& expression) {
  return page.wait_for_expression({}, expression, soon());
}

}  // namespace

TEST_CASE("fields that are not typed into are set and tell the page", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input type='date' id='d'><input type='color' id='c'><input type='range' id='r' max='10'>"
      "<script>told = []; for (const type of ['input', 'change'])"
      " document.addEventListener(type, (e) => told.push(type + e.target.id))</script>");
  CHECK(fill(page, "#d", "2024-02-03").ok());
  CHECK(fill(page, "#c", "#FF8000").ok());
  CHECK(fill(page, "#r", "7").ok());
  CHECK(is_so(page, "d.value + c.value + r.value === '2024-02-03#ff80007'"));
  CHECK(is_so(page, "told.join(' ') === 'inputd changed inputc changec inputr changer'"));
}

TEST_CASE("a value that a field cannot hold is a miss, and nothing changes", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<input type='date' id='d' value='2020-01-01'><input type='range' id='r' max='10' value='3'>"
      "<input id='m' maxlength='3'><input id='ro' readonly><input type='file' id='f'><p id='p'>x</p>"
      "<input type='radio' id='radio' checked>");
  CHECK(why_not(page, "#d", "2024-13-40") == Miss::Why::not_editable);
  CHECK(why_not(page, "#r", "70") == Miss::Why::not_editable);
  CHECK(why_not(page, "#m", "four") == Miss::Why::not_editable);
  CHECK(why_not(page, "#ro", "x") == Miss::Why::not_editable);
  CHECK(why_not(page, "#f", "x") == Miss::Why::not_editable);
  CHECK(why_not(page, "#p", "x") == Miss::Why::not_editable);
  CHECK(why_not(page, "#radio", "") == Miss::Why::not_editable);
  CHECK(is_so(page, "d.value + r.value + m.value === '2020-01-013'"));
}

TEST_CASE("an unknown or disabled value of a select is a miss that lists the others", "[fill]") {
  Stage stage;
  Page& page = stage.show("<select id='s'><option value='a'>A<option value='z' disabled>Z</select>");
  const Outcome outcome = page.fill({}, at("#s"), "q", Until::in(Milliseconds(150)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::no_option);
  CHECK(outcome.miss->seen.find("\"a\", \"z\"") != std::string::npos);
  CHECK(why_not(page, "#s", "z") == Miss::Why::disabled);
  CHECK(is_so(page, "s.value === 'a'"));
}

TEST_CASE("a multiple select holds just the value", "[fill]") {
  Stage stage;
  Page& page = stage.show("<select id='s' multiple><option selected>1<option selected>2<option>3</select>");
  CHECK(fill(page, "#s", "3").ok());
  CHECK(is_so(page, "[...s.selectedOptions].map((o) => o.value).join() === '3'"));
}

TEST_CASE("text areas, numbers and editable elements are typed into", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<textarea id='t'>abc</textarea><input type='number' id='n' value='5'>"
      "<div id='e' contenteditable>old <b>text</b></div><label for='l'>Label</label><input id='l'>");
  CHECK(fill(page, "#t", "abcdef").ok());
  CHECK(fill(page, "#n", "42").ok());
  CHECK(fill(page, "#e", "fresh").ok());
  CHECK(fill(page, "text/Label", "by its label").ok());
  CHECK(is_so(page,
              "t.value === 'abcdef' && n.value === '42' && e.textContent === 'fresh' &&"
              " l.value === 'by its label'"));
}

TEST_CASE("a field is emptied as a person would", "[fill]") {
  Stage stage;
  Page& page = stage.show("<input id='f' value='full' oninput='window.trusted = event.isTrusted'>");
  CHECK(fill(page, "#f", "").ok());
  CHECK(is_so(page, "f.value === '' && trusted"));
}

TEST_CASE("a switch is clicked only when it is in the other state", "[fill]") {
  Stage stage;
  Page& page = stage.show(
      "<div id='s' role='switch' aria-checked='false' tabindex='0' "
      "onclick=\"this.setAttribute('aria-checked', this.getAttribute('aria-checked') === 'false')\">x</div>");
  for (const char* value : {"on", "on", "", ""}) {
    CHECK(fill(page, "#s", value).ok());
    CHECK(is_so(page, std::string("s.getAttribute('aria-checked') === '") + (*value ? "true'" : "false'")));
  }
}

TEST_CASE("what is typed reaches no other field when the page moves the focus", "[fill]") {
  Stage stage;
  Page& page = stage.show("<input id='a' onfocus='Promise.resolve().then(() => b.focus())'><input id='b'>");
  const Outcome outcome = page.fill({}, at("#a"), Secret("hunter2"), Until::in(Milliseconds(300)));
  REQUIRE(outcome.miss);
  CHECK(outcome.miss->why == Miss::Why::not_editable);
  CHECK(is_so(page, "a.value + b.value === ''"));
}

}  // namespace offstage::inpage_fill_test
