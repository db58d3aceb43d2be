#include <utility>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "queries.h"

namespace offstage::inpage_conditions_test {

using namespace test;
using browser::Condition;
using browser::Miss;
using browser::Page;

namespace {

Condition names(const std::string& selector, const std::string& name) {
  Condition condition = is_there(selector);
  condition.names = name;
  return condition;
}

bool holds(Page& page, const Condition& condition) {
  return !page.check({}, condition, soon());
}

/// A page that shows one confirmation.
bool names_it(Page& page, const std::string& html, const std::string& name = "ann@a.test") {
  REQUIRE(page.wait_for_expression({}, "(c.innerHTML = " + Json(html).dump() + ", true)", soon()));
  return holds(page, names("#c", name));
}

}  // namespace

TEST_CASE("a confirmation names exactly one address", "[names-condition]") {
  Stage stage;
  Page& page = stage.show("<div id='c'></div>");
  for (const char* html :
       {"Remove ann@a.test?", "Remove <b>ann@a.test</b>.", "“ann@a.test”", "'ann@a.test'", "(ann@a.test)",
        "&lt;ann@a.test&gt; leaves", "ann@<b>a.test</b>", "E-mail: ann@a.test", "ann@a.test, a member",
        "<p>Ann</p><p>ann@a.test</p><p>Remove</p>", "<i style='float:left'>Ann</i>ann@a.test"}) {
    INFO(html);
    CHECK(names_it(page, html));
  }
}

TEST_CASE("a confirmation does not name an address inside another, twice, unseen or beside another",
          "[names-condition]") {
  Stage stage;
  Page& page = stage.show("<div id='c'></div>");
  for (const char* html : {"Remove xann@a.test?",
                           "x.ann@a.test",
                           "+ann@a.test",
                           "joe-ann@a.test",
                           "o'ann@a.test",
                           "ann@a.test.br",
                           "ann@a.tests",
                           "ann@a.test-2",
                           "ann@a.test@b.test",
                           "Ann@a.test",
                           "ann@a.test ann@a.test",
                           "ann@a.test and bob@b.test",
                           "bob@b.test: ann@a.test",
                           "ann@a.test ANN@a.test",
                           "Annann@a.test",
                           "<span>Ann</span><span>ann@a.test</span>",
                           "<span hidden>ann@a.test</span>Remove",
                           "ann<span style='font-size:0'>x</span>@a.test",
                           "<span style='visibility:hidden'>ann@a.test</span>",
                           "",
                           "аnn@a.test",
                           "ann@a.test joe＠b.test"}) {
    INFO(html);
    CHECK_FALSE(names_it(page, html));
  }
}

TEST_CASE("a name that is no address stands as a whole word too", "[names-condition]") {
  Stage stage;
  Page& page = stage.show("<div id='c'></div>");
  for (const char* html : {"Delete acme?", "Delete “acme”.", "Team: acme (3 members)"}) {
    INFO(html);
    CHECK(names_it(page, html, "acme"));
  }
  for (const char* html : {"Delete acme-prod?", "acme.io", "acme/web", "acme_2", "macme", "joe@acme.test",
                           "acme, says joe@b.test"}) {
    INFO(html);
    CHECK_FALSE(names_it(page, html, "acme"));
  }
}

TEST_CASE("what nobody can see names nothing", "[names-condition]") {
  Stage stage;
  Page& page = stage.show("<div class='c' hidden>ann@a.test</div>");
  CHECK_FALSE(holds(page, names(".c", "ann@a.test")));
}

TEST_CASE("every confirmation on screen must name the target", "[names-condition]") {
  Stage stage;
  Page& page = stage.show("<div class='c'>Remove ann@a.test?</div><div class='c'>Remove bob@a.test?</div>");
  CHECK_FALSE(holds(page, names(".c", "ann@a.test")));
}

TEST_CASE("counts are compared", "[condition]") {
  Stage stage;
  Page& page = stage.show("<ul><li>a</li><li>b</li><li hidden>c</li></ul>");
  using Count = Condition::Count;
  const auto counted = [&](Count comparison, int count, bool visible = false) {
    Condition condition = is_there("li");
    condition.comparison = comparison;
    condition.count = count;
    condition.must_be_visible = visible;
    return holds(page, condition);
  };
  CHECK(counted(Count::exactly, 3));
  CHECK(counted(Count::exactly, 2, true));
  CHECK_FALSE(counted(Count::exactly, 2));
  CHECK(counted(Count::at_most, 3));
  CHECK_FALSE(counted(Count::at_most, 2));
  CHECK_FALSE(counted(Count::at_least, 4));
  Condition none = is_there(".none");
  none.comparison = Count::exactly;
  none.count = 0;
  CHECK(holds(page, none));
}

TEST_CASE("a negated condition holds when it would not", "[condition]") {
  Stage stage;
  Page& page = stage.show("<p>here</p>");
  Condition gone = is_there("p");
  gone.negate = true;
  CHECK_FALSE(holds(page, gone));
  gone.query = at("b");
  CHECK(holds(page, gone));
}

TEST_CASE("every match must have the attributes and properties", "[condition]") {
  Stage stage;
  Page& page = stage.show("<a class='k' href='/x'>1</a><a class='k'>2</a><input value='5'>");
  Condition condition = is_there("a");
  condition.attributes = {{"class", "k"}};
  CHECK(holds(page, condition));
  condition.attributes = {{"href", "/x"}};
  CHECK_FALSE(holds(page, condition));
  condition = is_there("input");
  condition.properties = {{"value", "5"}, {"parentElement", {{"tagName", "BODY"}}}};
  CHECK(holds(page, condition));
  condition.properties = {{"value", 5}};
  CHECK_FALSE(holds(page, condition));
}

TEST_CASE("text is compared folded, as written, without what is hidden", "[condition]") {
  Stage stage;
  Page& page = stage.show(
      "<p id='a'>  two\n <b>words</b><i hidden>hidden</i></p><p id='b' "
      "style='text-transform:uppercase'>quiet</p>"
      "<div id='c'><div>one</div><div>two</div></div><select id='d'><option>A<option selected>B</select>"
      "<input id='e' value='typed'>");
  CHECK(holds(page, reads("#a", "two words")));
  CHECK(holds(page, reads("#b", "quiet")));
  CHECK(holds(page, reads("#c", "one two")));
  CHECK(holds(page, reads("#d", "B")));
  CHECK(holds(page, reads("#e", "typed")));
  CHECK_FALSE(holds(page, reads("#a", "two")));
  Condition contains = is_there("#a");
  contains.text_contains = "o wo";
  CHECK(holds(page, contains));
}

TEST_CASE("a miss tells the text that was there instead", "[condition]") {
  Stage stage;
  Page& page = stage.show("<p>Something went wrong</p>");
  const std::optional<Miss> miss = page.check({}, reads("p", "Removed"), soon());
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::condition);
  CHECK(miss->seen == "the text is \"Something went wrong\"");
}

