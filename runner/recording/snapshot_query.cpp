#include "recording/snapshot_query.h"

#include <algorithm>

#include "recording/snapshot_sight.h"
#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {

using browser::Miss;

Miss miss_of(Miss::Why why, const std::string& seen, const std::string& selector, std::size_t matches) {
  Miss miss;
  miss.why = why;
  miss.seen = clipped(seen, 400);
  miss.selector = selector;
  miss.matches = static_cast<int>(matches);
  return miss;
}

const Node* first_seen(const Nodes& nodes) {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [](const Node* node) { return is_visible(*node); });
  if (found != nodes.end()) return *found;
  return nodes.empty() ? nullptr : nodes.front();
}

CompiledQuery::CompiledQuery(const Ground& ground, const std::vector<browser::Within>& within,
                             const browser::Selectors& selectors)
    : ground_(ground) {
  for (const browser::Within& scope : within) {
    if (scope.rows.empty()) {
      throw Error(Kind::usage, "`within` has no selectors for its rows",
                  "mend the selector or rule in the script");
    }
    Row row{CompiledSelectors(ground, scope.rows), std::nullopt, folded(scope.equals)};
    if (!scope.field.empty()) row.field.emplace(ground, scope.field);
    within_.push_back(std::move(row));
  }
  if (!selectors.empty()) selectors_.emplace(ground, selectors);
}

bool CompiledQuery::is_named(const Row& scope, const Node& row) const {
  if (scope.field) {
    const Matches found = (*scope.field)(row);
    const Node* seen = first_seen(found.elements);
    return seen != nullptr && is_visible(*seen) && text_of(*seen) == scope.value;
  }
  // Without a field: exactly one element says it, and nothing else.
  int count = own_text(row) == scope.value ? 1 : 0;
  const auto [first, end] = ground_.document.below(row);
  for (const auto* at = first; at != end; ++at) {
    const std::optional<std::string> value = value_of(**at);
    const std::string text = value ? folded(*value) : own_text(**at);
    if (text == scope.value && is_visible(**at)) ++count;
  }
  return count == 1;
}

std::variant<Matches, Miss> CompiledQuery::all() const {
  const Node* root = &ground_.document.root();
  Matches last;
  for (const Row& scope : within_) {
    last = scope.rows(*root);
    Nodes matching;
    for (const Node* row : last.elements) {
      if (is_visible(*row) && is_named(scope, *row)) matching.push_back(row);
    }
    const std::string named = " \"" + clipped(scope.value, 80) + "\"";
    if (matching.empty()) {
      const std::string rows = std::to_string(last.elements.size()) + " rows (" + last.selector + ")";
      return miss_of(Miss::Why::absent, "none of " + rows + " has" + named, last.selector);
    }
    if (matching.size() > 1) {
      const std::string rows = std::to_string(matching.size()) + " rows (" + last.selector + ")";
      return miss_of(Miss::Why::ambiguous, rows + " have" + named, last.selector, matching.size());
    }
    root = matching.front();
  }
  if (selectors_) return (*selectors_)(*root);
  const Node* element = root->is_element() ? root : ground_.document.document_element();
  last.elements.clear();
  if (element != nullptr) last.elements.push_back(element);
  return last;
}

}  // namespace offstage::recording::snapshot
