#include "recording/snapshot_condition.h"

#include <algorithm>

#include "base/text.h"
#include "recording/snapshot_properties.h"
#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

using browser::Condition;
using browser::Miss;

Nodes only_seen(Nodes nodes) {
  std::erase_if(nodes, [](const Node* node) { return !is_visible(*node); });
  return nodes;
}

bool compares_count(Condition::Count comparison, std::size_t actual, int wanted) {
  const auto count = static_cast<long>(actual);
  switch (comparison) {
    case Condition::Count::at_least:
      return count >= wanted;
    case Condition::Count::exactly:
      return count == wanted;
    case Condition::Count::at_most:
      return count <= wanted;
  }
  return false;
}

std::string comparison_words(Condition::Count comparison) {
  if (comparison == Condition::Count::at_least) return "at least";
  return comparison == Condition::Count::exactly ? "exactly" : "at most";
}

std::optional<Miss> each_misses(const Condition& condition, const Nodes& matching, const Matches& found) {
  const auto missed = [&found](const std::string& seen) {
    return miss_of(Miss::Why::condition, seen, found.selector, found.elements.size());
  };
  for (const Node* element : matching) {
    for (const auto& [name, value] : condition.attributes.items()) {
      const std::string* actual = element->attribute(name);
      if (actual != nullptr && value.is_string() && *actual == value.get_ref<const std::string&>()) continue;
      const std::string seen = actual == nullptr ? "absent" : "\"" + clipped(*actual, 80) + "\"";
      return missed("the attribute " + name + " of " + describe(element) + " is " + seen);
    }
    for (const auto& [name, value] : condition.properties.items()) {
      if (name == "value" && is_confidential(*element)) {
        return missed("the value of " + describe(element) + " is not looked at");
      }
      if (!holds_property(*element, name, value)) {
        return missed("the property " + name + " of " + describe(element) + " is not as expected");
      }
    }
    if (condition.names) {
      const std::string problem = why_not_named(text_of(*element), folded(*condition.names));
      if (!problem.empty()) return missed(problem);
    }
  }
  return std::nullopt;
}

Miss count_missed(const Condition& condition, const std::optional<Miss>& within, const Matches& found,
                  const Nodes& before_text, const Nodes& matching) {
  const std::size_t all = found.elements.size();
  if (all == 0) {
    return within ? *within : miss_of(Miss::Why::absent, "nothing matches " + found.selector, found.selector);
  }
  if (before_text.empty()) {
    return miss_of(Miss::Why::hidden, describe(found.elements.front()) + " cannot be seen", found.selector,
                   all);
  }
  const bool by_text = condition.text_equals || condition.text_contains;
  if (by_text && static_cast<long>(matching.size()) < condition.count) {
    const std::string text = clipped(text_of(*before_text.front()), 200);
    return miss_of(Miss::Why::condition, "the text is \"" + text + "\"", found.selector, all);
  }
  const std::string seen = std::to_string(matching.size()) + " of " + comparison_words(condition.comparison) +
                           " " + std::to_string(condition.count) + " elements match " + found.selector;
  return miss_of(Miss::Why::condition, seen, found.selector, matching.size());
}

std::optional<Miss> matches_miss(const Condition& condition, const CompiledQuery& query) {
  const std::variant<Matches, Miss> answer = query.all();
  std::optional<Miss> within;
  Matches found;
  if (const Miss* miss = std::get_if<Miss>(&answer)) {
    if (miss->why == Miss::Why::ambiguous) return *miss;
    within = *miss;
  } else {
    found = std::get<Matches>(answer);
  }
  // What nobody can see names nothing on the screen.
  const bool must_see = condition.must_be_visible || condition.names;
  Nodes matching = must_see ? only_seen(found.elements) : found.elements;
  if (condition.query.unique) {
    const std::size_t visible = only_seen(found.elements).size();
    if (visible > 1) {
      const std::string seen = std::to_string(visible) + " elements match " + found.selector;
      return miss_of(Miss::Why::ambiguous, seen, found.selector, found.elements.size());
    }
  }
  const Nodes before_text = matching;
  if (condition.text_equals) {
    const std::string wanted = folded(*condition.text_equals);
    std::erase_if(matching, [&wanted](const Node* node) { return text_of(*node) != wanted; });
  }
  if (condition.text_contains) {
    const std::string wanted = folded(*condition.text_contains);
    std::erase_if(matching,
                  [&wanted](const Node* node) { return text_of(*node).find(wanted) == std::string::npos; });
  }
  if (!compares_count(condition.comparison, matching.size(), condition.count)) {
    return count_missed(condition, within, found, before_text, matching);
  }
  return each_misses(condition, matching, found);
}

}  // namespace

std::optional<Miss> look_at(const Ground& ground, const std::string& url, const Condition& condition) {
  const CompiledQuery query(ground, condition.query.within, condition.query.selectors);
  std::optional<Miss> miss;
  if (condition.url && !matches_glob(*condition.url, url)) {
    miss = miss_of(Miss::Why::condition, "the address is " + url);
  } else {
    miss = matches_miss(condition, query);
  }
  if (!condition.negate) return miss;
  if (miss) return std::nullopt;
  return miss_of(Miss::Why::condition, "what must not be so is so");
}

}  // namespace offstage::recording::snapshot
