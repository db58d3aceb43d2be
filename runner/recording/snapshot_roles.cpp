#include "recording/snapshot_roles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

using Words = std::map<std::string_view, std::string_view>;

const std::set<std::string, std::less<>>& known_roles() {
  static const std::set<std::string, std::less<>> roles = [] {
    const std::vector<std::string> words = split(
        "alert alertdialog application article banner blockquote button caption cell checkbox code "
        "columnheader "
        "combobox complementary contentinfo definition deletion dialog directory document emphasis feed "
        "figure "
        "form generic grid gridcell group heading img image insertion link list listbox listitem log main "
        "mark "
        "marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option "
        "paragraph presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search "
        "searchbox separator slider spinbutton status strong subscript suggestion superscript switch tab "
        "table "
        "tablist tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem",
        ' ');
    return std::set<std::string, std::less<>>(words.begin(), words.end());
  }();
  return roles;
}

const Words& roles_of_tags() {
  static const Words roles = {{"address", "group"},
                              {"article", "article"},
                              {"aside", "complementary"},
                              {"blockquote", "blockquote"},
                              {"button", "button"},
                              {"caption", "caption"},
                              {"code", "code"},
                              {"datalist", "listbox"},
                              {"dd", "definition"},
                              {"del", "deletion"},
                              {"details", "group"},
                              {"dfn", "term"},
                              {"dialog", "dialog"},
                              {"dt", "term"},
                              {"em", "emphasis"},
                              {"fieldset", "group"},
                              {"figure", "figure"},
                              {"h1", "heading"},
                              {"h2", "heading"},
                              {"h3", "heading"},
                              {"h4", "heading"},
                              {"h5", "heading"},
                              {"h6", "heading"},
                              {"hr", "separator"},
                              {"iframe", "iframe"},
                              {"ins", "insertion"},
                              {"li", "listitem"},
                              {"main", "main"},
                              {"mark", "mark"},
                              {"math", "math"},
                              {"menu", "list"},
                              {"meter", "meter"},
                              {"nav", "navigation"},
                              {"ol", "list"},
                              {"optgroup", "group"},
                              {"option", "option"},
                              {"output", "status"},
                              {"p", "paragraph"},
                              {"progress", "progressbar"},
                              {"search", "search"},
                              {"strong", "strong"},
                              {"sub", "subscript"},
                              {"sup", "superscript"},
                              {"svg", "img"},
                              {"table", "table"},
                              {"tbody", "rowgroup"},
                              {"textarea", "textbox"},
                              {"tfoot", "rowgroup"},
                              {"thead", "rowgroup"},
                              {"time", "time"},
                              {"tr", "row"},
                              {"ul", "list"},
                              {"legend", "legend"},
                              {"label", "label"},
                              {"html", "document"}};
  return roles;
}

std::string_view role_of_input_type(std::string_view type) {
  static const Words roles = {
      {"button", "button"}, {"checkbox", "checkbox"}, {"color", "button"},      {"email", "textbox"},
      {"file", "button"},   {"image", "button"},      {"number", "spinbutton"}, {"password", "textbox"},
      {"radio", "radio"},   {"range", "slider"},      {"reset", "button"},      {"search", "searchbox"},
      {"submit", "button"}, {"tel", "textbox"},       {"text", "textbox"},      {"url", "textbox"}};
  const auto found = roles.find(type);
  return found == roles.end() ? "generic" : found->second;
}

bool says_something(const Node& element) {
  static constexpr std::array<std::string_view, 18> names = {
      "atomic",  "busy",       "controls", "current", "describedby", "description",
      "details", "dropeffect", "flowto",   "grabbed", "hidden",      "keyshortcuts",
      "label",   "labelledby", "live",     "owns",    "relevant",    "roledescription"};
  return std::any_of(names.begin(), names.end(),
                     [&element](std::string_view name) { return element.has("aria-" + std::string(name)); });
}

bool is_editable_host(const Node& element) {
  const std::string* value = element.attribute("contenteditable");
  return value != nullptr && ascii_lower(*value) != "false";
}

bool is_main_summary(const Node& element) {
  const Node* details = element.parent;
  if (element.tag() != "summary" || details == nullptr || details->tag() != "details") return false;
  const auto first = std::find_if(details->children.begin(), details->children.end(),
                                  [](const Node* child) { return child->tag() == "summary"; });
  return *first == &element;
}

/// Whether the keyboard reaches it without a tabindex.
bool is_natively_focusable(const Node& element) {
  const std::string_view tag = element.tag();
  if (tag == "a" || tag == "area") return element.has("href");
  if (tag == "input") return input_type(element) != "hidden";
  if (tag == "button" || tag == "select" || tag == "textarea" || tag == "iframe") return true;
  return is_main_summary(element) || is_editable_host(element);
}

