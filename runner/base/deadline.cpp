#include "base/deadline.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>

#include <fmt/format.h>

namespace offstage {

Milliseconds Deadline::left() const {
  return std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(at_ - Clock::now()));
}

Deadline Deadline::within(Milliseconds span) const {
  return Deadline(std::min(at_, Clock::now() + span));
}

void sleep_until(Clock::time_point at, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never_notified;
  never_notified.wait_until(lock, stop, at, [] { return false; });
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto millis = std::chrono::duration_cast<Milliseconds>(now.time_since_epoch()).count() % 1000;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, millis);
}

}  // namespace offstage
