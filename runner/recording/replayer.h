#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "recording/recording.h"
#include "recording/tape.h"
#include "recording/traffic.h"

namespace offstage::recording {

/// Answers every request of a context from a recording, as its tape decides, and lets nothing through: what
/// was not recorded fails. Pins clock, random numbers and time zone of pages, frames and workers. Events on
/// the I/O thread; the rest from any.
class Replayer : public Lane, public std::enable_shared_from_this<Replayer> {
 public:
  /// How long an answer is held back, by the index of its exchange: for tests of slow consoles.
  using Delays = std::map<std::size_t, Milliseconds>;

  /// `recording` must outlive it. `page_script` runs in every document after the pins, before its own.
  Replayer(const Recording& recording, const TrafficRules& rules, Delays delays = {},
           std::string page_script = {});

  void on_request(const std::shared_ptr<cdp::Session>& session, const Json& paused) override;
  void on_response(const std::shared_ptr<cdp::Session>& session, const Json& paused) override;
  void on_attached(const browser::AttachedTarget& target) override;

  /// What was asked and is not on the tape, and mutations on it that were never asked for: none when the run
  /// sent exactly what was recorded.
  const Tape& tape() const { return tape_; }
  /// How many requests there were so far.
  std::size_t requests() const;
  /// The requests as they were answered, for a person: "GET https://… 200", "DELETE … not recorded".
  std::vector<std::string> told() const;

 private:
  void fulfil(cdp::Session& session, const std::string& id, const Exchange& exchange);
  void fail(cdp::Session& session, const std::string& id, const std::string& reason);
  void tell(const Request& request, const std::string& what);

  const Recording& recording_;
  const std::string pins_;  ///< the script that pins, ready to be evaluated
  const Delays delays_;
  const std::string page_script_;
  Tape tape_;
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
  std::vector<std::jthread> waiting_;  ///< answers that are held back
};

}  // namespace offstage::recording
