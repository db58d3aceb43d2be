#pragma once

#include <deque>

#include "base/deadline.h"
#include "connector/manifest.h"

namespace offstage::connector {

/// Spreads actions over time as a manifest's pace demands. Never sleeps itself; one thread.
class Pacer {
 public:
  explicit Pacer(const Pace& pace) : pace_(pace) {}
  /// The earliest moment at which the next action may start; `now` when that is already possible.
  Clock::time_point next(Clock::time_point now) const;
  void started(Clock::time_point at);

 private:
  Pace pace_;
  std::deque<Clock::time_point> starts_;  ///< of the last minute's worth of actions, oldest first
};

}  // namespace offstage::connector
