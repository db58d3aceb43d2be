#include "recording/snapshot_text.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "recording/snapshot_sight.h"

namespace offstage::recording::snapshot {
namespace {

void collect_options(const Node& node, std::vector<const Node*>& options) {
  for (const Node* child : node.children) {
    if (child->tag() == "option") options.push_back(child);
    if (child->is_element()) collect_options(*child, options);
  }
}

std::string option_text(const Node& option) {
  return folded_name(text_content(option));
}

std::string option_value(const Node& option) {
  const std::string* value = option.attribute("value");
  return value != nullptr ? *value : option_text(option);
}

std::string option_label(const Node& option) {
  const std::string_view label = option.value_of("label");
  return label.empty() ? option_text(option) : std::string(label);
}

std::string input_value(const Node& element) {
  const std::string type = input_type(element);
  const std::string* value = element.attribute("value");
  if (type == "checkbox" || type == "radio") return value != nullptr ? *value : "on";
  if (type == "file") return {};
  if (value == nullptr) return type == "range" ? "50" : type == "color" ? "#000000" : "";
  if (type == "hidden" || type == "submit" || type == "button" || type == "reset" || type == "image")
    return *value;
  std::string clean = *value;
  std::erase_if(clean, [](char c) { return c == '\n' || c == '\r'; });
  return type == "email" || type == "url" ? std::string(trimmed(clean)) : clean;
}

/// What stands apart from the text around it, whatever a style makes of it; the parts of <ruby>, which are no
/// blocks, too.
bool is_apart_tag(std::string_view tag) {
  static const std::set<std::string_view> tags = {
      "rt",      "ruby",   "address", "article", "aside",  "blockquote", "br",         "button",  "dd",
      "details", "dialog", "div",     "dl",      "dt",     "fieldset",   "figcaption", "figure",  "footer",
      "form",    "h1",     "h2",      "h3",      "h4",     "h5",         "h6",         "header",  "hr",
      "li",      "main",   "nav",     "ol",      "option", "p",          "pre",        "section", "select",
      "summary", "table",  "tbody",   "td",      "tfoot",  "th",         "thead",      "tr",      "ul"};
  return tags.contains(tag);
}

// `whole`: the element itself is not rendered, so that asking what is visible in it makes no sense.
void collect_text(const Node& element, bool whole, std::string& text) {
  const bool shown = whole || shows_text(element);
  for (const Node* child : flat_children(element)) {
    if (child->is_text()) {
      if (shown) text += child->text;
      continue;
    }
    if (!child->is_element() || is_silent(child->tag())) continue;
    if (is_field(*child)) {
      text += ' ';
      continue;
    }
    if (!whole && !is_rendered(*child)) continue;
    const bool block = is_apart_tag(child->tag()) || is_set_apart(*child);
    if (block) text += ' ';
    collect_text(*child, whole, text);
    if (block) text += ' ';
  }
}

}  // namespace

bool is_silent(std::string_view tag) {
  static const std::set<std::string_view> tags = {"script", "style", "noscript", "template",
                                                  "head",   "title", "datalist"};
  return tags.contains(tag);
}

std::string input_type(const Node& element) {
  static const std::set<std::string_view> types = {
      "button", "checkbox", "color",    "date",  "datetime-local", "email", "file",   "hidden", "image",
      "month",  "number",   "password", "radio", "range",          "reset", "search", "submit", "tel",
      "text",   "time",     "url",      "week"};
  std::string type = ascii_lower(element.value_of("type"));
  return types.contains(type) ? type : "text";
}

bool is_confidential(const Node& element) {
  return element.tag() == "input" && input_type(element) == "password";
}

bool is_field(const Node& element) {
  const std::string_view tag = element.tag();
  return tag == "input" || tag == "textarea" || tag == "select";
}

std::vector<const Node*> selected_options(const Node& select) {
  std::vector<const Node*> options;
  collect_options(select, options);
  std::vector<const Node*> chosen = options;
  std::erase_if(chosen, [](const Node* option) { return !option->has("selected"); });
  if (select.has("multiple")) return chosen;
  if (!chosen.empty()) return {chosen.back()};
  int size = 0;
  const std::string_view text = select.value_of("size");
  std::from_chars(text.data(), text.data() + text.size(), size);
  if (size > 1) return {};
  const auto usable =
      std::find_if(options.begin(), options.end(), [](const Node* option) { return !is_disabled(*option); });
  if (usable == options.end()) return {};
  return {*usable};
}

std::optional<std::string> value_of(const Node& element) {
  if (!is_field(element)) return std::nullopt;
  if (is_confidential(element)) return std::string();
  if (element.tag() == "textarea") return text_content(element);
  if (element.tag() == "input") return input_value(element);
  const std::vector<const Node*> chosen = selected_options(element);
  return chosen.empty() ? std::string() : option_value(*chosen.front());
}

std::string text_of(const Node& element) {
  if (element.tag() == "select") {
    std::string text;
    for (const Node* option : selected_options(element))
      text += option_label(*option) + " ";
    return folded(text);
  }
  if (const std::optional<std::string> value = value_of(element)) return folded(*value);
  std::string text;
  collect_text(element, !is_rendered(element), text);
  return folded(text);
}

std::string own_text(const Node& element) {
  std::string text;
  for (const Node* child : element.children) {
    if (child->is_text()) text += child->text;
  }
  return folded(text);
}

}  // namespace offstage::recording::snapshot
