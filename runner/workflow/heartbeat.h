#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/deadline.h"
#include "base/file.h"
#include "base/json.h"

namespace offstage::workflow {

/// Tells whoever waits for a job that it is alive, again and again, on a thread of its own. Thread-safe; the
/// last beat has ended when this is gone.
class Heartbeat {
 public:
  /// One place to tell; `doing` says what the job does now, as one printable line. Must not throw.
  using Beat = std::function<void(const std::string& doing)>;

  Heartbeat() = default;
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

  /// Beats at once and then every `interval`. Called before anything else.
  void every(Milliseconds interval, Beat beat);
  /// What the job does from now on.
  void doing(const std::string& what);

 private:
  void beat_until_gone(Milliseconds interval, const Beat& beat);

  std::mutex mutex_;
  std::condition_variable gone_;
  bool over_ = false;
  std::string doing_ = "starting";
  std::vector<std::thread> threads_;
};

/// A beat for a program that holds the other end of descriptor `fd` (not stdin, stdout or stderr): one line
/// of JSON, {"time": …, "doing": …}. What it does not read is dropped, so that nobody waits for it. Chrome
/// does not get the descriptor. Throws Error{usage} when it is not open for writing.
Heartbeat::Beat beat_to_descriptor(int fd);

}  // namespace offstage::workflow
