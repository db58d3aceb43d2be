#include "recording/snapshot_sight.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/text.h"

namespace offstage::recording::snapshot {
namespace {

const std::set<std::string_view>& tags_never_rendered() {
  static const std::set<std::string_view> tags = {"script", "style", "template", "link",
                                                  "meta",   "title", "base",     "noscript"};
  return tags;
}

/// What browsers do not render unless a style says otherwise.
const std::set<std::string_view>& tags_hidden_by_default() {
  static const std::set<std::string_view> tags = {"head", "datalist", "area", "param",
                                                  "rp",   "source",   "track"};
  return tags;
}

const std::set<std::string_view>& tags_set_apart() {
  static const std::set<std::string_view> tags = {
      "address", "article",  "aside",      "blockquote", "body",   "button",    "caption", "center",
      "col",     "colgroup", "dd",         "details",    "dialog", "dir",       "div",     "dl",
      "dt",      "fieldset", "figcaption", "figure",     "footer", "form",      "h1",      "h2",
      "h3",      "h4",       "h5",         "h6",         "header", "hgroup",    "hr",      "html",
      "input",   "legend",   "li",         "listing",    "main",   "marquee",   "menu",    "meter",
      "nav",     "ol",       "optgroup",   "option",     "p",      "plaintext", "pre",     "progress",
      "search",  "section",  "select",     "summary",    "table",  "tbody",     "td",      "textarea",
      "tfoot",   "th",       "thead",      "tr",         "ul",     "xmp"};
  return tags;
}

/// The value of a property in a `style` attribute; "" where it is not set.
std::string style_of(const Node& element, std::string_view property) {
  const std::string* style = element.attribute("style");
  if (style == nullptr || style->size() > 4096) return {};
  std::string found;
  for (const std::string& declaration : split(*style, ';')) {
    const std::size_t colon = declaration.find(':');
    if (colon == std::string::npos || ascii_lower(trimmed(declaration.substr(0, colon))) != property)
      continue;
    found = ascii_lower(trimmed(declaration.substr(colon + 1)));
  }
  return found;
}

bool is_closed_option(const Node& element) {
  if (element.tag() != "option" && element.tag() != "optgroup") return false;
  const Node* list = closest(element, {"select"});
  if (list == nullptr || list->has("multiple")) return false;
  int size = 0;
  const std::string_view text = list->value_of("size");
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size <= 1;
}

Sight implied_sight(const Node& element, Sight inherited) {
  if (inherited == Sight::none) return Sight::none;
  const std::string_view tag = element.tag();
  if (tags_never_rendered().contains(tag) || is_closed_option(element)) return Sight::none;
  if (inherited == Sight::unseen) return Sight::unseen;
  return tag == "br" || tag == "wbr" ? Sight::empty : Sight::seen;
}

bool is_away_in_details(const Node& element) {
  const Node* parent = element.parent;
  if (parent == nullptr || parent->tag() != "details" || parent->has("open")) return false;
  const auto* first = &element;
  for (const Node* child : parent->children) {
    if (child->tag() == "summary") {
      first = child;
      break;
    }
  }
  return element.tag() != "summary" || first != &element;
}

/// What HTML without marks says.
Sight guessed_sight(const Node& element, Sight inherited) {
  const Sight implied = implied_sight(element, inherited);
  if (implied == Sight::none) return implied;
  const std::string_view tag = element.tag();
  const bool hidden = tags_hidden_by_default().contains(tag) || element.has("hidden") ||
                      element.has("popover") || (tag == "dialog" && !element.has("open")) ||
                      is_away_in_details(element) ||
                      (tag == "input" && ascii_lower(element.value_of("type")) == "hidden") ||
                      style_of(element, "display") == "none";
  if (hidden) return Sight::none;
  const std::string visibility = style_of(element, "visibility");
  if (visibility == "visible" && implied == Sight::unseen) return Sight::seen;
  return visibility == "hidden" || visibility == "collapse" ? Sight::unseen : implied;
}

Sight sight_named(std::string_view word) {
  if (word == "seen") return Sight::seen;
  if (word == "empty") return Sight::empty;
  if (word == "closed") return Sight::closed;
  return word == "unseen" ? Sight::unseen : Sight::none;
}

/// What children take for granted of such a parent.
Sight passed_on(const Node* parent) {
  if (parent == nullptr || !parent->is_element()) return Sight::seen;
  const Sight sight = parent->sight;
  return sight == Sight::none || sight == Sight::unseen ? sight : Sight::seen;
}

}  // namespace

void mark_sights(const std::vector<Node*>& elements) {
  const bool marked = std::any_of(elements.begin(), elements.end(),
                                  [](const Node* element) { return element->has(hidden_mark); });
  for (Node* element : elements) {
    const Sight inherited = passed_on(composed_parent(*element));
    if (!marked) {
      element->sight = guessed_sight(*element, inherited);
    } else if (const std::string* mark = element->attribute(hidden_mark); mark && inherited != Sight::none) {
      element->sight = sight_named(*mark);
    } else {
      element->sight = implied_sight(*element, inherited);
    }
  }
}

bool is_visible(const Node& element) {
  return element.sight == Sight::seen || element.sight == Sight::closed;
}

bool is_rendered(const Node& element) {
  return element.sight != Sight::none;
}

bool shows_text(const Node& element) {
  return element.sight == Sight::seen || element.sight == Sight::empty;
}

bool is_set_apart(const Node& element) {
  if (const std::string* mark = element.attribute(display_mark)) return *mark == "block";
  const std::string display = style_of(element, "display");
  if (!display.empty()) {
    return display != "inline" && display != "contents" && display != "none" && !display.starts_with("ruby");
  }
  return tags_set_apart().contains(element.tag());
}

bool is_disabled(const Node& element) {
  static constexpr std::array<std::string_view, 7> controls = {"button",   "input",  "select",  "textarea",
                                                               "optgroup", "option", "fieldset"};
  const std::string_view tag = element.tag();
  if (std::find(controls.begin(), controls.end(), tag) == controls.end()) return false;
  if (element.has("disabled")) return true;
  if (tag == "optgroup") return false;
  if (tag == "option") {
    return element.parent != nullptr && element.parent->tag() == "optgroup" &&
           element.parent->has("disabled");
  }
  const Node* inside = &element;
  for (const Node* at = element.parent; at != nullptr && at->is_element(); inside = at, at = at->parent) {
    if (at->tag() != "fieldset" || !at->has("disabled")) continue;
    // What stands in the first legend of a disabled fieldset can be used.
    const auto first = std::find_if(at->children.begin(), at->children.end(),
                                    [](const Node* child) { return child->tag() == "legend"; });
    if (first == at->children.end() || *first != inside) return true;
  }
  return false;
}

}  // namespace offstage::recording::snapshot
