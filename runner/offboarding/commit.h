#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "connector/console.h"
#include "offboarding/action.h"
#include "offboarding/evidence.h"
#include "offboarding/journal.h"
#include "offboarding/progress.h"
#include "script/observer.h"

namespace offstage::offboarding {

/// Watches one action's scripts: the screenshots, and the journal's lines around the commit, written so that
/// the intent is on the disk before anything can be sent. One action, one thread; all references must
/// outlive it.
class CommitWatch : public script::Observer {
 public:
  /// A stop request on `stop` keeps a commit from being announced, and shortens what follows one.
  CommitWatch(const Action& action, connector::Console& console, Journal& journal, Evidence& evidence,
              Progress& progress, std::stop_token stop);

  /// When a commit was announced, or "".
  const std::string& intended_at() const { return intended_at_; }
  const std::optional<script::CommitReport>& report() const { return report_; }

  void weaker_selector(const std::string& path, const std::string& used) override;
  /// Throws Error{refused} for a commit that names another target, or a second one after the first may have
  /// had an effect (one that never left, or that was answered 401 because the session had ended, had none);
  /// Error{interrupted} when a stop was requested.
  void commit_intended(const script::CommitIntent& intent) override;
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override;
  bool wants_captures() const override { return true; }
  void captured(const std::string& name, const std::string& png, const std::string& html) override;

 private:
  void take_screenshot(const std::string& when);

  const Action& action_;
  connector::Console& console_;
  Journal& journal_;
  Evidence& evidence_;
  Progress& progress_;
  std::stop_token stop_;
  std::string intended_at_;
  std::optional<script::CommitReport> report_;
};

}  // namespace offstage::offboarding
