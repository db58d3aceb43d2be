#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>

#include "base/deadline.h"
#include "base/file.h"
#include "base/json.h"
#include "browser/browser.h"
#include "cdp/client.h"
#include "cdp/transport.h"

namespace offstage::browser {

/// A Chrome that Offstage started, with its private folder. When this goes, or
/// Offstage does in whatever way, Chrome, all that it started and the folder go
/// too. One thread.
class ChromeProcess {
 public:
  /// Starts Chrome, without waiting for it. Throws Error{browser} when the system
  /// refuses, Error{usage} as `chrome_arguments`.
  ChromeProcess(const std::filesystem::path& executable, const LaunchOptions& options);
  ChromeProcess(const ChromeProcess&) = delete;
  ChromeProcess& operator=(const ChromeProcess&) = delete;
  ~ChromeProcess();

  /// The connection to it, once: over pipes that nobody else can reach.
  std::unique_ptr<cdp::Transport> connect();
  /// Waits until Chrome answers over that connection, and gives the answer of
  /// Browser.getVersion. Throws Error{browser} with its last words when it does
  /// not in time.
  Json wait_ready(cdp::Client& client, const Until& until);
  /// Throws Error{browser} with how Chrome ended and its last words, for a
  /// connection that ended while it was starting.
  [[noreturn]] void fail_ended();
  /// Its private folder, with the profile; gone with this.
  const std::filesystem::path& folder() const { return folder_.path(); }
  /// The last lines that Chrome wrote to stderr, without those that mean
  /// nothing; empty when there are none.
  std::string last_words() const;
  /// Whether Chrome has ended by then. Does not end it.
  bool wait_ended(const Until& until);

 private:
  void start(const std::filesystem::path& executable, const LaunchOptions& options);
  /// Takes in what the guard tells, waiting for it at most that long.
  void take_reports(Milliseconds wait);
  [[noreturn]] void fail(std::string what) const;

  TemporaryFolder folder_;
  FileDescriptor lifeline_;  // our end: closing it ends the guard
  FileDescriptor status_;
  FileDescriptor commands_;  // our ends of the connection, until `connect`
  FileDescriptor answers_;
  pid_t guard_ = -1;
  pid_t chrome_ = 0;
  bool ended_ = false;
  int ended_status_ = 0;
  int refused_ = 0;
};

}  // namespace offstage::browser
