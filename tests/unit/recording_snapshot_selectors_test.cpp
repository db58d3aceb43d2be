#include <catch2/catch.hpp>

#include "base/error.h"
#include "error_of.h"
#include "queries.h"
#include "recording/snapshot_page.h"

namespace offstage::recording_snapshot_selectors_test {

using namespace test;
using browser::Query;
using browser::Selectors;
using recording::SnapshotPage;

namespace {

std::string text_at(const SnapshotPage& page, const Selectors& selectors) {
  Query query;
  query.selectors = selectors;
  return page.text(query).value_or("(nothing)");
}

std::string text_at(const SnapshotPage& page, const std::string& selector) {
  return text_at(page, Selectors{{selector}});
}

std::size_t count(const std::string& html, const std::string& selector) {
  return SnapshotPage(html, "").find(at(selector)).size();
}

constexpr const char* shadow =
    "<x-card><template shadowrootmode=\"open\"><p><b class=\"in\">deep text</b></p><slot></slot></template>"
    "<u>put in</u></x-card><p><b class=\"in\">light text</b></p>";

}  // namespace

TEST_CASE("CSS works with and without its prefix in a snapshot", "[snapshot-selectors]") {
  const SnapshotPage page("<p id='a'>one</p>", "");
  CHECK(text_at(page, "#a") == "one");
  CHECK(text_at(page, "css/#a") == "one");
}

TEST_CASE("XPath works on a snapshot as on a page", "[snapshot-selectors]") {
  const SnapshotPage page(
      "<ul><li id='x'>5/9/2023</li><li data-k='v'>two</li></ul><svg><g id='g'></g></svg><p id='y'>it's</p>",
      "");
  CHECK(text_at(page, "xpath///*[@id=\"x\"]") == "5/9/2023");
  CHECK(text_at(page, "xpath//html/body/ul/li[2]") == "two");
  CHECK(text_at(page, "xpath///li[contains(., 'wo')]") == "two");
  CHECK(text_at(page, "xpath///li[@data-k='v']") == "two");
  CHECK(text_at(page, "xpath/id('x')/following-sibling::li") == "two");
  CHECK(text_at(page, "xpath///*[normalize-space()=\"it's\"]") == "it's");
  CHECK(text_at(page, "xpath///li/text()") == "(nothing)");
  CHECK(text_at(page, "xpath///li/@id") == "(nothing)");
  CHECK(text_at(page, "xpath///g") == "(nothing)");
  CHECK(page.find(at("xpath///*[name()='g']")).size() == 1);
}

TEST_CASE("an XPath in a chain does not leave its parent in a snapshot", "[snapshot-selectors]") {
  const SnapshotPage page("<div id='a'><b>inner</b></div><b>outer</b>", "");
  CHECK(text_at(page, Selectors{{"#a", "xpath///b"}}) == "inner");
  CHECK(text_at(page, Selectors{{"#a", "xpath/b"}}) == "inner");
  CHECK(text_at(page, Selectors{{"#a", "xpath/../b"}}) == "(nothing)");
}

TEST_CASE("an XPath that is too much work or too deep is given up", "[snapshot-selectors]") {
  std::string html;
  for (int i = 0; i < 3000; ++i)
    html += "<i></i>";
  const SnapshotPage page(html, "");
  CHECK_THROWS_AS(page.find(at("xpath///i[count(//i[count(//i) > 1]) > 1]")), Error);
  CHECK_THROWS_AS(page.find(at("xpath/" + std::string(300, '(') + "1" + std::string(300, ')'))), Error);
}

TEST_CASE("a text selector means the deepest elements of a snapshot that hold it", "[snapshot-selectors]") {
  const SnapshotPage page(
      "<script>'needle'</script><div>a <p>x <b>needle</b></p> <p>two<i> words</i></p></div>"
      "<input id='f' value='in a field'><input type='password' value='hunter2'>",
      "");
  CHECK(page.find(at("text/needle")).size() == 1);
  CHECK(text_at(page, "text/needle") == "needle");
  CHECK(text_at(page, "text/two words") == "two words");
  CHECK(text_at(page, "text/Needle") == "(nothing)");
  CHECK(text_at(page, "text/in a field") == "in a field");
  CHECK(text_at(page, "text/hunter2") == "(nothing)");
}

TEST_CASE("text, aria and pierce look into the shadow trees of a snapshot, and plain CSS does not",
          "[snapshot-selectors]") {
  const SnapshotPage page(shadow, "");
  CHECK(text_at(page, "text/deep text") == "deep text");
  CHECK(text_at(page, "pierce/.in") == "deep text");
  CHECK(page.find(at("pierce/.in")).size() == 2);
  CHECK(text_at(page, ".in") == "light text");
  CHECK(text_at(page, Selectors{{"x-card", ".in"}}) == "deep text");
  CHECK(text_at(page, Selectors{{"x-card", "u"}}) == "put in");
  CHECK(text_at(page, Selectors{{"x-card", "xpath///b"}}) == "deep text");
  CHECK(text_at(page, Selectors{{"body", ".in"}}) == "light text");
  CHECK(text_at(page, "x-card") == "deep text put in");
}

TEST_CASE("alternatives are tried in order on a snapshot, one that is not valid passed over",
          "[snapshot-selectors]") {
  const SnapshotPage page("<p id='a'>first</p><p id='b'>second</p>", "");
  CHECK(text_at(page, Selectors{{"#none"}, {"#b"}, {"#a"}}) == "second");
  CHECK(text_at(page, Selectors{{"##"}, {"#a"}}) == "first");
  for (const char* selector :
       {"##", "xpath///[", "xpath/1+1", "aria/", "aria/[colour=\"red\"]", "text/", "pierce/::("}) {
    INFO(selector);
    const Error error = test::error_of([&] { text_at(page, selector); });
    CHECK(error.kind() == Kind::usage);
    CHECK(error.message().find(selector) != std::string::npos);
  }
}

TEST_CASE("names and roles of a snapshot are those of the accessibility tree", "[snapshot-selectors]") {
  const auto named = [](const char* html, const char* name, const char* role) {
    INFO(html);
    CHECK(count(html, std::string("aria/[name=\"") + name + "\"][role=\"" + role + "\"]") == 1);
  };
  named("<button>Remove  member</button>", "Remove member", "button");
  named("<button aria-label='Close'>x</button>", "Close", "button");
  named("<button aria-labelledby='a b'>x</button><b id=a>First</b><b id=b hidden>second</b>", "First second",
        "button");
  named("<button><img alt='Picture'> word</button>", "Picture word", "button");
  named("<button><svg><title>Vector</title></svg></button>", "Vector", "button");
  named("<label>Name <input></label>", "Name", "textbox");
  named("<label for=q>Role</label><select id=q><option>x</select>", "Role", "combobox");
  named("<input placeholder=Search type=search>", "Search", "searchbox");
  named("<input type=submit value=Go>", "Go", "button");
  named("<a href=x>Link <b>text</b></a>", "Link text", "link");
  named("<table><tr><td>ann<td>b</table>", "ann", "cell");
  named("<table><tr><th>Row<td>b</table>", "Row", "rowheader");
  named("<table><tr><th>Col</table>", "Col", "columnheader");
  named("<details><summary>More</summary>x</details>", "More", "button");
  named("<button>a<div>b</div>c</button>", "a b c", "button");
  named("<button>a<i>b</i>c</button>", "abc", "button");
  named("<label for=q>flash <input value=3 type=number> times</label><input type=checkbox id=q>",
        "flash 3 times", "checkbox");
  named("<h2 role=none>x</h2><h3>Title</h3>", "Title", "heading");
  named("<a title=Tip href=x></a>", "Tip", "link");
  named("<fieldset><legend>Group</legend></fieldset>", "Group", "group");
}

TEST_CASE("what the accessibility tree leaves out is no match of aria in a snapshot",
          "[snapshot-selectors]") {
  CHECK(count("<div aria-hidden=true><button>x</button></div>", "aria/x") == 0);
  CHECK(count("<div inert><button>x</button></div>", "aria/x") == 0);
  CHECK(count("<div hidden><button>x</button></div>", "aria/x") == 0);
  CHECK(count("<a>x</a>", "aria/[role=\"link\"]") == 0);
  CHECK(count("<button>Remove</button>", "aria/Remov") == 0);
  CHECK(count("<button>Remove</button>", "aria/remove") == 0);
  CHECK(count("<button>Remove</button>", "aria/Remove[role=\"link\"]") == 0);
  CHECK(count("<select><option>x</select>", "aria/[role=\"option\"]") == 1);
}

TEST_CASE("ids that refer to each other in rings end", "[snapshot-selectors]") {
  CHECK(count("<b id=a aria-labelledby=b>x</b><b id=b aria-labelledby=a>y</b><button aria-labelledby='a "
              "b'></button>",
              "aria/x y[role=\"button\"]") == 1);
}

}  // namespace offstage::recording_snapshot_selectors_test
