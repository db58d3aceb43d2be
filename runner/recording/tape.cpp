#include "recording/tape.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "recording/exchange.h"

namespace offstage::recording {
namespace {

/// Whether a placeholder made by a page stands in what is compared of a request.
bool has_page_value(const Canonical& form, const PageValues& values) {
  const auto in_field = [&](const RequestField& field) { return values.occur_in(field.value); };
  const std::vector<std::string>& path = form.address.path;
  return std::any_of(path.begin(), path.end(), [&](const auto& each) { return values.occur_in(each); }) ||
         std::any_of(form.address.query.begin(), form.address.query.end(), in_field) ||
         std::any_of(form.body.fields.begin(), form.body.fields.end(), in_field) ||
         std::any_of(form.headers.begin(), form.headers.end(), in_field);
}

}  // namespace

Tape::Tape(const Recording& recording, TrafficRules rules)
    : recording_(recording), rules_(std::move(rules)), values_(recording.placeholders) {
  std::vector<SessionMarks> marks = session_marks(recording.exchanges);
  for (std::size_t i = 0; i < recording.exchanges.size(); ++i) {
    Canonical form = canonical(request_of(recording.exchanges[i]), rules_);
    const bool is_open = has_page_value(form, values_);
    const bool is_change = recording.exchanges[i].mutation &&
                           !matches_any_pattern(rules_.unanswered, recording.exchanges[i].url);
    entries_.push_back({std::move(form), is_open, std::move(marks[i]), is_change});
    if (is_change) changes_.push_back(i);
  }
  number();
}

/// Recorded epochs count every mutation; here those count for nothing on which nothing depends.
void Tape::number() {
  const std::vector<bool> opens = epoch_openings(recording_.exchanges);
  std::vector<int> epochs{0};  // by the recorded one
  for (std::size_t i = 0; i < opens.size(); ++i) {
    if (!opens[i]) continue;
    entries_[i].opens = entries_[i].change;
    epochs.push_back(epochs.back() + (entries_[i].opens ? 1 : 0));
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto recorded = static_cast<std::size_t>(std::max(recording_.exchanges[i].epoch, 0));
    const std::size_t known = std::min(recorded, epochs.size() - 1);
    // One that nothing opens is never reached.
    entries_[i].epoch = epochs[known] + static_cast<int>(recorded - known);
  }
}

std::variant<Answer, Miss> Tape::answer(const Request& request) {
  const Canonical asked = canonical(request, rules_);
  const bool is_kept = !may_stay_unanswered(request);
  const std::lock_guard lock(mutex_);
  std::variant<Answer, Miss> found = find(request, asked);
  if (const Miss* miss = std::get_if<Miss>(&found);
      miss != nullptr && is_kept && misses_.size() < most_misses)
    misses_.push_back(*miss);
  return found;
}

bool Tape::may_stay_unanswered(const Request& request) const {
  return matches_any_pattern(rules_.unanswered, request.url);
}

int Tape::epoch() const {
  const std::lock_guard lock(mutex_);
  return epoch_;
}

std::vector<Miss> Tape::misses() const {
  const std::lock_guard lock(mutex_);
  return misses_;
}

std::vector<const Exchange*> Tape::unconsumed() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Exchange*> out;
  for (std::size_t i = changes_made_; i < changes_.size(); ++i)
    out.push_back(&recording_.exchanges[changes_[i]]);
  return out;
}

/// The exchanges that agree with the request as things stand come before those for which a page's value would
/// have to be bound: a retry of one sign-in is not the beginning of the next.
std::variant<Answer, Miss> Tape::find(const Request& request, const Canonical& asked) {
  std::vector<Match> firm;
  std::vector<Match> open;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (std::optional<PageValues> values = unified(entries_[i], asked)) {
      const bool is_firm = *values == values_;
      (is_firm ? firm : open).push_back({i, std::move(*values)});
    }
  }
  for (const std::vector<Match>* matches : {&firm, &open}) {
    const Match* match = choose(*matches);
    if (match == nullptr) continue;
    if (auto difference = session_difference(entries_[match->index].marks, request.headers)) {
      Miss miss = miss_near(request, match->index);
      miss.why = Miss::Why::cookies;
      miss.field = std::move(difference->field);
      miss.expected = std::move(difference->expected);
      miss.actual = std::move(difference->actual);
      return miss;
    }
    return give(*match);
  }
  if (firm.empty() && open.empty()) return unknown(request, asked);
  return unanswered(request, firm.empty() ? open : firm);
}

