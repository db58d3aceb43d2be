#include "recording/page_values.h"

#include <algorithm>

#include "base/text.h"

namespace offstage::recording {
namespace {

/// How far back from a placeholder the beginning of its address is looked for.
constexpr std::size_t longest_address = 4096;

/// The text right before `at` that could be the beginning of one address.
std::string_view address_before(std::string_view text, std::size_t at) {
  const std::size_t from = at - std::min(at, longest_address);
  const std::string_view before = text.substr(from, at - from);
  const std::size_t end = before.find_last_of(" \t\r\n\"'`<>(){}[]|,;\\");
  return end == std::string_view::npos ? before : before.substr(end + 1);
}

bool begins_address(std::string_view text) {
  return text.starts_with('/') || text.find("://") != std::string_view::npos ||
         text.find('?') != std::string_view::npos;
}

/// Whether what comes next is in the query of an address that is itself a value: a decoded `redirect_uri`.
bool is_inside_query(std::string_view before) {
  return before.find('?') != std::string_view::npos;
}

/// A value for a place in an address; encoded twice in an address that stands encoded in another.
std::string value_for_address(const std::string& value, std::string_view before) {
  const std::string tail =
      ascii_lower(before.substr(before.size() - std::min<std::size_t>(3, before.size())));
  const std::string once = url_encoded(value);
  return tail == "%3d" || tail == "%2f" ? url_encoded(once) : once;
}

}  // namespace

PageValues::PageValues(const std::vector<Placeholder>& placeholders) {
  for (const Placeholder& each : placeholders) {
    if (!each.text.empty()) entries_.push_back({each.text, each.from_page, {}});
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.text.size() > b.text.size(); });
  if (std::none_of(entries_.begin(), entries_.end(), [](const Entry& each) { return each.from_page; }))
    entries_.clear();
  if (entries_.empty()) return;
  common_start_ = entries_.front().text;
  for (const Entry& each : entries_) {
    const auto [end, unused] =
        std::mismatch(common_start_.begin(), common_start_.end(), each.text.begin(), each.text.end());
    common_start_.erase(end, common_start_.end());
  }
}

std::optional<PageValues::Place> PageValues::next_place(std::string_view text, std::size_t from) const {
  if (entries_.empty()) return std::nullopt;
  std::size_t at = text.find(common_start_, from);
  while (at < text.size()) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) {
      return text.substr(at).starts_with(each.text);
    });
    if (found != entries_.end() && found->from_page)
      return Place{at, static_cast<std::size_t>(found - entries_.begin())};
    at = text.find(common_start_, at + (found == entries_.end() ? 1 : found->text.size()));
  }
  return std::nullopt;
}

bool PageValues::occur_in(std::string_view text) const {
  return next_place(text, 0).has_value();
}

bool PageValues::unify(std::string_view recorded, std::string_view asked) {
  std::size_t at = 0;  // in `recorded`; what is left of `asked` stands for what comes from there on
  std::optional<Place> place = next_place(recorded, 0);
  while (place) {
    const std::string_view before = recorded.substr(at, place->at - at);
    if (!asked.starts_with(before)) return false;
    asked.remove_prefix(before.size());
    Entry& entry = entries_[place->entry];
    const bool is_encoded = is_inside_query(recorded.substr(0, place->at));
    at = place->at + entry.text.size();
    place = next_place(recorded, at);
    const std::string_view after = recorded.substr(at, place ? place->at - at : std::string_view::npos);
    if (entry.value && asked.starts_with(*entry.value)) {
      asked.remove_prefix(entry.value->size());
      continue;
    }
    // Two next to each other cannot be told apart.
    if (after.empty() && place) return false;
    const std::size_t end = place ? asked.find(after, 1) : after.empty() ? asked.size() : asked.rfind(after);
    if (end == std::string_view::npos || end == 0) return false;
    const std::string value =
        is_encoded ? url_decoded(asked.substr(0, end)) : std::string(asked.substr(0, end));
    if (entry.value && *entry.value != value) return false;
    entry.value = value;
    asked.remove_prefix(end);
  }
  return asked == recorded.substr(at);
}

std::string PageValues::filled(std::string_view text) const {
  return filled(text, false);
}

std::string PageValues::filled_address(std::string_view text) const {
  return filled(text, true);
}

std::string PageValues::filled(std::string_view text, bool is_address) const {
  std::string out;
  std::size_t done = 0;
  for (auto place = next_place(text, 0); place; place = next_place(text, done)) {
    const Entry& entry = entries_[place->entry];
    out += text.substr(done, place->at - done);
    done = place->at + entry.text.size();
    if (!entry.value) {
      out += entry.text;
      continue;
    }
    const std::string_view before = address_before(text, place->at);
    out += is_address || begins_address(before) ? value_for_address(*entry.value, before) : *entry.value;
  }
  out += text.substr(done);
  return out;
}

}  // namespace offstage::recording
