#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace offstage {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// A moment on the steady clock by which something must have happened. A value; `never()` is far in the
/// future.
class Deadline {
 public:
  static Deadline in(Milliseconds span) { return Deadline(Clock::now() + span); }
  static Deadline never() { return Deadline(Clock::now() + std::chrono::hours(24 * 365)); }
  explicit Deadline(Clock::time_point at) : at_(at) {}

  Clock::time_point at() const { return at_; }
  bool passed() const { return Clock::now() >= at_; }
  /// Time left, never negative.
  Milliseconds left() const;
  /// The earlier of this moment and `span` from now.
  Deadline within(Milliseconds span) const;

 private:
  Clock::time_point at_;
};

/// How long a caller is ready to wait, and what may make it give up sooner. Passed by value down every call
/// that can block; a stop request makes the call throw Error{interrupted} or Error{terminated} (see
/// base/stop.h).
struct Until {
  Deadline deadline;
  std::stop_token stop;

  static Until in(Milliseconds span, std::stop_token stop = {}) {
    return {Deadline::in(span), std::move(stop)};
  }
  /// The same stop token with a deadline no later than `span` from now.
  Until within(Milliseconds span) const { return {deadline.within(span), stop}; }
  bool over() const { return stop.stop_requested() || deadline.passed(); }
};

/// Sleeps until that moment, or until a stop is asked for.
void sleep_until(Clock::time_point at, const std::stop_token& stop);

/// The wall clock in UTC as RFC 3339 with milliseconds: 2026-01-31T09:30:00.123Z.
std::string utc_now();

}  // namespace offstage
