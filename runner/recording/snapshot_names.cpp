#include "recording/snapshot_names.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "recording/snapshot_roles.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

using TagSet = std::set<std::string_view>;
using Maybe = std::optional<std::string>;

bool is_aria_hidden(const Node& element, HiddenMemory* memory) {
  std::vector<const Node*> path;
  bool hidden = false;
  for (const Node* at = &element; at != nullptr && !hidden; at = flat_parent(*at)) {
    if (!at->is_element()) continue;
    if (memory != nullptr) {
      if (const auto known = memory->find(at); known != memory->end()) {
        hidden = known->second;
        break;
      }
    }
    path.push_back(at);
    hidden = at->value_of("aria-hidden") == "true" || at->has("inert");
  }
  if (memory != nullptr) {
    // The elements below the one that decided share its answer.
    for (const Node* at : path)
      memory->emplace(at, hidden);
  }
  return hidden;
}

bool is_labelable_name(const std::string& name) {
  static const TagSet tags = {"button", "input", "meter", "output", "progress", "select", "textarea"};
  return tags.contains(name);
}

bool is_unspoken(const std::string& name) {
  static const TagSet tags = {"rt", "rp", "math", "object", "video", "audio"};
  return tags.contains(name) || is_silent(name);
}

bool stands_apart_by_attribute(const Node& element) {
  if (is_labelable_name(std::string(element.tag())) || element.name == "img" || element.name == "svg")
    return true;
  return element.has("aria-label") || element.has("aria-labelledby");
}

std::string trimmed_attribute(const Node& element, std::string_view name) {
  return std::string(trimmed_text(element.value_of(name)));
}

bool is_counted(const Node& child, bool hidden) {
  if (hidden) return true;
  // An invisible element may hold visible ones.
  return child.value_of("aria-hidden") != "true" && is_rendered(child);
}

/// One computation of a name. `referenced`: reached through aria-labelledby, which is followed only once;
/// `within`: reached as a part of another element's name, `part` as a child of what is named; `hidden`:
/// inside a hidden element that was referenced by itself, whose hidden parts count.
struct Walk {
  std::set<const Node*>* visited;
  int depth = 0;
  bool referenced = false;
  bool within = false;
  bool part = false;
  bool hidden = false;
};

class Namer {
 public:
  explicit Namer(const Document& document) : document_(document) {}

  std::string name_of(const Node& element, const Walk& walk) {
    if (walk.depth > 200 || walk.visited->contains(&element) || ++steps_ > most_steps) return {};
    walk.visited->insert(&element);
    if (!walk.referenced) {
      std::string joined;
      for (const Node* label : labelled_by(element))
        joined += (joined.empty() ? "" : " ") + referenced_name(*label);
      std::string text = folded_name(joined);
      if (!text.empty()) return text;
    }
    const std::string role = role_of(document_, element);
    if (walk.within) {
      const Maybe value = embedded_value(element, role);
      if (value && !value->empty()) return *value;
    }
    std::string label = trimmed_attribute(element, "aria-label");
    if (!label.empty()) return label;
    const Maybe native = role == "none" ? Maybe() : native_name(element, walk, role);
    if (native && !trimmed_text(*native).empty()) return *native;
    if (walk.within || is_named_by_content(element, role)) {
      std::string text = content_name(element, walk, role);
      if (!trimmed_text(text).empty()) return text;
    }
    if (role == "textbox") {
      std::string placeholder = trimmed_attribute(element, "aria-placeholder");
      if (!placeholder.empty()) return placeholder;
    }
    // What is only a part of another name and means nothing by itself does not bring its tooltip.
    return walk.part && role == "generic" ? std::string() : std::string(element.value_of("title"));
  }

 private:
  /// Labels may refer to each other in ways that a person never wrote.
  static constexpr int most_steps = 200'000;

  std::vector<const Node*> labelled_by(const Node& element) const {
    std::vector<const Node*> labels;
    for (const std::string& id : split(folded(element.value_of("aria-labelledby")), ' ')) {
      if (id.empty()) continue;
      if (const Node* label = document_.by_id(element, id)) labels.push_back(label);
    }
    return labels;
  }

  /// The name of an element that another one refers to: counts even when it is hidden.
  std::string referenced_name(const Node& element) {
    std::set<const Node*> visited;
    return name_of(element,
                   {.visited = &visited, .referenced = true, .within = true, .hidden = is_ignored(element)});
  }

  bool is_named_by_content(const Node& element, const std::string& role) const {
    static const TagSet roles = {"button",           "cell",          "checkbox", "columnheader",
                                 "gridcell",         "heading",       "link",     "menuitem",
                                 "menuitemcheckbox", "menuitemradio", "option",   "radio",
                                 "rowheader",        "switch",        "tab",      "tooltip",
                                 "treeitem",         "legend",        "label",    "caption"};
    if (role != "row") return roles.contains(role);
    // A row is named only where it can be chosen.
    for (const Node* at = &element; at != nullptr && at->is_element(); at = at->parent) {
      const std::string_view own = at->value_of("role");
      if (at->tag() != "table" && own != "table" && own != "grid" && own != "treegrid") continue;
      const std::string table = role_of(document_, *at);
      return table == "grid" || table == "treegrid";
    }
    return false;
  }

  /// What a field inside a label stands for: "flash the screen [3] times".
  Maybe embedded_value(const Node& element, const std::string& role) const {
    if (role == "textbox" || role == "searchbox") {
      Maybe value = value_of(element);
      return value ? value : text_of(element);
    }
    if (role == "combobox" || role == "listbox") {
      if (element.tag() == "select") return text_of(element);
      if (element.tag() == "input") return value_of(element);
      return chosen_text(element);
    }
    if (role == "slider" || role == "spinbutton") {
      for (const char* name : {"aria-valuetext", "aria-valuenow"}) {
        if (const std::string* value = element.attribute(name)) return *value;
      }
      return value_of(element).value_or("");
    }
    return std::nullopt;
  }

