#include "recording/snapshot_properties.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

const Node* element_beside(const Node& element, int direction) {
  if (element.parent == nullptr) return nullptr;
  const auto& siblings = element.parent->children;
  for (std::size_t at = element.index + static_cast<std::size_t>(direction); at < siblings.size();
       at += static_cast<std::size_t>(direction)) {
    if (siblings[at]->is_element()) return siblings[at];
  }
  return nullptr;
}

const Node* end_child(const Node& element, bool last) {
  const auto is_element = [](const Node* child) { return child->is_element(); };
  if (last) {
    const auto found = std::find_if(element.children.rbegin(), element.children.rend(), is_element);
    return found == element.children.rend() ? nullptr : *found;
  }
  const auto found = std::find_if(element.children.begin(), element.children.end(), is_element);
  return found == element.children.end() ? nullptr : *found;
}

/// An element that a property leads to; false when the property leads to none.
bool leads_to(const Node& element, const std::string& name, const Node*& target) {
  if (name == "parentElement" || name == "parentNode") {
    target = element.parent != nullptr && element.parent->is_element() ? element.parent : nullptr;
  } else if (name == "firstElementChild") {
    target = end_child(element, false);
  } else if (name == "lastElementChild") {
    target = end_child(element, true);
  } else if (name == "nextElementSibling") {
    target = element_beside(element, 1);
  } else if (name == "previousElementSibling") {
    target = element_beside(element, -1);
  } else {
    return false;
  }
  return true;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// The attribute that a property of a text shows; "" for others.
std::string_view text_attribute(std::string_view property) {
  static const std::map<std::string_view, std::string_view> names = {{"id", "id"},
                                                                     {"className", "class"},
                                                                     {"title", "title"},
                                                                     {"name", "name"},
                                                                     {"lang", "lang"},
                                                                     {"alt", "alt"},
                                                                     {"placeholder", "placeholder"},
                                                                     {"htmlFor", "for"},
                                                                     {"rel", "rel"},
                                                                     {"target", "target"},
                                                                     {"slot", "slot"},
                                                                     {"defaultValue", "value"}};
  const auto found = names.find(property);
  return found == names.end() ? std::string_view() : found->second;
}

/// The attribute whose presence a property shows; "" for others.
std::string_view flag_attribute(std::string_view property) {
  static const std::map<std::string_view, std::string_view> names = {
      {"disabled", "disabled"}, {"required", "required"},   {"readOnly", "readonly"},
      {"multiple", "multiple"}, {"hidden", "hidden"},       {"open", "open"},
      {"checked", "checked"},   {"autofocus", "autofocus"}, {"inert", "inert"}};
  const auto found = names.find(property);
  return found == names.end() ? std::string_view() : found->second;
}

/// The value of a property that is a text, a truth or null.
Json plain_property(const Node& element, const std::string& name) {
  if (const std::string_view attribute = text_attribute(name); !attribute.empty()) {
    return std::string(element.value_of(attribute));
  }
  if (const std::string_view attribute = flag_attribute(name); !attribute.empty())
    return element.has(attribute);
  if (name == "value") {
    if (const std::optional<std::string> value = value_of(element)) return *value;
    if (element.tag() == "option" || element.tag() == "button") return std::string(element.value_of("value"));
  }
  if (name == "selected" && element.tag() == "option") {
    const Node* list = closest(element, {"select"});
    if (list == nullptr) return element.has("selected");
    const std::vector<const Node*> chosen = selected_options(*list);
    return std::find(chosen.begin(), chosen.end(), &element) != chosen.end();
  }
  if (name == "tagName" || name == "nodeName") return element.is_html() ? upper(element.name) : element.name;
  if (name == "localName") return element.name;
  if (name == "textContent") return text_content(element);
  if (name == "type" && element.tag() == "input") return input_type(element);
  if (name == "type" && element.tag() == "button") {
    const std::string type = ascii_lower(element.value_of("type"));
    return type == "button" || type == "reset" ? type : "submit";
  }
  if (name == "childElementCount") {
    return std::count_if(element.children.begin(), element.children.end(),
                         [](const Node* child) { return child->is_element(); });
  }
  if (name.size() > 4 && name.starts_with("aria") && name[4] >= 'A' && name[4] <= 'Z') {
    const std::string* value = element.attribute("aria-" + ascii_lower(name.substr(4)));
    return value != nullptr ? Json(*value) : Json();
  }
  throw CannotJudge("a page snapshot does not know the property '" + name + "' of " + describe(&element));
}

}  // namespace

bool holds_property(const Node& element, const std::string& name, const Json& expected) {
  const Node* target = nullptr;
  if (leads_to(element, name, target)) {
    if (!expected.is_object()) return expected.is_null() && target == nullptr;
    return target != nullptr && holds_properties(*target, expected);
  }
  if (name == "dataset" && expected.is_object()) {
    return std::all_of(expected.items().begin(), expected.items().end(), [&element](const auto& entry) {
      std::string attribute = "data-";
      for (const char c : entry.key())
        attribute +=
            c >= 'A' && c <= 'Z' ? std::string("-") + static_cast<char>(c - 'A' + 'a') : std::string(1, c);
      const std::string* value = element.attribute(attribute);
      return value != nullptr && Json(*value) == entry.value();
    });
  }
  return plain_property(element, name) == expected;
}

bool holds_properties(const Node& element, const Json& expected) {
  return std::all_of(expected.items().begin(), expected.items().end(), [&element](const auto& entry) {
    return holds_property(element, entry.key(), entry.value());
  });
}

}  // namespace offstage::recording::snapshot
