#pragma once

#include <deque>

#include "base/deadline.h"
#include "connector/manifest.h"

namespace offstage::connector {

/// Spreads actions over time as a manifest's pace demands. One thread.
class Pacer {
 public:
  explicit Pacer(const Pace& pace) : pace_(pace) {}
  /// The earliest moment at which the next action may start; `now` when that is already possible.
  Clock::time_point next(Clock::time_point now) const;
  /// Waits for that moment; whether it had to. Throws Error{interrupted} when it is stopped, and
  /// Error{unreachable} when the moment comes after the end of the run.
  bool wait_for_turn(const Until& until) const;
  /// Waits for it, and counts an action as started then.
  void take_turn(const Until& until);
  void started(Clock::time_point at);

 private:
  Pace pace_;
  std::deque<Clock::time_point> starts_;  ///< of the last minute's worth of actions, oldest first
};

}  // namespace offstage::connector
