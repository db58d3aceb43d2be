#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>

#include "base/deadline.h"
#include "base/file.h"
#include "browser/browser.h"

namespace offstage::browser {

/// A Chrome that Offstage started, with its private folder. When this goes, or
/// Offstage does in whatever way, Chrome, all that it started and the folder go
/// too. One thread.
class ChromeProcess {
 public:
  /// Starts Chrome and waits until it accepts DevTools connections. Throws
  /// Error{browser} with its last words when it does not in time.
  ChromeProcess(const std::filesystem::path& executable, const LaunchOptions& options, const Until& until);
  ChromeProcess(const ChromeProcess&) = delete;
  ChromeProcess& operator=(const ChromeProcess&) = delete;
  ~ChromeProcess();

  /// The DevTools websocket address of the browser itself.
  const std::string& endpoint() const { return endpoint_; }
  /// The last lines that Chrome wrote to stderr, without those that mean
  /// nothing; empty when there are none.
  std::string last_words() const;
  /// Whether Chrome has ended by then. Does not end it.
  bool wait_ended(const Until& until);

 private:
  void start(const std::filesystem::path& executable, const LaunchOptions& options);
  void wait_ready(const Until& until);
  bool read_endpoint();
  /// Takes in what the guard tells, waiting for it at most that long.
  void take_reports(Milliseconds wait);
  [[noreturn]] void fail(std::string what) const;

  TemporaryFolder folder_;
  FileDescriptor lifeline_;  // our end: closing it ends the guard
  FileDescriptor status_;
  pid_t guard_ = -1;
  pid_t chrome_ = 0;
  bool ended_ = false;
  int ended_status_ = 0;
  int refused_ = 0;
  std::string endpoint_;
};

}  // namespace offstage::browser
