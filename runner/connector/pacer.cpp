#include "connector/pacer.h"

#include <algorithm>

#include "base/error.h"

namespace offstage::connector {
namespace {

/// Waits, and gives up with the run.
void wait_for(Clock::time_point at, const Until& until) {
  sleep_until(std::min(at, until.deadline.at()), until.stop);
  if (until.stop.stop_requested())
    throw Error(Kind::interrupted, "stopped while waiting for the next action");
  if (until.deadline.at() < at) {
    throw Error(Kind::unreachable, "there was no time left to wait for the next action",
                "the connector's pace says how fast it may act; allow more time");
  }
}

}  // namespace

Clock::time_point Pacer::next(Clock::time_point now) const {
  if (starts_.empty()) return now;
  Clock::time_point at = std::max(now, starts_.back() + pace_.min_interval);
  if (starts_.size() >= static_cast<std::size_t>(pace_.actions_per_minute)) {
    at = std::max(at, starts_.front() + std::chrono::minutes(1));
  }
  return at;
}

bool Pacer::wait_for_turn(const Until& until) const {
  const Clock::time_point now = Clock::now();
  const Clock::time_point at = next(now);
  if (at <= now) return false;
  wait_for(at, until);
  return true;
}

void Pacer::take_turn(const Until& until) {
  wait_for_turn(until);
  started(Clock::now());
}

void Pacer::started(Clock::time_point at) {
  starts_.push_back(at);
  if (starts_.size() > static_cast<std::size_t>(pace_.actions_per_minute)) starts_.pop_front();
}

}  // namespace offstage::connector
