#include <set>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "browser_support.h"
#include "queries.h"
#include "recording/snapshot_clean.h"
#include "recording/snapshot_page.h"

namespace offstage::snapshot_agreement_test {

using namespace test;
using browser::Condition;
using browser::Extraction;
using browser::Miss;
using browser::Page;
using browser::Query;
using browser::Selectors;
using browser::Within;
using recording::SnapshotPage;

namespace {

constexpr const char* rich = R"html(<!DOCTYPE html><title>Team</title>
<style>.none { display: none } .un { visibility: hidden } .vis { visibility: visible } .row { display: flex }
  .zero { font-size: 0 } .up { position: absolute; height: 0; overflow: hidden }</style><body>
<header><nav><a href="/teams">Teams</a> <a href="/teams/x?tab=1" aria-current="page">Access</a></nav></header>
<main><h1>Team <b>access</b></h1><p id="note">  two
  <b>words</b><i hidden>hidden</i></p>
<table id="one"><thead><tr><th>User</th><th>Role</th><th></th></tr></thead><tbody>
<tr class="m" data-id="7"><td class="e">ann@a.test</td><td><span>Admin</span></td><td><button>Remove</button></td></tr>
<tr class="m" data-id="8"><td class="e">bob@a.test</td><td>Member</td><td><button disabled>Remove</button></td></tr>
<tr class="m none" data-id="9"><td class="e">ann@a.test</td><td>Gone</td><td><button>Remove</button></td></tr>
</tbody></table>
<ul id="list"><li class="row"><span>Zoe</span><span>zoe@a.test</span></li><li class="row"><span>Yan</span></li></ul>
<div id="un" class="un">unseen <b class="vis">seen again</b></div><p id="zero">ann<i class="zero">x</i>@a.test</p>
<div class="up"><button>Up</button></div><details><summary>More</summary><p id="away">away</p></details>
<form id="f"><label for="q">Search</label><input id="q" value="typed"><label><input type="checkbox" id="c"> Tick</label>
<select id="s"><option>A<option value="b" selected>B</select><textarea id="t">long
text</textarea><fieldset disabled><input id="d"></fieldset></form>
<div role="dialog" aria-labelledby="dt"><h2 id="dt">Remove ann@a.test?</h2><button>Remove <b>user</b></button></div>
<x-card></x-card><img alt="Pic" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
</main><script>
  customElements.define('x-card', class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: 'open' }).innerHTML = '<p><b class="in">deep text</b><button>Deep</button></p>';
    }
  });
  q.value = 'typed later'; c.checked = true; s.value = 'A';
</script>)html";

std::string told(const std::optional<Miss>& miss) {
  if (!miss) return "holds";
  return std::to_string(static_cast<int>(miss->why)) + " " + std::to_string(miss->matches) + " " + miss->seen;
}

/// A page in Chrome, and what its snapshot says as it is and cleaned.
struct Both {
  explicit Both(Page& live)
      : page(live),
        html(live.html({}, soon())),
        raw(html, live.url()),
        clean(recording::cleaned(html), live.url()) {}

  void compare(const Condition& condition) {
    INFO(condition.to_json().dump());
    const std::string expected = told(page.check({}, condition, soon()));
    CHECK(told(raw.check(condition)) == expected);
    CHECK(told(clean.check(condition)) == expected);
  }

  void compare(const Query& query) {
    INFO(query.to_json().dump());
    const std::optional<std::string> expected = page.text({}, query, soon());
    CHECK(raw.text(query).value_or("(nothing)") == expected.value_or("(nothing)"));
    CHECK(clean.text(query).value_or("(nothing)") == expected.value_or("(nothing)"));
  }

  /// Counts all and what can be seen, by asking for a number that is not there; and the text.
  void compare(const Selectors& selectors) {
    Condition condition;
    condition.query.selectors = selectors;
    condition.comparison = Condition::Count::exactly;
    condition.count = 9999;
    compare(condition);
    condition.must_be_visible = true;
    compare(condition);
    compare(condition.query);
  }

