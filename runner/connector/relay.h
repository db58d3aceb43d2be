#pragma once

#include "script/observer.h"

namespace offstage::connector {

/// Hands what an interpreter tells on to two observers, and remembers what it says about the commit. Both
/// must outlive it; one thread.
class Relay final : public script::Observer {
 public:
  /// `caller` may be nullptr.
  Relay(script::Observer& progress, script::Observer* caller) : progress_(progress), caller_(caller) {}

  /// A commit was on its way and is not known to have changed nothing: it must not be repeated.
  bool may_have_changed() const { return intended_ && !unauthorized_ && !not_sent_; }
  /// The console answered the commit with 401: it changed nothing, because nobody was signed in.
  bool unauthorized() const { return unauthorized_; }

  void step_started(const std::string& path, const std::string& what) override;
  void step_finished(const std::string& path) override;
  void weaker_selector(const std::string& path, const std::string& used) override;
  void commit_intended(const script::CommitIntent& intent) override;
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override;
  bool wants_captures() const override;
  void captured(const std::string& name, const std::string& png, const std::string& html) override;

 private:
  script::Observer& progress_;
  script::Observer* caller_;
  bool intended_ = false;
  bool not_sent_ = false;
  bool unauthorized_ = false;
};

}  // namespace offstage::connector
