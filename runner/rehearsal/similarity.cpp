#include "rehearsal/similarity.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "recording/snapshot_names.h"
#include "recording/snapshot_roles.h"
#include "recording/snapshot_text.h"
#include "script/selectors.h"

namespace offstage::rehearsal {
namespace {

namespace snapshot = recording::snapshot;

/// Longer texts are compared by their beginning: what tells elements apart stands there.
constexpr std::size_t compared = 160;
/// More elements than this are no page that a person made.
constexpr std::size_t most_elements = 20'000;

double edit_similarity(std::string_view a, std::string_view b) {
  a = a.substr(0, compared);
  b = b.substr(0, compared);
  if (a.empty() && b.empty()) return 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return 1 - static_cast<double>(row[b.size()]) / static_cast<double>(std::max(a.size(), b.size()));
}

double word_similarity(const std::string& a, const std::string& b) {
  const auto words = [](const std::string& text) {
    std::set<std::string> out;
    for (std::string& word : split(ascii_lower(text), ' '))
      if (!word.empty()) out.insert(std::move(word));
    return out;
  };
  const std::set<std::string> left = words(a);
  const std::set<std::string> right = words(b);
  if (left.empty() && right.empty()) return 1;
  const auto shared =
      std::count_if(left.begin(), left.end(), [&](const auto& word) { return right.contains(word); });
  return static_cast<double>(shared) /
         static_cast<double>(left.size() + right.size() - static_cast<std::size_t>(shared));
}

std::string attribute(const Fingerprint& of, std::string_view name) {
  const auto found = std::find_if(of.attributes.begin(), of.attributes.end(),
                                  [&](const auto& each) { return each.first == name; });
  return found == of.attributes.end() ? std::string() : found->second;
}

/// Facts are weighed only where the element that is looked for has them.
class Scale {
 public:
  void weigh(double weight, const std::string& then, double alike) {
    if (then.empty()) return;
    all_ += weight;
    sum_ += weight * alike;
  }
  double score() const { return all_ > 0 ? sum_ / all_ : 0; }

 private:
  double all_ = 0;
  double sum_ = 0;
};

double same(const std::string& a, const std::string& b) {
  return a == b ? 1 : 0;
}

double shared_attributes(const Fingerprint& then, const Fingerprint& now) {
  if (then.attributes.empty()) return 0;
  const auto kept = std::count_if(then.attributes.begin(), then.attributes.end(), [&](const auto& each) {
    return attribute(now, each.first) == each.second;
  });
  return static_cast<double>(kept) / static_cast<double>(then.attributes.size());
}

}  // namespace

Fingerprint fingerprint_of(const snapshot::Document& document, const snapshot::Node& element) {
  Fingerprint print;
  print.tag = element.name;
  print.role = snapshot::role_of(document, element);
  print.name = snapshot::accessible_name(document, element);
  print.text = snapshot::text_of(element);
  if (element.parent != nullptr) print.near = snapshot::clipped(snapshot::text_of(*element.parent), compared);
  for (const snapshot::Node* up = element.parent; up != nullptr && up->is_element(); up = up->parent)
    print.path = up->name + "/" + print.path;
  for (const auto& [name, value] : element.attributes) {
    if (!name.starts_with("data-offstage")) print.attributes.emplace_back(name, value);
  }
  return print;
}

double similarity(const Fingerprint& then, const Fingerprint& now) {
  Scale scale;
  const std::string id = attribute(then, "id");
  // An id that is made anew at each load says nothing.
  const bool lasting = !id.empty() && script::weakness_of({"#" + id}).empty();
  scale.weigh(2.85, attribute(then, "name"), same(attribute(then, "name"), attribute(now, "name")));
  scale.weigh(2.8, then.text, edit_similarity(then.text, now.text));
  scale.weigh(2.75, attribute(then, "type"), same(attribute(then, "type"), attribute(now, "type")));
  scale.weigh(1.85, attribute(then, "alt"), edit_similarity(attribute(then, "alt"), attribute(now, "alt")));
  scale.weigh(1.8, then.attributes.empty() ? "" : "some", shared_attributes(then, now));
  scale.weigh(1.45, then.near, word_similarity(then.near, now.near));
  scale.weigh(0.95, attribute(then, "href"),
              edit_similarity(attribute(then, "href"), attribute(now, "href")));
  scale.weigh(0.9, then.name, edit_similarity(then.name, now.name));
  scale.weigh(0.85, then.role, same(then.role, now.role));
  scale.weigh(0.8, then.tag, same(then.tag, now.tag));
  scale.weigh(0.5, lasting ? id : "", same(id, attribute(now, "id")));
  scale.weigh(0.5, attribute(then, "class"),
              word_similarity(attribute(then, "class"), attribute(now, "class")));
  scale.weigh(0.45, then.path, edit_similarity(then.path, now.path));
  return scale.score();
}

std::vector<Candidate> best_candidates(const Fingerprint& then, const recording::SnapshotPage& now) {
  std::vector<Candidate> best;
  const std::vector<const snapshot::Node*>& all = now.document().elements();
  for (std::size_t i = 0; i < std::min(all.size(), most_elements); ++i) {
    if (all[i]->sight != snapshot::Sight::seen) continue;
    best.push_back({all[i], similarity(then, fingerprint_of(now.document(), *all[i]))});
    std::stable_sort(best.begin(), best.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    if (best.size() > 2) best.pop_back();
  }
  return best;
}

}  // namespace offstage::rehearsal
