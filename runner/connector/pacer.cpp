#include "connector/pacer.h"

#include <algorithm>

namespace offstage::connector {

Clock::time_point Pacer::next(Clock::time_point now) const {
  if (starts_.empty()) return now;
  Clock::time_point at = std::max(now, starts_.back() + pace_.min_interval);
  if (starts_.size() >= static_cast<std::size_t>(pace_.actions_per_minute)) {
    at = std::max(at, starts_.front() + std::chrono::minutes(1));
  }
  return at;
}

void Pacer::started(Clock::time_point at) {
  starts_.push_back(at);
  if (starts_.size() > static_cast<std::size_t>(pace_.actions_per_minute)) starts_.pop_front();
}

}  // namespace offstage::connector
