#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"
#include "error_of.h"
#include "queries.h"

namespace offstage::inpage_selectors_test {

using namespace test;
using browser::Condition;
using browser::Miss;
using browser::Page;
using browser::Query;
using browser::Selectors;
using browser::Within;

namespace {

std::string text_at(Page& page, const Selectors& selectors) {
  Query query;
  query.selectors = selectors;
  return page.text({}, query, soon()).value_or("(nothing)");
}

std::string text_at(Page& page, const std::string& selector) {
  return text_at(page, Selectors{{selector}});
}

/// Why the query means no one element, for an action that is not to wait.
Miss miss_of(Page& page, const Query& query) {
  const browser::Outcome outcome = page.hover({}, query, Until::in(Milliseconds(150)));
  REQUIRE(outcome.miss);
  return *outcome.miss;
}

constexpr const char* shadow = R"html(<x-card></x-card><script>
  customElements.define('x-card', class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: 'open' }).innerHTML = '<p><b class="in">deep text</b></p>';
    }
  });
</script><p><b class="in">light text</b></p>)html";

constexpr const char* members = R"html(<table>
  <tr class="m"><td class="e">ann@a.test</td><td>Ann <button>Remove</button></td></tr>
  <tr class="m"><td class="e">bob@a.test</td><td>Bob <i>ann@a.test</i> <button>Remove</button></td></tr>
  <tr class="m"><td class="e">ann@a.test.br</td><td>Other Ann <button>Remove</button></td></tr>
  <tr class="m" hidden><td class="e">ann@a.test</td><td>Hidden <button>Remove</button></td></tr>
</table>)html";

Query within(const Selectors& rows, const Selectors& field, const std::string& equals,
             const Selectors& selectors) {
  Query query;
  query.within.push_back(Within{rows, field, equals});
  query.selectors = selectors;
  query.unique = true;
  return query;
}

}  // namespace

TEST_CASE("CSS works with and without its prefix", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<p id='a'>one</p>");
  CHECK(text_at(page, "#a") == "one");
  CHECK(text_at(page, "css/#a") == "one");
}

TEST_CASE("an XPath starts after its prefix, and text after the first slash", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<ul><li id='x'>5/9/2023</li><li>two</li></ul>");
  CHECK(text_at(page, "xpath///*[@id=\"x\"]") == "5/9/2023");
  CHECK(text_at(page, "xpath//html/body/ul/li[2]") == "two");
  CHECK(text_at(page, "text/5/9/2023") == "5/9/2023");
  CHECK(text_at(page, "xpath///li/text()") == "(nothing)");
}

TEST_CASE("a text selector means the deepest elements that hold it", "[selectors]") {
  Stage stage;
  Page& page = stage.show(
      "<script>'needle'</script><div>a <p>x <b>needle</b></p> <p>two<i> words</i></p></div>"
      "<input id='f' value='in a field'>");
  Condition one;
  one.query = at("text/needle");
  one.comparison = Condition::Count::exactly;
  CHECK_FALSE(page.check({}, one, soon()));
  CHECK(text_at(page, "text/needle") == "needle");
  CHECK(text_at(page, "text/two words") == "two words");
  CHECK(text_at(page, "text/Needle") == "(nothing)");
  CHECK(text_at(page, "text/in a field") == "in a field");
}

TEST_CASE("text, aria and pierce look into open shadow trees, and plain CSS does not", "[selectors]") {
  Stage stage;
  Page& page = stage.show(shadow);
  CHECK(text_at(page, "text/deep text") == "deep text");
  CHECK(text_at(page, "pierce/.in") == "deep text");
  CHECK(text_at(page, ".in") == "light text");
}

TEST_CASE("a chain goes on below each match, into a host's shadow tree", "[selectors]") {
  Stage stage;
  Page& page = stage.show(shadow);
  CHECK(text_at(page, Selectors{{"x-card", ".in"}}) == "deep text");
  CHECK(text_at(page, Selectors{{"x-card", "xpath///b"}}) == "deep text");
  CHECK(text_at(page, Selectors{{"body", ".in"}}) == "light text");
}

