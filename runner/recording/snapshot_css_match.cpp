#include <algorithm>
#include <set>

#include "base/text.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

constexpr long most_css_steps = 20'000'000;

/// Attributes whose values HTML compares without their case.
bool is_caseless_attribute(std::string_view name) {
  static const std::set<std::string_view> names = {
      "accept",     "accept-charset", "align",     "alink",    "axis",     "bgcolor", "charset",
      "checked",    "clear",          "codetype",  "color",    "compact",  "declare", "defer",
      "dir",        "direction",      "disabled",  "enctype",  "face",     "frame",   "hreflang",
      "http-equiv", "lang",           "language",  "link",     "media",    "method",  "multiple",
      "nohref",     "noresize",       "noshade",   "nowrap",   "readonly", "rel",     "rev",
      "rules",      "scope",          "scrolling", "selected", "shape",    "target",  "text",
      "type",       "valign",         "valuetype", "vlink"};
  return names.contains(name);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view spaces = " \t\n\r\f";
  for (std::size_t at = 0; (at = text.find_first_not_of(spaces, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(spaces, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool compares(CssTest::Compare compare, std::string_view actual, std::string_view wanted) {
  using Compare = CssTest::Compare;
  switch (compare) {
    case Compare::present:
      return true;
    case Compare::equal:
      return actual == wanted;
    case Compare::word: {
      const std::vector<std::string_view> words = words_of(actual);
      return std::find(words.begin(), words.end(), wanted) != words.end();
    }
    case Compare::dash:
      return actual == wanted ||
             (actual.starts_with(wanted) && actual.substr(wanted.size()).starts_with('-'));
    case Compare::prefix:
      return !wanted.empty() && actual.starts_with(wanted);
    case Compare::suffix:
      return !wanted.empty() && actual.ends_with(wanted);
    case Compare::part:
      return !wanted.empty() && actual.find(wanted) != std::string_view::npos;
  }
  return false;
}

bool holds_nth(const CssNth& nth, int place) {
  const int beyond = place - nth.offset;
  return nth.step == 0 ? beyond == 0 : beyond % nth.step == 0 && beyond / nth.step >= 0;
}

bool is_checked(const Node& element) {
  if (element.tag() == "option") {
    const Node* list = closest(element, {"select"});
    if (list == nullptr) return element.has("selected");
    const std::vector<const Node*> chosen = selected_options(*list);
    return std::find(chosen.begin(), chosen.end(), &element) != chosen.end();
  }
  if (element.tag() != "input" || !element.has("checked")) return false;
  const std::string type = input_type(element);
  return type == "checkbox" || type == "radio";
}

bool can_be_disabled(const Node& element) {
  static const std::set<std::string_view> tags = {"button",   "input",  "select",  "textarea",
                                                  "optgroup", "option", "fieldset"};
  return tags.contains(element.tag());
}

bool can_be_required(const Node& element) {
  return element.tag() == "input" || element.tag() == "select" || element.tag() == "textarea";
}

bool is_empty(const Node& element) {
  return std::none_of(element.children.begin(), element.children.end(),
                      [](const Node* child) { return child->is_element() || !child->text.empty(); });
}

class CssMatcher {
 public:
  CssMatcher(const Document& document, const Node& scope) : document_(document), scope_(scope) {}

  bool matches(const Node& element, const CssList& list) {
    return std::any_of(list.choices.begin(), list.choices.end(), [&](const CssComplex& choice) {
      return from(element, choice, choice.compounds.size() - 1, nullptr);
    });
  }

 private:
  void step() {
    if (++steps_ > most_css_steps) throw CannotJudge("a CSS selector takes too long on a page snapshot");
  }

  /// Whether the part of `choice` up to `at` ends in `element`; `anchor`: what its first combinator starts
  /// from, in :has.
  bool from(const Node& element, const CssComplex& choice, std::size_t at, const Node* anchor) {
    step();
    if (!holds(element, choice.compounds[at])) return false;
    const CssCombinator before = choice.combinators[at];
    if (at == 0) return anchor == nullptr || is_reached(element, before, *anchor);
    switch (before) {
      case CssCombinator::child:
        return element.parent != nullptr && element.parent->is_element() &&
               from(*element.parent, choice, at - 1, anchor);
      case CssCombinator::descendant:
        for (const Node* up = element.parent; up != nullptr && up->is_element(); up = up->parent) {
          if (from(*up, choice, at - 1, anchor)) return true;
        }
        return false;
      case CssCombinator::next: {
        const Node* previous = element_before(element);
        return previous != nullptr && from(*previous, choice, at - 1, anchor);
      }
      case CssCombinator::later:
        for (const Node* each = element_before(element); each != nullptr; each = element_before(*each)) {
          if (from(*each, choice, at - 1, anchor)) return true;
        }
        return false;
    }
    return false;
  }

  static const Node* element_before(const Node& element) {
    if (element.parent == nullptr) return nullptr;
    for (std::size_t at = element.index; at-- > 0;) {
      if (element.parent->children[at]->is_element()) return element.parent->children[at];
    }
    return nullptr;
  }

  static bool is_reached(const Node& element, CssCombinator combinator, const Node& anchor) {
    switch (combinator) {
      case CssCombinator::child:
        return element.parent == &anchor;
      case CssCombinator::next:
        return element_before(element) == &anchor;
      case CssCombinator::later:
        return element.parent == anchor.parent && element.index > anchor.index;
      case CssCombinator::descendant:
        break;
    }
    return element.root == anchor.root && element.order > anchor.order && element.order <= anchor.last;
  }

  bool holds(const Node& element, const CssCompound& compound) {
    if (!compound.tag.empty() && compound.tag != "*") {
      const bool same = element.is_html() ? element.name == compound.lower : element.name == compound.tag;
      if (!same) return false;
    }
    return std::all_of(compound.tests.begin(), compound.tests.end(),
                       [&](const CssTest& test) { return holds(element, test); });
  }

  bool holds(const Node& element, const CssTest& test) {
    switch (test.kind) {
      case CssTest::Kind::id: {
        const std::string* id = element.attribute("id");
        return id != nullptr && same_name(*id, test.name);
      }
      case CssTest::Kind::class_: {
        const std::vector<std::string_view> words = words_of(element.value_of("class"));
        return std::any_of(words.begin(), words.end(),
                           [&](std::string_view word) { return same_name(word, test.name); });
      }
      case CssTest::Kind::attribute:
        return holds_attribute(element, test);
      case CssTest::Kind::pseudo:
        return holds_pseudo(element, test);
    }
    return false;
  }

  bool same_name(std::string_view actual, const std::string& wanted) const {
    return document_.quirks() ? ascii_lower(actual) == ascii_lower(wanted) : actual == wanted;
  }

  static bool holds_attribute(const Node& element, const CssTest& test) {
    const std::string& name = element.is_html() ? test.lower : test.name;
    const std::string* actual = element.attribute(name);
    if (actual == nullptr) return false;
    const bool caseless =
        test.letter_case == CssTest::Case::ignored ||
        (test.letter_case == CssTest::Case::html && element.is_html() && is_caseless_attribute(name));
    if (!caseless) return compares(test.compare, *actual, test.value);
    return compares(test.compare, ascii_lower(*actual), ascii_lower(test.value));
  }

  bool holds_pseudo(const Node& element, const CssTest& test) {
    switch (test.pseudo) {
      case CssPseudo::root:
        return element.parent == &document_.root();
      case CssPseudo::scope:
        return scope_.is_element() ? &element == &scope_ : element.parent == &document_.root();
      case CssPseudo::empty:
        return is_empty(element);
      case CssPseudo::checked:
        return is_checked(element);
      case CssPseudo::disabled:
        return is_disabled(element);
      case CssPseudo::enabled:
        return can_be_disabled(element) && !is_disabled(element);
      case CssPseudo::required:
        return can_be_required(element) && element.has("required");
      case CssPseudo::optional:
        return can_be_required(element) && !element.has("required");
      case CssPseudo::any_link:
        return (element.tag() == "a" || element.tag() == "area") && element.has("href");
      case CssPseudo::nth_child:
        return holds_nth(test.nth, element.nth);
      case CssPseudo::nth_last_child:
        return holds_nth(test.nth, element.nth_last);
      case CssPseudo::nth_of_type:
        return holds_nth(test.nth, element.nth_of_type);
      case CssPseudo::nth_last_of_type:
        return holds_nth(test.nth, element.nth_last_of_type);
      case CssPseudo::only_child:
        return element.nth == 1 && element.nth_last == 1;
      case CssPseudo::only_of_type:
        return element.nth_of_type == 1 && element.nth_last_of_type == 1;
      case CssPseudo::defined:
        return element.name.find('-') == std::string::npos || element.shadow != nullptr;
      case CssPseudo::is:
        return matches(element, *test.list);
      case CssPseudo::not_:
        return !matches(element, *test.list);
      case CssPseudo::has:
        return std::any_of(test.list->choices.begin(), test.list->choices.end(),
                           [&](const CssComplex& choice) { return has(element, choice); });
      case CssPseudo::never:
        return false;
    }
    return false;
  }

  bool has(const Node& anchor, const CssComplex& choice) {
    // What a sibling combinator leads to stands below the parent.
    const bool beside =
        choice.combinators[0] == CssCombinator::next || choice.combinators[0] == CssCombinator::later;
    const Node* from_where = beside ? anchor.parent : &anchor;
    if (from_where == nullptr) return false;
    const auto [first, end] = document_.below(*from_where);
    return std::any_of(first, end, [&](const Node* each) {
      step();
      return each->root == anchor.root && from(*each, choice, choice.compounds.size() - 1, &anchor);
    });
  }

  const Document& document_;
  const Node& scope_;
  long steps_ = 0;
};

}  // namespace

std::vector<const Node*> css_matches(const Document& document, const Node& root, const CssList& list) {
  std::vector<const Node*> found;
  CssMatcher matcher(document, root);
  const auto [first, end] = document.below(root);
  for (const auto* at = first; at != end; ++at) {
    if ((*at)->root == root.root && matcher.matches(**at, list)) found.push_back(*at);
  }
  return found;
}

}  // namespace offstage::recording::snapshot
