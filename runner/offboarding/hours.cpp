#include "offboarding/hours.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

constexpr int minutes_a_day = 24 * 60;
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::string clock_text(int minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

/// HH:MM, two digits each; 24:00 is the end of a day and nothing else.
int minute_from(const JsonView& view, int latest) {
  const std::string text = view.string();
  const auto digit = [&](std::size_t at) {
    return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
  };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = 10 * digit(0) + digit(1);
    const int minute = 10 * digit(3) + digit(4);
    if (minute < 60 && hour <= 24 && 60 * hour + minute <= latest) return 60 * hour + minute;
  }
  throw view.error(fmt::format("\"{}\" is no time of the day", printable(text, 40)),
                   fmt::format("write hours and minutes, 00:00 to {}", clock_text(latest)));
}

std::size_t day_from(const JsonView& view) {
  const std::string name = view.string();
  const auto found = std::find(day_names.begin(), day_names.end(), name);
  if (found != day_names.end()) return static_cast<std::size_t>(found - day_names.begin());
  throw view.error(fmt::format("\"{}\" is no day of the week", printable(name, 40)),
                   "write mon, tue, wed, thu, fri, sat or sun");
}

}  // namespace

std::string LocalTime::text() const {
  return fmt::format("{} {} {}", day_names.at(static_cast<std::size_t>(day)), clock_text(minute), zone);
}

LocalTime local_time(std::time_t at) {
  ::tzset();
  std::tm parts{};
  ::localtime_r(&at, &parts);
  return {parts.tm_wday, 60 * parts.tm_hour + parts.tm_min, parts.tm_zone == nullptr ? "" : parts.tm_zone};
}

LocalTime local_now() {
  return local_time(std::time(nullptr));
}

bool Hours::hold(const LocalTime& now) const {
  const auto today = static_cast<std::size_t>(now.day);
  if (from < to) return days.at(today) && now.minute >= from && now.minute < to;
  const std::size_t yesterday = (today + days.size() - 1) % days.size();
  return (days.at(today) && now.minute >= from) || (days.at(yesterday) && now.minute < to);
}

std::string Hours::text() const {
  std::vector<std::string> names;
  for (std::size_t day = 1; day <= days.size(); ++day) {
    if (days.at(day % days.size())) names.emplace_back(day_names.at(day % days.size()));
  }
  return fmt::format("{} from {} to {}{}", names.size() == days.size() ? "every day" : join(names, ", "),
                     clock_text(from), clock_text(to), from < to ? "" : " of the next day");
}

std::string Hours::objection(const LocalTime& now) const {
  if (hold(now)) return {};
  return fmt::format(
      "it is {} here, and the policy allows changes {} only: apply the plan within these hours",
      printable(now.text()), text());
}

Hours hours_from(const JsonView& view) {
  Hours hours;
  hours.from = minute_from(view.at("from"), minutes_a_day - 1);
  hours.to = minute_from(view.at("to"), minutes_a_day);
  if (hours.from == hours.to) {
    throw view.at("to").error("\"from\" and \"to\" are the same time: these hours have no length",
                              "a whole day is from 00:00 to 24:00");
  }
  const auto days = view.find("days");
  if (!days) return hours;
  hours.days.fill(false);
  for (const JsonView& day : days->elements())
    hours.days.at(day_from(day)) = true;
  return hours;
}

}  // namespace offstage::offboarding