/// What would be bound if this exchange answered the request; nothing when it cannot.
std::optional<PageValues> Tape::unified(const Entry& entry, const Canonical& asked) const {
  if (!entry.has_page_value) return entry.form == asked ? std::optional(values_) : std::nullopt;
  PageValues values = values_;
  const bool is_one =
      agree(entry.form, asked, [&values](const std::string& recorded, const std::string& each) {
        return values.unify(recorded, each);
      });
  return is_one ? std::optional(std::move(values)) : std::nullopt;
}

const Tape::Match* Tape::choose(const std::vector<Match>& matches) const {
  for (const Match& match : matches) {
    if (changes_made_ < changes_.size() && match.index == changes_[changes_made_]) return &match;
  }
  return choose_read(matches);
}

const Tape::Match* Tape::choose_read(const std::vector<Match>& matches) const {
  const Match* chosen = nullptr;
  int best = 0;
  for (const Match& match : matches) {
    const Entry& entry = entries_[match.index];
    if (entry.change || entry.epoch > epoch_) continue;
    const bool is_better = chosen == nullptr || entry.epoch > best;
    // The next one of an epoch is only for who has seen the ones before; what is past is seen as it was left.
    const bool has_moved_on =
        !is_better && entry.epoch == best && (best < epoch_ || entries_[chosen->index].given);
    if (!is_better && !has_moved_on) continue;
    chosen = &match;
    best = entry.epoch;
  }
  return chosen;
}

Answer Tape::give(const Match& match) {
  Entry& entry = entries_[match.index];
  entry.given = true;
  values_ = match.values;
  Exchange exchange = recording_.exchanges[match.index];
  if (entry.change) ++changes_made_;
  if (entry.opens) ++epoch_;
  for (auto& [name, value] : exchange.response_headers)
    value = ascii_lower(name) == "location" ? values_.filled_address(value) : values_.filled(value);
  exchange.response_body = values_.filled(exchange.response_body);
  return {match.index, std::move(exchange)};
}

/// Why none of the exchanges that agree with the request may answer it now.
Miss Tape::unanswered(const Request& request, const std::vector<Match>& matches) const {
  for (const Match& match : matches) {
    const bool is_change = entries_[match.index].change;
    if (is_change && entries_[match.index].given) continue;
    Miss miss = miss_near(request, match.index);
    miss.why = is_change ? Miss::Why::out_of_order : Miss::Why::later;
    await_next_change(miss);
    return miss;
  }
  Miss miss = miss_near(request, matches.back().index);
  miss.why = Miss::Why::consumed;
  return miss;
}

Miss Tape::unknown(const Request& request, const Canonical& asked) const {
  const SameValue same = [this](const std::string& recorded, const std::string& value) {
    return recorded == value || (values_.occur_in(recorded) && PageValues(values_).unify(recorded, value));
  };
  std::optional<std::size_t> nearest;
  double best = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const double score = likeness(entries_[i].form, asked, same);
    if (score <= best) continue;
    best = score;
    nearest = i;
  }
  if (!nearest) return {request.method, request.url, request.resource_type};
  Miss miss = miss_near(request, *nearest);
  // What a value could be bound to in one place and not in another differs only as a whole.
  auto differs = difference(entries_[*nearest].form, asked, same);
  if (!differs) differs = difference(entries_[*nearest].form, asked, std::equal_to<>());
  if (differs) {
    miss.field = std::move(differs->field);
    miss.expected = std::move(differs->expected);
    miss.actual = std::move(differs->actual);
  }
  return miss;
}

Miss Tape::miss_near(const Request& request, std::size_t index) const {
  const Exchange& near = recording_.exchanges[index];
  Miss miss{request.method, request.url, request.resource_type};
  miss.nearest = index;
  miss.nearest_request = request_line(near.method, near.url);
  return miss;
}

void Tape::await_next_change(Miss& miss) const {
  if (changes_made_ == changes_.size()) return;
  const Exchange& next = recording_.exchanges[changes_[changes_made_]];
  miss.awaited = changes_[changes_made_];
  miss.awaited_request = request_line(next.method, next.url);
}

}  // namespace offstage::recording