  Page& page;
  std::string html;
  SnapshotPage raw;
  SnapshotPage clean;
};

void compare_names(const std::string& fixture) {
  Stage stage;
  Page& page = stage.show(read_file(std::string(OFFSTAGE_SOURCE_DIR) + "/tests/browser/pages/" + fixture));
  Both both(page);
  for (const char* role :
       {"button",  "cell",      "checkbox", "columnheader", "combobox",  "dialog",     "gridcell",
        "heading", "image",     "link",     "listbox",      "menuitem",  "option",     "radio",
        "row",     "rowheader", "slider",   "textbox",      "searchbox", "spinbutton", "switch",
        "tab",     "table",     "treeitem", "group"}) {
    both.compare(Selectors{{std::string("aria/[role=\"") + role + "\"]"}});
  }
  for (const char* css :
       {"button", "a", "label", "td", "th", "li", "option", "span", "b", "svg", "body", "body *"}) {
    both.compare(Selectors{{css}});
  }
  for (const char* name : {"Plain",
                           "Remove member",
                           "Close",
                           "First second",
                           "Falls back",
                           "Hidden label and its part",
                           "Seen end",
                           "Delete report.pdf",
                           "Tip only",
                           "Picture word",
                           "Vector",
                           "Two blocks",
                           "inline",
                           "inline block",
                           "line break",
                           "Some seen rest",
                           "Out loud",
                           "Inner label outer",
                           "Label of",
                           "Link withparts",
                           "For label",
                           "First second",
                           "With",
                           "People",
                           "Reach",
                           "Shadow button",
                           "Shadow label",
                           "Slot: Slotted text",
                           "Alt text",
                           "Remove Ann?",
                           "Really remove",
                           "Clear",
                           "In hidden",
                           "In inert",
                           "Unseen",
                           "Seen again",
                           "a b c",
                           "abc",
                           "a c"}) {
    both.compare(Selectors{{std::string("aria/") + name}});
  }
}

}  // namespace

TEST_CASE("a snapshot matches what its page matched, for each kind of selector", "[snapshot]") {
  Stage stage;
  Both both(stage.show(rich));
  for (const char* selector : {"tr",
                               ".m",
                               ".m:not(.none)",
                               "tr > td:nth-of-type(2)",
                               "td:nth-child(2n+1)",
                               "#one tbody tr:last-child .e",
                               "[data-id='8'] button",
                               "a[href^='/teams']",
                               "a[href$=\"1\" i]",
                               "h1 + p",
                               "h1 ~ table",
                               "tr:has(button:disabled)",
                               ":is(h1, h2)",
                               "input:checked",
                               "option:checked",
                               ":disabled",
                               "button:enabled",
                               "main :first-child",
                               "#none",
                               "li:empty",
                               "p:only-child",
                               ":root",
                               "body > *",
                               "pierce/.in",
                               ".in",
                               "pierce/button",
                               "text/Remove",
                               "text/ann@a.test",
                               "text/Zoezoe",
                               "text/two words",
                               "text/typed later",
                               "text/deep",
                               "text/away",
                               "aria/Remove",
                               "aria/Remove user",
                               "aria/Remove[role=\"button\"]",
                               "aria/Search",
                               "aria/Tick",
                               "aria/Teams",
                               "aria/[role=\"row\"]",
                               "aria/[role=\"cell\"]",
                               "aria/[role=\"columnheader\"]",
                               "aria/[role=\"link\"]",
                               "aria/[role=\"dialog\"][name=\"Remove ann@a.test?\"]",
                               "aria/Deep",
                               "aria/More",
                               "aria/Up",
                               "aria/Pic",
                               "xpath///tr[@class='m'][1]/td[1]",
                               "xpath//html/body/main/ul/li[2]",
                               "xpath///*[@id='dt']",
                               "xpath///button[contains(., 'Remove')]",
                               "xpath///td[text()='Member']",
                               "xpath/(//tr)[last()]"}) {
    both.compare(Selectors{{selector}});
  }
  both.compare(Selectors{{"x-card", ".in"}});
  both.compare(Selectors{{"x-card", "xpath///b"}});
  both.compare(Selectors{{"#one", "xpath///td"}});
  both.compare(Selectors{{"#one", "xpath/../ul"}});
  both.compare(Selectors{{"ul", "text/Yan"}});
  both.compare(Selectors{{"tr", "aria/Remove"}});
  both.compare(Selectors{{"##"}, {"#gone"}, {"#zero"}});
}