  std::string chosen_text(const Node& element) const {
    std::string text;
    const auto [first, end] = document_.below(element);
    for (const auto* at = first; at != end; ++at) {
      const bool chosen = (*at)->root == element.root && (*at)->value_of("role") == "option" &&
                          (*at)->value_of("aria-selected") == "true";
      if (chosen) text += text_of(**at) + " ";
    }
    return folded(text);
  }

  Maybe native_name(const Node& element, const Walk& walk, const std::string& role) {
    const std::string& tag = element.name;
    if (tag == "svg" || element.space == Node::Space::svg) {
      for (const Node* child : element.children) {
        if (child->is_element() && child->name == "title") return text_content(*child);
      }
      return std::nullopt;
    }
    if (tag == "input") {
      static const TagSet buttons = {"button", "submit", "reset", "image"};
      if (buttons.contains(input_type(element))) return button_input_name(element, walk);
    }
    if (is_labelable_name(tag)) {
      std::string text = label_text(element, walk);
      if (!text.empty()) return text;
    }
    if (tag == "input" || tag == "textarea") return field_name(element);
    if (tag == "img" || tag == "area") return optional_attribute(element, "alt");
    if (tag == "fieldset") return first_child_name(element, "legend", walk);
    if (tag == "figure") return first_child_name(element, "figcaption", walk);
    if (tag == "table") {
      Maybe caption = first_child_name(element, "caption", walk);
      return caption ? caption : optional_attribute(element, "summary");
    }
    if (tag == "option") {
      std::string label = role == "option" ? trimmed_attribute(element, "label") : std::string();
      return label.empty() ? Maybe() : Maybe(std::move(label));
    }
    return tag == "optgroup" ? optional_attribute(element, "label") : Maybe();
  }

  static Maybe optional_attribute(const Node& element, std::string_view name) {
    const std::string* value = element.attribute(name);
    return value != nullptr ? Maybe(*value) : Maybe();
  }

  static Maybe field_name(const Node& element) {
    static const TagSet types = {"text", "search", "tel", "url", "email", "password", "number"};
    if (element.tag() == "input" && !types.contains(input_type(element))) return std::nullopt;
    std::string title = trimmed_attribute(element, "title");
    return title.empty() ? trimmed_attribute(element, "placeholder") : title;
  }

  Maybe button_input_name(const Node& element, const Walk& walk) {
    std::string labels = label_text(element, walk);
    if (!labels.empty()) return labels;
    const std::string type = input_type(element);
    const std::string* value = element.attribute("value");
    if (type == "image") {
      for (const char* name : {"alt", "value", "title"}) {
        const std::string_view text = element.value_of(name);
        if (!text.empty()) return std::string(text);
      }
      return "Submit";
    }
    if (value != nullptr) return *value;
    // What Chrome draws on a button that says nothing of itself.
    if (type == "submit") return "Submit";
    return type == "reset" ? Maybe("Reset") : Maybe();
  }

  std::string label_text(const Node& element, const Walk& walk) {
    std::string joined;
    for (const Node* label : document_.labels_of(element)) {
      if (!joined.empty()) joined += ' ';
      if (walk.visited->contains(label) || is_ignored(*label)) continue;
      std::set<const Node*> visited = *walk.visited;
      joined +=
          name_of(*label, {.visited = &visited, .depth = walk.depth + 1, .referenced = true, .within = true});
    }
    return folded_name(joined);
  }

  Maybe first_child_name(const Node& element, std::string_view tag, Walk walk) {
    for (const Node* child : element.children) {
      if (child->tag() != tag) continue;
      if (!walk.hidden && is_ignored(*child)) return std::nullopt;
      ++walk.depth;
      walk.within = true;
      std::string name = name_of(*child, walk);
      return name.empty() ? Maybe() : Maybe(std::move(name));
    }
    return std::nullopt;
  }

  std::string content_name(const Node& element, const Walk& walk, const std::string& role) {
    std::string text;
    const bool shown = walk.hidden || shows_text(element);
    for (const Node* child : flat_children(element)) {
      if (child->is_text()) {
        // Between the cells of a row there is nothing to say.
        const bool between = role == "row" && trimmed_text(child->text).empty();
        if (shown && !between) text += child->text;
        continue;
      }
      if (!child->is_element() || is_unspoken(child->name)) continue;
      if (child->tag() == "br" || child->tag() == "wbr") {
        text += ' ';
        continue;
      }
      if (!is_counted(*child, walk.hidden)) continue;
      Walk inner = walk;
      ++inner.depth;
      inner.within = true;
      inner.part = true;
      const std::string name = name_of(*child, inner);
      const bool separate = is_set_apart(*child) || stands_apart_by_attribute(*child);
      text += separate ? " " + name + " " : name;
    }
    return text;
  }

  const Document& document_;
  int steps_ = 0;
};

}  // namespace

bool is_ignored(const Node& element, HiddenMemory* memory) {
  // The options of a closed list are there for assistive technology, though they have no box.
  const bool option = element.tag() == "option" || element.tag() == "optgroup";
  const Node* list = option ? closest(element, {"select"}) : nullptr;
  const Node& shown = list != nullptr ? *list : element;
  if (!is_rendered(shown) || shown.sight == Sight::unseen) return true;
  return is_aria_hidden(element, memory);
}

std::string accessible_name(const Document& document, const Node& element) {
  std::set<const Node*> visited;
  return folded_name(Namer(document).name_of(element, {.visited = &visited}));
}

}  // namespace offstage::recording::snapshot
