#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/deadline.h"
#include "cdp/client.h"

namespace offstage::browser {

/// The one lock under which the parts of a page keep what Chrome's events tell them, and the bell that wakes
/// the caller when something changed. Event handlers take the lock for moments only. Thread-safe; outlived by
/// nothing that uses it (shared).
class Monitor {
 public:
  using Lock = std::unique_lock<std::mutex>;

  explicit Monitor(std::shared_ptr<cdp::Session> session) : session_(std::move(session)) {}

  Lock lock() const { return Lock(mutex_); }
  /// To be called after a change.
  void notify() { changed_.notify_all(); }
  /// The page's renderer died: every wait ends.
  void crash();
  bool crashed() const;

  /// Blocks, with `lock` released meanwhile, until `ready` (called with the lock held) says so: true; or
  /// until the deadline: false. Throws Error{interrupted} on a stop and Error{browser} when the page is gone.
  bool wait(Lock& lock, const Until& until, const std::function<bool()>& ready);
  /// Sleeps for `span` or until the deadline, whichever is sooner; throws as `wait` does.
  void pause(Milliseconds span, const Until& until);

 private:
  std::shared_ptr<cdp::Session> session_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool crashed_ = false;
};

/// Throws what an outcome stands for that no page operation can go on from: crashed, detached and
/// disconnected as Error{browser}, stopped as Error{interrupted}. Returns for all others.
void throw_if_lost(const cdp::Reply& reply);

}  // namespace offstage::browser
