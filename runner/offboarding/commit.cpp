#include "offboarding/commit.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

using script::CommitReport;

constexpr Milliseconds screenshot_time{10000};
constexpr Milliseconds last_screenshot_time{1000};  // after a stop request

/// Rule 1, once more at the last moment: a script that was given the wrong arguments stops here.
bool is_about(const script::CommitIntent& intent, const Action& action) {
  if (action.grant) return intent.target == action.grant->user;
  return intent.target == action.resource.name || intent.target == action.resource.id;
}

/// Whether a commit is known to have changed nothing, so that the same one may be announced again.
bool without_effect(const CommitReport& report) {
  return report.outcome == CommitReport::Outcome::not_sent ||
         (report.outcome == CommitReport::Outcome::refused && report.status == 401);
}

}  // namespace

CommitWatch::CommitWatch(const Action& action, connector::Console& console, Journal& journal,
                         Evidence& evidence, Progress& progress, std::stop_token stop)
    : action_(action),
      console_(console),
      journal_(journal),
      evidence_(evidence),
      progress_(progress),
      stop_(std::move(stop)) {}

void CommitWatch::weaker_selector(const std::string& path, const std::string& used) {
  journal_.write(Event::noted, action_.id, {{"what", "weaker_selector"}, {"step", path}, {"selector", used}});
}

void CommitWatch::commit_intended(const script::CommitIntent& intent) {
  if (!is_about(intent, action_)) {
    throw Error(Kind::refused, fmt::format("the script is about to act on {}, not on {}: nothing was sent",
                                           printable(intent.target), printable(action_.target())));
  }
  if (!intended_at_.empty() && !(report_ && without_effect(*report_)))
    throw Error(Kind::refused, "the script is about to commit a second time: that is never done in one run");
  take_screenshot("before");
  if (stop_.stop_requested()) throw Error(Kind::interrupted, "stopped before anything was sent");
  report_.reset();
  journal_.write(Event::intent, action_.id,
                 {{"target", intent.target},
                  {"script", intent.script},
                  {"step", intent.step},
                  {"method", intent.method},
                  {"urls", intent.urls}});
  intended_at_ = journal_.entries().back().at;
}

void CommitWatch::commit_reported(const script::CommitIntent& intent, const CommitReport& report) {
  (void)intent;
  report_ = report;
  journal_.write(Event::reported, action_.id,
                 {{"outcome", name_of(report.outcome)},
                  {"method", report.method},
                  {"url", report.url},
                  {"status", report.status},
                  {"words", printable(report.words, CommitReport::most_words)},
                  {"seen", report.seen}});
  take_screenshot("after");
}

/// The picture given is not known to be masked, and a page's HTML names everybody on it: evidence takes its
/// own masked picture of the same page instead.
void CommitWatch::captured(const std::string& name, const std::string& png, const std::string& html) {
  (void)png, (void)html;
  take_screenshot(name);
}

void CommitWatch::take_screenshot(const std::string& when) {
  std::string why;
  try {
    const auto keep =
        action_.grant ? std::vector<std::string>{action_.grant->user} : std::vector<std::string>{};
    const Until until = Until::in(stop_.stop_requested() ? last_screenshot_time : screenshot_time);
    evidence_.add_screenshot(action_.id, when, console_.screenshot(keep, until));
    return;
  } catch (const Error& error) {
    why = error.message();
  }
  // A removal is not held up for want of a picture, but the evidence says that it is missing.
  progress_.warned(fmt::format("no screenshot {} the commit: {}", printable(when), printable(why, 200)));
  journal_.write(Event::noted, action_.id, {{"what", "screenshot_missing"}, {"when", when}, {"why", why}});
}

}  // namespace offstage::offboarding
