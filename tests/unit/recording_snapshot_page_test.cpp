#include <catch2/catch.hpp>

#include "base/error.h"
#include "error_of.h"
#include "queries.h"
#include "recording/snapshot_page.h"

namespace offstage::recording_snapshot_page_test {

using namespace test;
using browser::Condition;
using browser::Miss;
using browser::Query;
using browser::Within;
using recording::SnapshotPage;

namespace {

constexpr const char* team = R"html(<table>
  <tr class="m"><td class="e">ann@a.test</td><td>Ann <button>Remove</button></td></tr>
  <tr class="m"><td class="e">bob@a.test</td><td>Bob <i>ann@a.test</i> <button>Remove</button></td></tr>
  <tr class="m"><td class="e">ann@a.test.br</td><td>Other Ann <button>Remove</button></td></tr>
  <tr class="m" hidden><td class="e">ann@a.test</td><td>Hidden <button>Remove</button></td></tr>
</table>)html";

Query within(const browser::Selectors& field, const std::string& equals, const std::string& selector) {
  Query query = at(selector);
  query.within.push_back(Within{{{".m"}}, field, equals});
  return query;
}

bool holds(const std::string& html, const Condition& condition) {
  return !SnapshotPage(html, "https://a.test/teams/x").check(condition);
}

bool names_it(const std::string& html, const std::string& name = "ann@a.test") {
  Condition condition = is_there("#c");
  condition.names = name;
  return holds("<div id='c'>" + html + "</div>", condition);
}

}  // namespace

TEST_CASE("within narrows a snapshot to the one row whose field is exactly the value", "[snapshot-page]") {
  const SnapshotPage page(team, "");
  CHECK(page.text(within({{".e"}}, "ann@a.test", "xpath/.//td[2]")) == "Ann Remove");
  CHECK(page.find(within({{".e"}}, "ann@a.test", "button")).size() == 1);
}

TEST_CASE("within finds no row of a snapshot by a part of its value", "[snapshot-page]") {
  const SnapshotPage page(team, "");
  const auto miss = page.find_one(within({{".e"}}, "ann@a", "button"));
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::absent);
  CHECK(miss->seen == "none of 4 rows (.m) has \"ann@a\"");
}

TEST_CASE("within refuses a value that two rows of a snapshot show", "[snapshot-page]") {
  const SnapshotPage page(team, "");
  const auto miss = page.find_one(within({}, "ann@a.test", "button"));
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::ambiguous);
  CHECK(miss->matches == 2);
  CHECK(page.find(within({}, "ann@a.test", "button")).empty());
}

TEST_CASE("what can be seen comes first, and hidden alone is a miss", "[snapshot-page]") {
  const SnapshotPage page("<p class='q' hidden>no</p><p class='q'>yes</p><b hidden>b</b>", "");
  CHECK(page.find(at(".q")).front()->children.front()->text == "yes");
  Query query = at(".q");
  query.unique = true;
  CHECK_FALSE(page.find_one(query));
  const auto miss = page.find_one(at("b"));
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::hidden);
}

TEST_CASE("the marks of a snapshot say what could be seen, whatever its HTML says", "[snapshot-page]") {
  const SnapshotPage page(
      "<html><head data-offstage-hidden=''></head><body><p id=a hidden>a</p><p id=b data-offstage-hidden=''>b"
      "<i id=c>c</i></p><div id=d data-offstage-hidden='unseen'>d<b id=e "
      "data-offstage-hidden='seen'>e</b></div>"
      "<u id=f data-offstage-hidden='empty'>f<s id=g>g</s></u>",
      "");
  const auto is_seen = [&page](const std::string& id) { return !page.find_one(at("#" + id)); };
  CHECK(is_seen("a"));
  CHECK_FALSE(is_seen("b"));
  CHECK_FALSE(is_seen("c"));
  CHECK_FALSE(is_seen("d"));
  CHECK(is_seen("e"));
  CHECK_FALSE(is_seen("f"));
  CHECK(is_seen("g"));
  CHECK(page.text(at("body")) == "a e fg");
}

TEST_CASE("a confirmation in a snapshot names exactly one address", "[snapshot-page]") {
  for (const char* html :
       {"Remove ann@a.test?", "Remove <b>ann@a.test</b>.", "“ann@a.test”", "'ann@a.test'", "(ann@a.test)",
        "&lt;ann@a.test&gt; leaves", "ann@<b>a.test</b>", "E-mail: ann@a.test", "ann@a.test, a member",
        "<p>Ann</p><p>ann@a.test</p><p>Remove</p>"}) {
    INFO(html);
    CHECK(names_it(html));
  }
  for (const char* html :
       {"Remove xann@a.test?", "x.ann@a.test", "+ann@a.test", "joe-ann@a.test", "o'ann@a.test",
        "ann@a.test.br", "ann@a.tests", "ann@a.test-2", "ann@a.test@b.test", "Ann@a.test",
        "ann@a.test ann@a.test", "ann@a.test and bob@b.test", "bob@b.test: ann@a.test",
        "<span>Ann</span><span>ann@a.test</span>", "<span hidden>ann@a.test</span>Remove",
        "<span style='visibility:hidden'>ann@a.test</span>", "", "аnn@a.test", "ann@a.test joe＠b.test"}) {
    INFO(html);
    CHECK_FALSE(names_it(html));
  }
  CHECK(names_it("Delete “acme”.", "acme"));
  CHECK_FALSE(names_it("Delete acme-prod?", "acme"));
}