TEST_CASE("an XPath in a chain does not leave its parent", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<div id='a'><b>inner</b></div><b>outer</b>");
  CHECK(text_at(page, Selectors{{"#a", "xpath///b"}}) == "inner");
  CHECK(text_at(page, Selectors{{"#a", "xpath/../b"}}) == "(nothing)");
}

TEST_CASE("alternatives are tried in order, and the first that matches decides", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<p id='a'>first</p><p id='b'>second</p><p id='h' hidden>hidden</p>");
  CHECK(text_at(page, Selectors{{"#none"}, {"#b"}, {"#a"}}) == "second");
  Query query;
  query.selectors = {{"#h"}, {"#a"}};
  CHECK(miss_of(page, query).why == Miss::Why::hidden);
}

TEST_CASE("an alternative that is not valid is passed over, unless none is", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<p id='a'>first</p>");
  CHECK(text_at(page, Selectors{{"##"}, {"#a"}}) == "first");
  for (const char* selector : {"##", "xpath///[", "aria/", "text/", "pierce/::("}) {
    INFO(selector);
    const Error error = test::error_of([&] { text_at(page, selector); });
    CHECK(error.kind() == Kind::usage);
  }
}

TEST_CASE("a hidden second match does not count as two", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<p class='q' hidden>no</p><p class='q'>yes</p>");
  Query query = at(".q");
  query.unique = true;
  CHECK(page.hover({}, query, soon()).ok());
}

TEST_CASE("two visible matches are ambiguous where one is asked for", "[selectors]") {
  Stage stage;
  Page& page = stage.show("<p class='q'>one</p><p class='q'>two</p>");
  Query query = at(".q");
  CHECK(page.hover({}, query, soon()).ok());
  query.unique = true;
  const Miss miss = miss_of(page, query);
  CHECK(miss.why == Miss::Why::ambiguous);
  CHECK(miss.matches == 2);
}

TEST_CASE("within narrows to the one row whose field is exactly the value", "[within]") {
  Stage stage;
  Page& page = stage.show(members);
  const Query query = within({{".m"}}, {{".e"}}, "ann@a.test", {{"xpath/.//td[2]"}});
  CHECK(page.text({}, query, soon()) == "Ann Remove");
}

TEST_CASE("within finds no row by a part of its value", "[within]") {
  Stage stage;
  Page& page = stage.show(members);
  const Miss miss = miss_of(page, within({{".m"}}, {{".e"}}, "ann@a", {{"button"}}));
  CHECK(miss.why == Miss::Why::absent);
}

TEST_CASE("within refuses a value that two rows show", "[within]") {
  Stage stage;
  Page& page = stage.show(members);
  const Miss miss = miss_of(page, within({{".m"}}, {}, "ann@a.test", {{"button"}}));
  CHECK(miss.why == Miss::Why::ambiguous);
  CHECK(miss.matches == 2);
}

TEST_CASE("within works for each of many rows", "[within]") {
  Stage stage;
  std::string html = "<ul>";
  for (int number = 0; number < 300; ++number) {
    const std::string n = std::to_string(number);
    html += "<li><b class='k'><i>u" + n + "</i></b><em>value " + n + "</em></li>";
  }
  Page& page = stage.show(html + "</ul>");
  const Query query = within({{"li"}}, {{".k i"}}, "u277", {{"em"}});
  CHECK(page.text({}, query, soon()) == "value 277");
}

TEST_CASE("elements that a form's fields seem to replace are read all the same", "[selectors]") {
  Stage stage;
  Page& page = stage.show(
      "<form id='f'><input name='parentNode'><input name='getAttribute'><input name='querySelectorAll'>"
      "<input name='getBoundingClientRect'><input name='checkVisibility'><button>Go</button></form>"
      "<img name='querySelectorAll'><img name='elementFromPoint'><img name='documentElement'>");
  CHECK(page.hover({}, at("aria/Go"), soon()).ok());
  CHECK(text_at(page, Selectors{{"#f", "button"}}) == "Go");
}

}  // namespace offstage::inpage_selectors_test
