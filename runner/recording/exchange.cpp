#include "recording/exchange.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording {
namespace {

/// Reads a moment from left to right; `good` stays true while all is as it should be.
struct MomentScanner {
  std::string_view rest;
  bool good = true;

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') {
        good = false;
        return 0;
      }
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }
  bool take(std::string_view any_of) {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  void need(std::string_view any_of) { good = take(any_of) && good; }
};

}  // namespace

std::optional<double> moment_of(std::string_view text) {
  MomentScanner at{text};
  const int year = at.digits(4);
  at.need("-");
  const int month = at.digits(2);
  at.need("-");
  const int day = at.digits(2);
  at.need("Tt ");
  const int hour = at.digits(2);
  at.need(":");
  const int minute = at.digits(2);
  at.need(":");
  const int second = at.digits(2);
  double fraction = 0;
  if (at.good && at.take(".")) {
    at.good = !at.rest.empty() && at.rest.front() >= '0' && at.rest.front() <= '9';
    for (double digit = 100; !at.rest.empty() && at.rest.front() >= '0' && at.rest.front() <= '9';
         digit /= 10)
      fraction += at.digits(1) * digit;
  }
  int offset = 0;
  if (at.good && !at.take("Zz")) {
    const bool west = at.rest.starts_with('-');
    at.need("+-");
    const int hours = at.digits(2);
    at.take(":");
    offset = (hours * 60 + at.digits(2)) * (west ? -1 : 1);
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!at.good || !at.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const double seconds = static_cast<double>(days) * 86400 + hour * 3600 + (minute - offset) * 60 + second;
  return seconds * 1000 + fraction;
}

std::string moment_text(double milliseconds) {
  constexpr double first = -62167219200000.0;  // 0000-01-01
  constexpr double last = 253402300799999.0;   // 9999-12-31
  const auto count = static_cast<std::int64_t>(std::clamp(std::floor(milliseconds), first, last));
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(count)};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss time{moment - midnight};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

int epoch_at(double sent, const std::vector<double>& over) {
  return static_cast<int>(
      std::count_if(over.begin(), over.end(), [sent](double moment) { return moment <= sent; }));
}

void number_epochs(std::vector<Exchange>& exchanges, const TrafficRules& rules) {
  std::vector<double> over;  // when each mutation so far was
  for (Exchange& exchange : exchanges) {
    exchange.mutation = changes_something(exchange.method, exchange.url, rules);
    const std::optional<double> started = moment_of(exchange.started_at);
    exchange.epoch = started ? epoch_at(*started, over) : static_cast<int>(over.size());
    if (exchange.mutation && started) over.push_back(*started + exchange.milliseconds);
  }
}

std::vector<bool> epoch_openings(const std::vector<Exchange>& exchanges) {
  std::vector<bool> opens(exchanges.size());
  std::vector<std::size_t> unanswered;  // those that have opened none yet
  int count = 0;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    const Exchange& exchange = exchanges[i];
    for (; count < exchange.epoch && !unanswered.empty(); ++count) {
      opens[unanswered.front()] = true;
      unanswered.erase(unanswered.begin());
    }
    if (!exchange.mutation) continue;
    if (exchange.status != 0) {
      opens[i] = true;
      ++count;
    } else {
      unanswered.push_back(i);
    }
  }
  return opens;
}

}  // namespace offstage::recording
