#include "rehearsal/proposal.h"

#include <fmt/format.h>

#include "recording/snapshot_names.h"
#include "recording/snapshot_roles.h"
#include "recording/snapshot_text.h"
#include "rehearsal/similarity.h"
#include "script/selectors.h"

namespace offstage::rehearsal {
namespace {

namespace snapshot = recording::snapshot;
using recording::SnapshotPage;

constexpr double alike_enough = 0.6;
constexpr double clear_margin = 0.15;
constexpr std::size_t longest_text = 60;

/// Whether a selector finds this element and no other, narrowed as the query is.
bool finds_only(const SnapshotPage& page, const browser::Query& query, const std::string& selector,
                const snapshot::Node* element) {
  try {
    browser::Query one = query;
    one.selectors = {{selector}};
    const std::vector<const snapshot::Node*> found = page.find(one);
    return found.size() == 1 && found.front() == element;
  } catch (const Error&) {
    return false;
  }
}

/// What a person would write, the most telling first.
std::vector<std::string> selectors_for(const SnapshotPage& page, const snapshot::Node& element) {
  std::vector<std::string> out;
  const std::string name = snapshot::accessible_name(page.document(), element);
  const std::string role = snapshot::role_of(page.document(), element);
  const bool plain = name.find_first_of("[]\"{}") == std::string::npos && name.size() <= longest_text;
  if (!name.empty() && plain && role != "generic" && role != "none")
    out.push_back(fmt::format("aria/{}[role=\"{}\"]", name, role));
  if (!name.empty() && plain) out.push_back("aria/" + name);
  for (const char* attribute : {"data-test-target", "data-testid", "name", "id"}) {
    const std::string* value = element.attribute(attribute);
    if (value == nullptr || value->empty() || value->find_first_of("\"\\{}") != std::string::npos) continue;
    const std::string selector = fmt::format("[{}=\"{}\"]", attribute, *value);
    if (std::string_view(attribute) != "id" || script::weakness_of({"#" + *value}).empty())
      out.push_back(selector);
  }
  const std::string text = snapshot::text_of(element);
  if (!text.empty() && text.size() <= longest_text && text.find("{{") == std::string::npos)
    out.push_back("text/" + text);
  return out;
}

}  // namespace

std::optional<Proposal> propose(const SnapshotPage& was, const browser::Query& then, const SnapshotPage& is,
                                const browser::Query& now) {
  const std::vector<const snapshot::Node*> meant = was.find(then);
  if (meant.empty()) return std::nullopt;
  const std::vector<Candidate> best = best_candidates(fingerprint_of(was.document(), *meant.front()), is);
  if (best.empty()) return std::nullopt;
  Proposal proposal;
  proposal.query = now;
  proposal.element = snapshot::describe(best[0].element);
  proposal.score = best[0].score;
  proposal.runner_up = best.size() > 1 ? best[1].score : 0;
  if (proposal.score >= alike_enough && proposal.score - proposal.runner_up >= clear_margin) {
    for (const std::string& selector : selectors_for(is, *best[0].element)) {
      if (finds_only(is, now, selector, best[0].element)) proposal.selectors.push_back({selector});
    }
  }
  return proposal;
}

}  // namespace offstage::rehearsal
