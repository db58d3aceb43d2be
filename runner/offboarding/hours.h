#pragma once

#include <array>
#include <ctime>
#include <string>
#include <string_view>

#include "base/json.h"

namespace offstage::offboarding {

/// A moment of the week as the clock of this machine shows it: local time, summer time included, as cron
/// reads it.
struct LocalTime {
  int day = 0;     ///< 0 is Sunday
  int minute = 0;  ///< of the day
  std::string zone;

  /// "tue 14:05 CET".
  std::string text() const;
};

/// TZ decides, else the machine's own setting.
LocalTime local_time(std::time_t at);
LocalTime local_now();

/// When something may be done: on some days of the week, from one time of the day until just before another.
/// A range over midnight belongs to the day on which it starts.
struct Hours {
  std::array<bool, 7> days{true, true, true, true, true, true, true};  ///< by LocalTime::day
  int from = 0;                                                        ///< minutes of the day
  int to = 24 * 60;  ///< minutes of the day, never `from`; before it: on the next day

  bool hold(const LocalTime& now) const;
  /// "mon, tue, fri from 22:00 to 06:00 of the next day".
  std::string text() const;
  /// Why nothing may be done now, with the time, the hours, and what to do; "" when it may.
  std::string objection(const LocalTime& now) const;
};

/// Throws Error{usage} with file and line: a day or a time that there is not, or hours without length.
Hours hours_from(const JsonView& view);

}  // namespace offstage::offboarding
