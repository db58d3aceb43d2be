#include "offboarding/verify.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace offstage::offboarding {

void pause(Milliseconds span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, span, [] { return false; });
}

Waited wait_until_gone(const std::function<bool()>& is_gone, const Pace& pace, const std::string& what,
                       Progress& progress, const std::stop_token& stop) {
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
    if (waited.gone || stop.stop_requested() || left <= Milliseconds(0)) return waited;
    progress.waiting(what, left);
    next = std::clamp(next, Milliseconds(1), left);
    pause(next, stop);
    left -= next;
    next = std::min(next * 2, pace.longest);
  }
}

}  // namespace offstage::offboarding
