#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "browser/request_gate.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Where the requests of a context's shared workers are held for a gate: at the browser's door, on a browser
/// session of its own. On a worker's own session Chrome (156) holds them only when it is asked to before the
/// worker's script has come, which nobody can be sure of; the door stands before all workers that begin after
/// it, and can be closed at any time. What others send while it is closed passes. Thread-safe; works on the
/// I/O thread.
class WorkerDoor {
 public:
  /// Open at first. `standing` gives the gate that stands in the context, or nothing; it is called on the I/O
  /// thread.
  WorkerDoor(cdp::Client& client, std::function<std::shared_ptr<GateState>()> standing, const Until& until);
  WorkerDoor(const WorkerDoor&) = delete;
  WorkerDoor& operator=(const WorkerDoor&) = delete;
  /// Chrome lets go of what it still holds.
  ~WorkerDoor();

  /// This target is a shared worker of the context.
  void add(const std::string& target);
  /// Nothing that this shared worker still sends passes, also when no gate stands any more; for as long as
  /// the context lives, the door does not open again. To be called while the gate still stands.
  void bar(const std::string& target);
  /// Closes it, for a gate that stands already; the call ends once Chrome holds. It opens by itself when no
  /// gate stands any more and nobody is barred.
  cdp::Call close();

 private:
  void on_paused(const Json& params);

  cdp::Client& client_;
  const std::function<std::shared_ptr<GateState>()> standing_;
  std::mutex mutex_;
  std::set<std::string> workers_;  // also those that have ended: what they sent last may come after that
  std::set<std::string> barred_;
  std::shared_ptr<cdp::Session> session_;
  cdp::Subscription paused_;  // last: ended before what it touches
};

}  // namespace offstage::browser
