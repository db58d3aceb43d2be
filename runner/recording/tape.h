#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "recording/canonical.h"
#include "recording/miss.h"
#include "recording/page_values.h"
#include "recording/session_marks.h"

namespace offstage::recording {

/// What answers a request: a recorded exchange, and which one of the recording it is. A value.
struct Answer {
  std::size_t index = 0;
  Exchange exchange;
};

/// Which recorded answer a replayed request gets, and what has been asked for so far.
///
/// Changes (mutating exchanges) are answered once each, in the order in which they were recorded; with each a
/// new epoch begins. Reads are answered from the current epoch, else from the latest before it that has one,
/// never from a later one: so the list after the change shows the change, however often a page asks. Within
/// an epoch, asking again moves on through what was recorded and stays at the last. Whatever was not recorded
/// has no answer. Thread-safe.
class Tape {
 public:
  /// `recording` must outlive this and stay as it is.
  Tape(const Recording& recording, TrafficRules rules);

  /// The recorded exchange that answers this request, with the values that this replay's pages made up put in
  /// its answer; one with status 0 is a request that failed, and is to fail again. A Miss changes nothing: a
  /// change is not consumed, nothing is bound.
  std::variant<Answer, Miss> answer(const Request& request);

  /// Whether nothing depends on this request, so that it may get no answer: its misses are not kept.
  bool may_stay_unanswered(const Request& request) const;

  /// The epoch of the recording that has been reached.
  int epoch() const;
  /// The misses so far, in order; the first `most_misses` of them.
  std::vector<Miss> misses() const;
  /// The changes that were not asked for, in order; they belong to the recording.
  std::vector<const Exchange*> unconsumed() const;

  static constexpr std::size_t most_misses = 1000;

 private:
  /// What is known of a recorded exchange, under the same index.
  struct Entry {
    Canonical form;
    bool has_page_value = false;
    SessionMarks marks;
    bool change = false;  ///< to be asked for once, in its turn
    bool opens = false;   ///< the next epoch begins with its answer
    int epoch = 0;        ///< in which it was sent, counted by what opens one here
    bool given = false;
  };
  /// A recorded exchange that the request agrees with, and what is bound when it is chosen.
  struct Match {
    std::size_t index = 0;
    PageValues values;
  };

  void number();
  std::optional<PageValues> unified(const Entry& entry, const Canonical& asked) const;
  const Match* choose(const std::vector<Match>& matches) const;
  const Match* choose_read(const std::vector<Match>& matches) const;
  std::variant<Answer, Miss> find(const Request& request, const Canonical& asked);
  Answer give(const Match& match);
  Miss unanswered(const Request& request, const std::vector<Match>& matches) const;
  Miss unknown(const Request& request, const Canonical& asked) const;
  Miss miss_near(const Request& request, std::size_t index) const;
  void await_next_change(Miss& miss) const;

  const Recording& recording_;
  const TrafficRules rules_;
  std::vector<std::size_t> changes_;  // indices of the mutating exchanges, in order
  mutable std::mutex mutex_;          // guards what follows
  std::vector<Entry> entries_;
  PageValues values_;
  std::size_t changes_made_ = 0;
  int epoch_ = 0;
  std::vector<Miss> misses_;
};

}  // namespace offstage::recording