TEST_CASE("a snapshot reads what its page read", "[snapshot]") {
  Stage stage;
  Both both(stage.show(rich));
  for (const char* selector : {"#note", "#one", ".m", "#list", ".row", "#un", "#zero", "main", "body", "#f",
                               "#q", "#s", "#t", "#away", "details", "x-card", "option", "header"}) {
    both.compare(at(selector));
    both.compare(reads(selector, "nothing like it"));
  }
}

TEST_CASE("a snapshot narrows to rows and names people as its page did", "[snapshot]") {
  Stage stage;
  Both both(stage.show(rich));
  for (const char* user : {"ann@a.test", "bob@a.test", "ann@a", "zoe@a.test", "Remove"}) {
    for (const Selectors& field : {Selectors{{".e"}}, Selectors{}}) {
      for (const char* rows : {".m", "aria/[role=\"row\"]", "li"}) {
        Condition condition = is_there("button");
        condition.query.within = {Within{{{rows}}, field, user}};
        both.compare(condition);
        condition.query.selectors.clear();
        condition.names = user;
        both.compare(condition);
        both.compare(condition.query);
      }
    }
    Condition named = is_there("aria/[role=\"dialog\"]");
    named.names = user;
    both.compare(named);
  }
  Condition condition = is_there("#q");
  condition.attributes = {{"id", "q"}};
  condition.properties = {{"value", "typed later"}, {"disabled", false}, {"type", "text"}};
  both.compare(condition);
  condition.properties["value"] = "typed";
  both.compare(condition);
  condition.negate = true;
  both.compare(condition);
  condition = is_there("button");
  condition.query.unique = true;
  both.compare(condition);
  condition.url = "http://127.0.0.1:*/elsewhere";
  both.compare(condition);
}

TEST_CASE("a snapshot extracts what its page extracted", "[snapshot]") {
  Stage stage;
  Both both(stage.show(rich));
  const auto field = [](const char* name, const char* selector, const char* read) {
    Extraction::Field result;
    result.name = name;
    result.selectors = {{selector}};
    result.read = read;
    return result;
  };
  Extraction extraction;
  extraction.rows = {{".m"}};
  extraction.fields = {field("user", ".e", "text"), field("role", "td:nth-of-type(2)", "text"),
                       field("state", ".none", "text")};
  extraction.fields[0].match = "^([^@]+)@";
  extraction.fields[1].map = {{"Admin", "admin"}, {"*", "member"}};
  extraction.fields[2].optional = true;
  const Json rows = both.page.extract({}, extraction, soon());
  CHECK(rows.size() == 2);
  CHECK(both.raw.extract(extraction) == rows);
  CHECK(both.clean.extract(extraction) == rows);
  extraction.fields[2].optional = false;
  const auto fault = [&extraction](const auto& extract) {
    try {
      extract(extraction);
    } catch (const Error& error) {
      return std::string(name_of(error.kind())) + ": " + error.message();
    }
    return std::string("read");
  };
  const std::string expected =
      fault([&both](const Extraction& rule) { both.page.extract({}, rule, soon()); });
  CHECK(fault([&both](const Extraction& rule) { both.raw.extract(rule); }) == expected);
}

TEST_CASE("a snapshot of every name and role is read as its page was", "[snapshot]") {
  compare_names("names.html");
}

TEST_CASE("a snapshot of names made of parts is read as its page was", "[snapshot]") {
  compare_names("names_parts.html");
}

}  // namespace offstage::snapshot_agreement_test
