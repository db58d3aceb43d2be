#include "offboarding/verify.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace offstage::offboarding {
namespace {

/// Still there, but the console did not have the time that it may take.
Error cut_short(const Until& until) {
  if (until.stop.stop_requested())
    return Error(Kind::interrupted, "stopped before the console had the time that it may take to show it");
  return Error(Kind::unreachable, "the run's time was over before the console had the time that it may take");
}

}  // namespace

void pause(Milliseconds span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, span, [] { return false; });
}

Waited wait_until_gone(const std::function<bool()>& is_gone, const Pace& pace, const std::string& what,
                       Progress& progress, const Until& until) {
  const Deadline end = Deadline::in(pace.in_all);
  Milliseconds left = pace.limit;
  Milliseconds next = pace.first;
  Waited waited;
  while (true) {
    ++waited.looks;
    try {
      waited.trouble.reset();
      waited.gone = is_gone();
    } catch (const Error& error) {
      waited.trouble = error;
      if (error.kind() != Kind::unreachable && error.kind() != Kind::busy) return waited;
    }
    left = std::min(left, end.left());
    if (waited.gone || left <= Milliseconds(0)) return waited;
    if (until.over()) {
      if (!waited.trouble) waited.trouble = cut_short(until);
      return waited;
    }
    progress.waiting(what, left);
    next =
        std::clamp(next, Milliseconds(1), std::max(std::min(left, until.deadline.left()), Milliseconds(1)));
    pause(next, until.stop);
    left -= next;
    next = std::min(next * 2, pace.longest);
  }
}

}  // namespace offstage::offboarding
