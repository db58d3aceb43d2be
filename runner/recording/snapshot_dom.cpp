#include "recording/snapshot_dom.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

bool is_labelable(const Node& node) {
  static constexpr std::array<std::string_view, 7> tags = {"button", "input",    "meter",   "output",
                                                           "select", "progress", "textarea"};
  if (std::find(tags.begin(), tags.end(), node.tag()) == tags.end()) return false;
  return node.tag() != "input" || ascii_lower(node.value_of("type")) != "hidden";
}

const Node* slot_below(const Node& root, std::string_view name) {
  for (const Node* child : root.children) {
    if (!child->is_element()) continue;
    if (child->tag() == "slot" && child->value_of("name") == name) return child;
    if (const Node* found = slot_below(*child, name)) return found;
  }
  return nullptr;
}

/// The slot that a child of a host is put into.
const Node* assigned_slot(const Node& node) {
  const Node* host = node.parent;
  if (host == nullptr || !host->is_element() || host->shadow == nullptr) return nullptr;
  if (!node.is_element() && !node.is_text()) return nullptr;
  return slot_below(*host->shadow, node.is_element() ? node.value_of("slot") : std::string_view());
}

std::vector<const Node*> assigned_nodes(const Node& slot) {
  std::vector<const Node*> found;
  const Node* host = slot.root != nullptr ? slot.root->host : nullptr;
  if (host == nullptr) return found;
  for (const Node* child : host->children) {
    if (assigned_slot(*child) == &slot) found.push_back(child);
  }
  return found;
}

}  // namespace

const std::string* Node::attribute(std::string_view wanted) const {
  for (const auto& [each, value] : attributes) {
    if (each == wanted) return &value;
  }
  return nullptr;
}

std::string_view Node::value_of(std::string_view wanted) const {
  const std::string* value = attribute(wanted);
  return value != nullptr ? std::string_view(*value) : std::string_view();
}

const Node* Document::document_element() const {
  for (const Node* child : root_->children) {
    if (child->is_element()) return child;
  }
  return nullptr;
}

std::pair<const Node* const*, const Node* const*> Document::below(const Node& node) const {
  const auto before = [](std::size_t order, const Node* element) { return order < element->order; };
  const auto first = std::upper_bound(elements_.begin(), elements_.end(), node.order, before);
  const auto end = std::upper_bound(first, elements_.end(), node.last, before);
  return {elements_.data() + (first - elements_.begin()), elements_.data() + (end - elements_.begin())};
}

const Node* Document::by_id(const Node& element, std::string_view id) const {
  const auto [first, end] = ids_.equal_range(id);
  for (auto at = first; at != end; ++at) {
    if (at->second->root == element.root) return at->second;
  }
  return nullptr;
}

std::vector<const Node*> Document::labels_of(const Node& control) const {
  std::vector<const Node*> found;
  const auto [first, end] = labels_.equal_range(&control);
  for (auto at = first; at != end; ++at)
    found.push_back(at->second);
  return found;
}

const Node* composed_parent(const Node& node) {
  if (node.type == Node::Type::shadow_root) return node.host;
  const Node* parent = node.parent;
  return parent != nullptr && parent->type == Node::Type::shadow_root ? parent->host : parent;
}

const Node* flat_parent(const Node& node) {
  const Node* slot = assigned_slot(node);
  return slot != nullptr ? slot : composed_parent(node);
}

std::vector<const Node*> flat_children(const Node& node) {
  if (node.shadow != nullptr) return {node.shadow->children.begin(), node.shadow->children.end()};
  if (node.tag() == "slot") {
    std::vector<const Node*> assigned = assigned_nodes(node);
    if (!assigned.empty()) return assigned;
  }
  if (node.tag() == "details" && !node.has("open")) {
    for (const Node* child : node.children) {
      if (child->tag() == "summary") return {child};
    }
    return {};
  }
  return {node.children.begin(), node.children.end()};
}

bool is_inside(const Node& node, const Node& ancestor) {
  for (const Node* at = &node; at != nullptr; at = flat_parent(*at)) {
    if (at == &ancestor) return true;
  }
  for (const Node* at = &node; at != nullptr; at = composed_parent(*at)) {
    if (at == &ancestor) return true;
  }
  return false;
}

const Node* closest(const Node& node, std::initializer_list<std::string_view> tags) {
  for (const Node* at = &node; at != nullptr && at->is_element(); at = at->parent) {
    if (std::find(tags.begin(), tags.end(), at->tag()) != tags.end() && !at->tag().empty()) return at;
  }
  return nullptr;
}

std::string text_content(const Node& node) {
  if (node.is_text()) return node.text;
  std::string text;
  for (const Node* child : node.children)
    text += text_content(*child);
  return text;
}

const Node* control_of(const Document& document, const Node& label) {
  if (const std::string* id = label.attribute("for")) {
    const Node* control = document.by_id(label, *id);
    return control != nullptr && is_labelable(*control) ? control : nullptr;
  }
  const auto [first, end] = document.below(label);
  const auto* found = std::find_if(
      first, end, [&label](const Node* node) { return node->root == label.root && is_labelable(*node); });
  return found == end ? nullptr : *found;
}

std::string describe(const Node* node) {
  if (node == nullptr || !node->is_element()) return "the document";
  std::string tag = node->name;
  for (const char* name : {"id", "class", "role", "aria-label", "name", "type"}) {
    const std::string_view value = node->value_of(name);
    if (!value.empty()) tag += " " + std::string(name) + "=\"" + clipped(value, 40) + "\"";
  }
  const std::string text = clipped(folded(text_content(*node)), 40);
  if (text.empty() || node->tag() == "textarea") return "<" + tag + ">";
  return "<" + tag + ">" + text + "</" + node->name + ">";
}

}  // namespace offstage::recording::snapshot
