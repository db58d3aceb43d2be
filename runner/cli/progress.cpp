#include "cli/progress.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::cli {

Progress::Progress(Run& run)
    : log_(run.log),
      signals_(run.signals),
      live_(::isatty(STDERR_FILENO) == 1 && !run.settings.quiet && !run.settings.verbose &&
            run.settings.log_format == "text" && wants_colour(Colour::automatic, STDERR_FILENO)) {
  resume();
}

Progress::~Progress() {
  release();
  done();
}

void Progress::resume() {
  if (!live_ || line_) return;
  line_ = std::make_unique<LiveLine>();
  log_.set_around([line = line_.get()](const std::function<void()>& write) { line->around(write); });
}

void Progress::done() {
  if (!line_) return;
  log_.set_around(nullptr);
  line_.reset();
}

void Progress::commit_intended(const script::CommitIntent& intent) {
  (void)intent;
  if (holding_) return;
  signals_.hold();
  holding_ = true;
}

void Progress::commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) {
  (void)intent, (void)report;
  release();
}

void Progress::release() {
  if (holding_) signals_.release();
  holding_ = false;
}

void Progress::doing(const std::string& what) {
  release();  // a commit whose end was thrown instead of reported is journaled by now
  // Looking again and again while waiting is one thing for who reads lines.
  const bool again = what == doing_ && !waiting_for_.empty();
  if (!again) waiting_for_.clear();
  doing_ = what;
  if (listener_) listener_(what);
  if (line_) {
    line_->show(what);
  } else if (!again) {
    log_.info(what);
  }
}

void Progress::waiting(const std::string& for_what, Milliseconds left) {
  if (listener_) listener_(for_what);
  if (line_) {
    line_->show(for_what);
  } else if (for_what != waiting_for_) {
    log_.info(fmt::format("{} (up to {} s)", for_what, left.count() / 1000));
  }
  waiting_for_ = for_what;
}

void Progress::finished(const std::string& what) {
  release();
  if (line_) line_->clear();
  log_.info(what);
}

void Progress::warned(const std::string& what) {
  log_.warn(what);
}

void Progress::step_started(const std::string& /*path*/, const std::string& what) {
  if (line_) line_->detail(printable(what, 120));
}

void Progress::weaker_selector(const std::string& path, const std::string& used) {
  log_.debug(fmt::format("{}: found by a later choice, {}", path, used));
}

}  // namespace offstage::cli
