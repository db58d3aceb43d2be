#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/command_line.h"
#include "cli/live_line.h"
#include "offboarding/progress.h"
#include "script/observer.h"

namespace offstage::cli {

/// Shows what a run does: on a terminal one live line on stderr, elsewhere a plain line for each thing that
/// begins. Steps of scripts are details there, and lines with --verbose. Gone with the object.
class Progress final : public offboarding::Progress, public script::Observer {
 public:
  explicit Progress(Run& run);  ///< `run` must outlive it
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void doing(const std::string& what) override;
  void waiting(const std::string& for_what, Milliseconds left) override;
  void finished(const std::string& what) override;
  void warned(const std::string& what) override;

  void step_started(const std::string& path, const std::string& what) override;
  void weaker_selector(const std::string& path, const std::string& used) override;
  /// From here a second signal waits, until it has been reported (and journaled) what became of the commit.
  void commit_intended(const script::CommitIntent& intent) override;
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override;

  /// Calls `listener` with everything that begins or is waited for, beside showing it.
  void tell(std::function<void(const std::string&)> listener) { listener_ = std::move(listener); }

  /// Takes the live line away: something is printed or asked now.
  void done();
  /// Brings it back.
  void resume();

 private:
  void release();

  Log& log_;
  Signals& signals_;
  bool live_;
  bool holding_ = false;
  std::unique_ptr<LiveLine> line_;
  std::function<void(const std::string&)> listener_;
  std::string doing_;
  std::string waiting_for_;
};

}  // namespace offstage::cli
