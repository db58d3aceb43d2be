#include "script/failure.h"

#include <fmt/format.h>

#include "base/text.h"
#include "script/describe.h"

namespace offstage::script {
namespace {

using Why = browser::Miss::Why;

/// Whether waiting longer could have helped.
bool may_still_come(Why why) {
  return why != Why::ambiguous && why != Why::no_option && why != Why::not_editable;
}

std::string hint_for(Why why) {
  switch (why) {
    case Why::absent:
    case Why::hidden:
      return "compare the page with the script: record the step again, or add a selector that matches now";
    case Why::ambiguous:
      return "make the selector say which one: by its name, or inside a `within`";
    case Why::unstable:
    case Why::disabled:
      return "the page may need a step before this one, or a longer `timeout`";
    case Why::covered:
      return "close what lies over it first: a `when` step can deal with a banner that comes sometimes";
    case Why::guard:
    case Why::condition:
      return "look at the page: it says something else than the script expects";
    case Why::not_editable:
      return "name the field itself, not its label or the box around it";
    case Why::no_option:
      return "give the option's `value`, not its label";
    case Why::frame:
      return "frames are numbered in the order of the page: record the step again";
  }
  return {};
}

/// What keeps the page from being itself; empty: nothing.
std::string trouble_of(const browser::Page& page) {
  if (page.url().starts_with("chrome-error:")) return "Chrome could not load the page";
  const std::vector<std::string> loading = page.in_flight();
  if (loading.empty()) return {};
  const std::string more = loading.size() > 1 ? fmt::format(" and {} more", loading.size() - 1) : "";
  return fmt::format("the page is still waiting for {}{}", printable(loading.front(), 200), more);
}

PlacedError retold(const Error& error, std::string message) {
  return PlacedError(error.retold(std::move(message), error.hint()));
}

}  // namespace

PlacedError placed(const Error& error, const Script& script, const Step& step, const std::string& what) {
  return retold(error, fmt::format("{}:{}: {} ({}): {}", script.file.string(), step.line, place_of(step.path),
                                   what, error.message()));
}

PlacedError placed_last(const Error& error, const Script& script, const Step& step) {
  return retold(error, fmt::format("{} ({}:{}, {})", error.message(), script.file.filename().string(),
                                   step.line, place_of(step.path)));
}

Error missed(const browser::Page& page, const browser::Miss& miss, const std::string& before) {
  const std::string message = before.empty() ? miss.explain() : before + ": " + miss.explain();
  if (!may_still_come(miss.why)) return Error(Kind::drift, message, hint_for(miss.why));
  return not_seen(page, message, hint_for(miss.why));
}

Error not_seen(const browser::Page& page, const std::string& message, const std::string& hint) {
  const std::string trouble = trouble_of(page);
  if (trouble.empty()) return Error(Kind::drift, message, hint);
  return Error(Kind::unreachable, fmt::format("{}; {}", message, trouble),
               "try again when the console answers faster");
}

Error in_time(const Error& error, const Until& until) {
  if (error.kind() != Kind::drift || !until.deadline.passed()) return error;
  return Error(Kind::unreachable, "the time for the script is over; until then " + error.message(),
               "allow more time");
}

void throw_if_over(const Until& until) {
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped on request");
  if (until.deadline.passed()) {
    throw Error(Kind::unreachable, "the time for the script is over", "allow more time");
  }
}

void pause(Milliseconds span, const Until& until) {
  sleep_until(until.deadline.within(span).at(), until.stop);
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped on request");
}

}  // namespace offstage::script