TEST_CASE("text of a snapshot is compared folded, as written, without what is hidden", "[snapshot-page]") {
  const std::string html =
      "<p id='a'>  two\n <b>words</b><i hidden>hidden</i></p><div id='c'><div>one</div><div>two</div></div>"
      "<select id='d'><option>A<option selected>B</select><input id='e' value='typed'><textarea id='t'>\n x "
      "</textarea>"
      "<select id='s'><option disabled>A<option>B</select><details "
      "id='g'>away<summary>kept</summary></details>";
  CHECK(holds(html, reads("#a", "two words")));
  CHECK(holds(html, reads("#c", "one two")));
  CHECK(holds(html, reads("#d", "B")));
  CHECK(holds(html, reads("#e", "typed")));
  CHECK(holds(html, reads("#t", "x")));
  CHECK(holds(html, reads("#s", "B")));
  CHECK(holds(html, reads("#g", "kept")));
  CHECK_FALSE(holds(html, reads("#a", "two")));
  Condition contains = is_there("#a");
  contains.text_contains = "o wo";
  CHECK(holds(html, contains));
}

TEST_CASE("a style that sets text apart is told by its mark", "[snapshot-page]") {
  CHECK(holds("<p><span>a</span><span data-offstage-display='block'>b</span></p>", reads("p", "a b")));
  CHECK(holds("<p><span>a</span><span>b</span></p>", reads("p", "ab")));
}

TEST_CASE("counts, negation and the address of a snapshot are compared", "[snapshot-page]") {
  const std::string html = "<ul><li>a</li><li>b</li><li hidden>c</li></ul>";
  Condition condition = is_there("li");
  condition.comparison = Condition::Count::exactly;
  condition.count = 3;
  CHECK(holds(html, condition));
  condition.must_be_visible = true;
  CHECK_FALSE(holds(html, condition));
  condition.count = 2;
  CHECK(holds(html, condition));
  condition.negate = true;
  CHECK_FALSE(holds(html, condition));
  Condition address;
  address.url = "https://a.test/*";
  CHECK(holds(html, address));
  address.url = "https://b.test/*";
  CHECK_FALSE(holds(html, address));
}

TEST_CASE("every match of a snapshot must have the attributes and properties", "[snapshot-page]") {
  const std::string html =
      "<a class='k' href='/x'>1</a><a class='k'>2</a><input value='5'><input type='password' value='p'>";
  Condition condition = is_there("a");
  condition.attributes = {{"class", "k"}};
  CHECK(holds(html, condition));
  condition.attributes = {{"href", "/x"}};
  CHECK_FALSE(holds(html, condition));
  condition = is_there("input");
  condition.query.selectors = {{"input:not([type])"}};
  condition.properties = {{"value", "5"}, {"disabled", false}, {"parentElement", {{"tagName", "BODY"}}}};
  CHECK(holds(html, condition));
  condition.properties = {{"value", 5}};
  CHECK_FALSE(holds(html, condition));
  condition.query.selectors = {{"[type=password]"}};
  condition.properties = {{"value", "p"}};
  CHECK_FALSE(holds(html, condition));
  condition.properties = {{"offsetTop", 0}};
  CHECK_THROWS_AS(holds(html, condition), Error);
}

TEST_CASE("a miss on a snapshot tells the text that was there instead", "[snapshot-page]") {
  const auto miss = SnapshotPage("<p>Something went wrong</p>", "").check(reads("p", "Removed"));
  REQUIRE(miss);
  CHECK(miss->why == Miss::Why::condition);
  CHECK(miss->seen == "the text is \"Something went wrong\"");
}

TEST_CASE("a snapshot that nests without end is refused", "[snapshot-page]") {
  std::string html;
  for (int i = 0; i < 200'000; ++i)
    html += "<div>";
  const Error error = test::error_of([&] { const SnapshotPage page(html, ""); });
  CHECK(error.kind() == Kind::usage);
  CHECK(error.message() == "a page snapshot nests its elements more than 1000 deep");
}

TEST_CASE("a snapshot whose formatting multiplies is refused", "[snapshot-page]") {
  std::string html = "<p>";
  for (int i = 0; i < 900; ++i)
    html += "<font size=" + std::to_string(i) + ">";
  for (int i = 0; i < 3'000; ++i)
    html += "<p>x";
  CHECK_THROWS_AS(SnapshotPage(html, ""), Error);
}

TEST_CASE("what a page shows without scripts is no part of its snapshot", "[snapshot-page]") {
  const SnapshotPage page(
      "<head><noscript>&lt;p&gt;out</noscript><title>t</title></head><body "
      "class=b><noscript><p>in</p></noscript><p>on",
      "");
  CHECK(page.find(at("p")).size() == 1);
  CHECK(page.text(at("body.b")) == "on");
}

}  // namespace offstage::recording_snapshot_page_test