TEST_CASE("the address is compared as a glob", "[condition]") {
  Stage stage;
  Page& page = stage.show("<p>x</p>");
  Condition condition;
  condition.url = "http://127.0.0.1:*/";
  CHECK(holds(page, condition));
  condition.url = "http://127.0.0.1:*/other";
  CHECK_FALSE(holds(page, condition));
}

TEST_CASE("a wait ends with the first condition that comes true", "[condition]") {
  Stage stage;
  Page& page = stage.show(
      "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p id=b>x</p>'), "
      "50)</script>");
  const auto result = page.wait_for_any({}, {is_there("#a"), is_there("#b")}, soon());
  REQUIRE(std::holds_alternative<int>(result));
  CHECK(std::get<int>(result) == 1);
}

TEST_CASE("a wait that is in vain tells what each condition saw last", "[condition]") {
  Stage stage;
  Page& page = stage.show("<p id='b'>no</p>");
  const auto result =
      page.wait_for_any({}, {is_there("#a"), reads("#b", "yes")}, Until::in(Milliseconds(150)));
  REQUIRE(std::holds_alternative<std::vector<Miss>>(result));
  const std::vector<Miss>& misses = std::get<std::vector<Miss>>(result);
  REQUIRE(misses.size() == 2);
  CHECK(misses[0].why == Miss::Why::absent);
  CHECK(misses[1].why == Miss::Why::condition);
}

}  // namespace offstage::inpage_conditions_test
