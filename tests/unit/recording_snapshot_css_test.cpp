#include <catch2/catch.hpp>

#include "base/error.h"
#include "queries.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_page.h"

namespace offstage::recording_snapshot_css_test {

using namespace test;
using recording::SnapshotPage;
using recording::snapshot::CannotJudge;

namespace {

constexpr const char* page_html = R"html(<!DOCTYPE html><body>
<ul id="list" class="a b"><li id="one" class="item first">1</li><li id="two" lang="en-US">2</li><li id="three">3</li></ul>
<section id="sec"><h2 id="h">t</h2><p id="p1" data-x="One two">x</p><p id="p2"><b id="b">y</b></p><i id="i"></i></section>
<form id="f"><input id="in" type="TEXT" disabled><input id="box" type="checkbox" checked>
<select id="sel"><option id="o1">1<option id="o2" selected>2</select>
<fieldset id="fs" disabled><legend id="lg"><input id="free"></legend><button id="btn">x</button></fieldset>
<a id="link" href="/u/1.pdf">l</a><a id="a2">n</a></form>
<div id="1a:b" class="w-1/2">odd</div><svg id="svg"><linearGradient id="grad"></linearGradient></svg></body>)html";

/// The ids of what a selector matches, in order.
std::string ids(const std::string& css, const char* html = page_html) {
  const SnapshotPage page(html, "http://a.test/");
  std::string found;
  for (const auto* node : page.find(at(css)))
    found += (found.empty() ? "" : " ") + std::string(node->value_of("id"));
  return found;
}

bool is_refused(const std::string& css) {
  try {
    ids(css);
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::usage);
    CHECK(error.message().find(css) != std::string::npos);
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("types, ids, classes and the universal selector match in a snapshot", "[snapshot-css]") {
  CHECK(ids("li") == "one two three");
  CHECK(ids("LI") == "one two three");
  CHECK(ids("#two") == "two");
  CHECK(ids(".a.b") == "list");
  CHECK(ids("ul.item") == "");
  CHECK(ids("#sec > *") == "h p1 p2 i");
  CHECK(ids("linearGradient") == "grad");
  CHECK(ids("li, #h, ul") == "list one two three h");
}

TEST_CASE("attributes are compared in every way in a snapshot", "[snapshot-css]") {
  CHECK(ids("[data-x]") == "p1");
  CHECK(ids("[data-x='One two']") == "p1");
  CHECK(ids("[data-x=\"one two\"]") == "");
  CHECK(ids("[data-x='one two' i]") == "p1");
  CHECK(ids("[data-x~=two]") == "p1");
  CHECK(ids("[lang|=en]") == "two");
  CHECK(ids("[href^='/u/']") == "link");
  CHECK(ids("[href$=pdf]") == "link");
  CHECK(ids("[href*='1.']") == "link");
  CHECK(ids("[href*='']") == "");
  CHECK(ids("input[type=text]") == "in");
  CHECK(ids("input[type=text s]") == "");
}

TEST_CASE("the four combinators hold in a snapshot", "[snapshot-css]") {
  CHECK(ids("section b") == "b");
  CHECK(ids("section > b") == "");
  CHECK(ids("h2 + p") == "p1");
  CHECK(ids("h2 ~ p") == "p1 p2");
  CHECK(ids("section>p>b") == "b");
}

TEST_CASE("a descendant is found behind a nearer ancestor that does not fit", "[snapshot-css]") {
  CHECK(ids("div > p b", "<div><p><i><p></p><span><b id=x></b></span></i></p></div>") == "");
  CHECK(ids(".a > .b .c", "<i class=a><i class=b><i><i class=b><i id=x class=c></i></i></i></i></i>") == "x");
}

TEST_CASE("lists in :not, :is, :where and :has hold in a snapshot", "[snapshot-css]") {
  CHECK(ids("li:not(.first, #two)") == "three");
  CHECK(ids(":is(#one, h2)") == "one h");
  CHECK(ids(":where(ul) > :is(.first, ##, #three)") == "one three");
  CHECK(ids("p:has(b)") == "p2");
  CHECK(ids("h2:has(+ p)") == "h");
  CHECK(ids("section:has(> b)") == "");
  CHECK(ids("p:has(~ i)") == "p1 p2");
}

TEST_CASE("places among siblings are counted in a snapshot", "[snapshot-css]") {
  CHECK(ids("li:nth-child(2)") == "two");
  CHECK(ids("li:nth-child(odd)") == "one three");
  CHECK(ids("li:nth-child( -n + 2 )") == "one two");
  CHECK(ids("li:nth-child(2n+1)") == "one three");
  CHECK(ids("li:nth-last-child(1)") == "three");
  CHECK(ids("#sec > p:nth-of-type(2)") == "p2");
  CHECK(ids("#sec > :first-child") == "h");
  CHECK(ids("#sec > :last-child") == "i");
  CHECK(ids("#sec > p:first-of-type") == "p1");
  CHECK(ids("#sec > p:last-of-type") == "p2");
  CHECK(ids("b:only-child") == "b");
}

TEST_CASE("states of fields and emptiness are told by a snapshot", "[snapshot-css]") {
  CHECK(ids("i:empty") == "i");
  CHECK(ids(":root > body > ul") == "list");
  CHECK(ids(":checked") == "box o2");
  CHECK(ids(":disabled") == "in fs btn");
  CHECK(ids("input:enabled") == "box free");
  CHECK(ids("a:any-link") == "link");
}

TEST_CASE("escapes and comments in CSS are read", "[snapshot-css]") {
  CHECK(ids("#\\31 a\\:b") == "1a:b");
  CHECK(ids(".w-1\\/2") == "1a:b");
  CHECK(ids("[id=\"1a:\\62\"]") == "1a:b");
  CHECK(ids("li/* the second */:nth-child(2)") == "two");
}

TEST_CASE("what stands above a row counts for selectors below it", "[snapshot-css]") {
  const SnapshotPage page("<table><tr><td>a</td></tr></table>", "");
  browser::Query query;
  query.selectors = {{"tr", "table td"}};
  CHECK(page.find(query).size() == 1);
  query.selectors = {{"tr", ":scope > td"}};
  CHECK(page.find(query).size() == 1);
}

TEST_CASE("CSS that is not valid is refused with its words", "[snapshot-css]") {
  for (const char* css : {"##",     "li >",     "> li", "li,",          ",",
                          "[a",     "[=b]",     "[a=b", ":nth-child()", ":nth-child(x)",
                          ":not()", ":unknown", "::(",  "a b >> c",     "li)",
                          "(",      "*a",       ".1",   "[a~b]",        "a|b"}) {
    INFO(css);
    if (std::string(css) == "[a" || std::string(css) == "[a=b") {
      CHECK_FALSE(is_refused(css));  // the end closes what is open, as in browsers
    } else {
      CHECK(is_refused(css));
    }
  }
}

TEST_CASE("what only a living page tells is refused, and not passed over", "[snapshot-css]") {
  const SnapshotPage page(page_html, "");
  browser::Query query;
  query.selectors = {{"li:hover"}, {"li"}};
  CHECK_THROWS_AS(page.find(query), CannotJudge);
}

TEST_CASE("a selector that would take for ever is given up", "[snapshot-css]") {
  std::string html;
  for (int i = 0; i < 400; ++i)
    html += "<div>";
  std::string css;
  for (int i = 0; i < 60; ++i)
    css += "div ";
  CHECK_THROWS_AS(ids(css + "b", (html + "<b></b>").c_str()) == "" &&
                      ids("i " + css + "b", (html + "<b></b>").c_str()) == "",
                  CannotJudge);
}

}  // namespace offstage::recording_snapshot_css_test
