#include <map>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "browser_support.h"
#include "queries.h"

namespace offstage::inpage_names_test {

using namespace test;
using browser::Condition;
using browser::Page;

namespace {

// What people aim at and read: everything that can be used, headings, cells, pictures.
const std::set<std::string> compared = {
    "button",  "cell",      "checkbox", "columnheader", "combobox",         "dialog",       "gridcell",
    "heading", "image",     "link",     "listbox",      "menuitem",         "option",       "radio",
    "row",     "rowheader", "slider",   "textbox",      "searchbox",        "spinbutton",   "switch",
    "tab",     "table",     "treeitem", "group",        "menuitemcheckbox", "menuitemradio"};

/// Names that Chrome's tree has for what ARIA calls otherwise.
const std::map<std::string, std::string> chrome_roles = {{"DisclosureTriangle", "button"},
                                                         {"ColorWell", "button"},
                                                         {"LayoutTable", "table"},
                                                         {"LayoutTableRow", "row"},
                                                         {"LayoutTableCell", "cell"}};

/// Everything in Chrome's own accessibility tree of the page: how often each role and name stands there.
std::map<std::pair<std::string, std::string>, int> chrome_names(const Page& page) {
  cdp::Client& client = shared_browser().client();
  const Json attached = client.root().call("Target.attachToTarget",
                                           {{"targetId", page.target_id()}, {"flatten", true}}, soon());
  const std::string id = attached.at("sessionId");
  const std::shared_ptr<cdp::Session> session = client.session(id);
  const Json tree = session->call("Accessibility.getFullAXTree", Json::object(), soon());
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const Json& node : tree.at("nodes")) {
    // What CSS alone draws is no element.
    if (node.value("ignored", false) || !node.contains("role") || !node.contains("backendDOMNodeId"))
      continue;
    std::string role = node.at("role").value("value", "");
    if (const auto own = chrome_roles.find(role); own != chrome_roles.end()) role = own->second;
    if (!compared.contains(role)) continue;
    std::string name = node.contains("name") ? node.at("name").value("value", "") : "";
    // Chrome leaves spaces at the ends of some names; that is no difference.
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    ++counts[{role, name}];
  }
  client.root().call("Target.detachFromTarget", {{"sessionId", id}}, soon());
  return counts;
}

std::string quoted(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out += '\\';
    out += letter;
  }
  return "\"" + out + "\"";
}

Condition exactly(int count, const std::string& selector) {
  Condition condition;
  condition.query = at(selector);
  condition.comparison = Condition::Count::exactly;
  condition.count = count;
  return condition;
}

void compare(const std::string& fixture, int at_least) {
  Stage stage;
  Page& page = stage.show(read_file(std::string(OFFSTAGE_SOURCE_DIR) + "/tests/browser/pages/" + fixture));
  const auto names = chrome_names(page);
  std::map<std::string, int> roles;
  int compared_nodes = 0;
  for (const auto& [key, count] : names) {
    const auto& [role, name] = key;
    roles[role] += count;
    compared_nodes += count;
    if (name.empty()) continue;
    const auto miss =
        page.check({}, exactly(count, "aria/[name=" + quoted(name) + "][role=\"" + role + "\"]"), soon());
    INFO(role << " " << quoted(name) << ": " << (miss ? miss->seen : ""));
    CHECK_FALSE(miss);
  }
  // As many of each role, so that nothing is seen which Chrome ignores.
  for (const std::string& role : compared) {
    const auto miss = page.check({}, exactly(roles[role], "aria/[role=\"" + role + "\"]"), soon());
    INFO(role << ": " << (miss ? miss->seen : ""));
    CHECK_FALSE(miss);
  }
  CHECK(compared_nodes >= at_least);
}

}  // namespace

TEST_CASE("accessible names and roles are those of Chrome's own tree", "[names]") {
  compare("names.html", 190);
}

TEST_CASE("names made of parts are those of Chrome's own tree", "[names]") {
  compare("names_parts.html", 170);
}

TEST_CASE("an accessible name is compared whole and with its case", "[names]") {
  Stage stage;
  Page& page = stage.show("<button>Remove member</button>");
  CHECK_FALSE(page.check({}, exactly(1, "aria/Remove member"), soon()));
  CHECK_FALSE(page.check({}, exactly(0, "aria/Remove"), soon()));
  CHECK_FALSE(page.check({}, exactly(0, "aria/remove member"), soon()));
  CHECK_FALSE(page.check({}, exactly(1, "aria/Remove member[role=\"button\"]"), soon()));
  CHECK_FALSE(page.check({}, exactly(0, "aria/Remove member[role=\"link\"]"), soon()));
}

}  // namespace offstage::inpage_names_test