bool is_focusable(const Node& element) {
  if (!element.is_html() || is_disabled(element)) return false;
  return element.has("tabindex") || is_natively_focusable(element);
}

bool is_named_by_attribute(const Node& element) {
  return !element.value_of("aria-label").empty() || !element.value_of("aria-labelledby").empty() ||
         !element.value_of("title").empty();
}

std::string role_of_input(const Document& document, const Node& element) {
  const std::string type = input_type(element);
  if (type == "checkbox" && element.has("switch")) return "switch";
  static const std::set<std::string_view> with_list = {"text", "search", "tel", "url", "email"};
  if (const std::string* id = element.attribute("list"); id != nullptr && with_list.contains(type)) {
    const Node* list = document.by_id(element, *id);
    if (list != nullptr && list->tag() == "datalist") return "combobox";
  }
  return std::string(role_of_input_type(type));
}

std::string role_of_select(const Node& element) {
  int size = 0;
  const std::string_view text = element.value_of("size");
  std::from_chars(text.data(), text.data() + text.size(), size);
  return element.has("multiple") || size > 1 ? "listbox" : "combobox";
}

bool is_filled_cell(const Node& node) {
  if (node.tag() != "td") return false;
  if (!trimmed_text(text_content(node)).empty()) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const Node* child) { return child->is_element(); });
}

std::string role_of_cell(const Document& document, const Node& element) {
  const Node* table = closest(element, {"table"});
  if (table == nullptr) return "generic";
  const std::string role = role_of(document, *table);
  if (role == "none") return "none";
  if (element.tag() == "td") return role == "grid" || role == "treegrid" ? "gridcell" : "cell";
  const std::string_view scope = element.value_of("scope");
  if (scope == "row" || scope == "rowgroup") return "rowheader";
  if (scope == "col" || scope == "colgroup") return "columnheader";
  // A header beside data heads the row; an empty corner is no data.
  const std::vector<Node*>& cells = element.parent->children;
  const bool beside_data =
      std::any_of(cells.begin(), cells.end(), [](const Node* cell) { return is_filled_cell(*cell); });
  return beside_data ? "rowheader" : "columnheader";
}

std::string implicit_role(const Document& document, const Node& element) {
  const std::string& tag = element.name;
  if (!element.is_html()) return tag == "svg" ? "img" : tag == "a" ? "link" : "generic";
  if (tag == "a" || tag == "area") return element.has("href") ? "link" : "generic";
  if (tag == "img") {
    const std::string* alt = element.attribute("alt");
    const bool empty = alt != nullptr && alt->empty();
    return empty && !is_named_by_attribute(element) && !is_focusable(element) ? "none" : "img";
  }
  if (tag == "input") return role_of_input(document, element);
  if (tag == "select") return role_of_select(element);
  if (tag == "summary") return is_main_summary(element) ? "button" : "generic";
  if (tag == "td" || tag == "th") return role_of_cell(document, element);
  if (tag == "header" || tag == "footer") {
    if (closest(element, {"article", "aside", "main", "nav", "section"}) != nullptr) return "generic";
    return tag == "header" ? "banner" : "contentinfo";
  }
  if (tag == "section" || tag == "form") {
    if (!is_named_by_attribute(element)) return "generic";
    return tag == "form" ? "form" : "region";
  }
  if (tag == "tr" || tag == "tbody" || tag == "thead" || tag == "tfoot") {
    const Node* table = closest(element, {"table"});
    if (table != nullptr && role_of(document, *table) == "none") return "none";
  }
  const auto found = roles_of_tags().find(tag);
  return found == roles_of_tags().end() ? "generic" : std::string(found->second);
}

}  // namespace

std::string canonical_role(std::string_view role) {
  static const Words same = {{"img", "image"},          {"presentation", "none"},
                             {"directory", "list"},     {"DisclosureTriangle", "button"},
                             {"ColorWell", "button"},   {"LayoutTable", "table"},
                             {"LayoutTableRow", "row"}, {"LayoutTableCell", "cell"}};
  const auto found = same.find(role);
  return std::string(found == same.end() ? role : found->second);
}

std::string role_of(const Document& document, const Node& element) {
  if (const std::string* written = element.attribute("role")) {
    for (const std::string& word : split(folded(ascii_lower(*written)), ' ')) {
      if (!known_roles().contains(word)) continue;
      if (word != "none" && word != "presentation") return canonical_role(word);
      // A role of none does not hold where the element can be used or says something of itself.
      if (!is_focusable(element) && !says_something(element)) return "none";
      break;
    }
  }
  return canonical_role(implicit_role(document, element));
}

}  // namespace offstage::recording::snapshot
