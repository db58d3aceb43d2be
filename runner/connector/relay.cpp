#include "connector/relay.h"

namespace offstage::connector {

void Relay::step_started(const std::string& path, const std::string& what) {
  if (caller_ != nullptr) caller_->step_started(path, what);
  progress_.step_started(path, what);
}

void Relay::step_finished(const std::string& path) {
  if (caller_ != nullptr) caller_->step_finished(path);
  progress_.step_finished(path);
}

void Relay::weaker_selector(const std::string& path, const std::string& used) {
  if (caller_ != nullptr) caller_->weaker_selector(path, used);
  progress_.weaker_selector(path, used);
}

void Relay::commit_intended(const script::CommitIntent& intent) {
  // Before anybody is told: should one of them throw, nothing was sent, but that is not for us to conclude.
  intended_ = true;
  if (caller_ != nullptr) caller_->commit_intended(intent);
  progress_.commit_intended(intent);
}

void Relay::commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) {
  not_sent_ = report.outcome == script::CommitReport::Outcome::not_sent;
  unauthorized_ = report.outcome == script::CommitReport::Outcome::refused && report.status == 401;
  if (caller_ != nullptr) caller_->commit_reported(intent, report);
  progress_.commit_reported(intent, report);
}

bool Relay::wants_captures() const {
  return progress_.wants_captures() || (caller_ != nullptr && caller_->wants_captures());
}

void Relay::captured(const std::string& name, const std::string& png, const std::string& html) {
  if (caller_ != nullptr) caller_->captured(name, png, html);
  progress_.captured(name, png, html);
}

}  // namespace offstage::connector
