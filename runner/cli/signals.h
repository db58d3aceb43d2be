#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/error.h"
#include "base/file.h"

namespace offstage::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a request to stop. Made once, in main, before any other thread: the
/// signals are blocked from then on and read by a thread of its own, but for those that were ignored already,
/// as nohup leaves SIGHUP. A second signal ends the process at
/// once, unless a Hold lives: then as soon as that is gone. SIGPIPE is ignored, so that a closed pipe is an
/// error of one write and not the end of a run.
class Signals {
 public:
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  std::stop_token token() const { return stop_.get_token(); }
  /// Error kind of the first signal that came, if any. Thread-safe.
  std::optional<Kind> received() const;

  /// Keeps a second signal from ending the process: between a commit and its journal entry.
  void hold();
  void release();

  /// Gives the signals their usual meaning again, for a program that is about to replace this one.
  static void restore();

 private:
  void watch();
  void take(int signal);

  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::optional<Kind> received_;
  int held_ = 0;
  FileDescriptor signals_;
  FileDescriptor finish_;
  std::thread thread_;
};

/// A stop that a signal asked for, as that signal: interrupted or terminated. Any other error as it is.
Error as_signalled(const Error& error, const Signals& signals);

/// Keeps secrets in memory out of core files, and other processes of the same user out of this one's memory.
void forbid_core_files();

}  // namespace offstage::cli
