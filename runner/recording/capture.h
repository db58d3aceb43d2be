#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "recording/recording.h"
#include "recording/traffic.h"

namespace offstage::recording {

/// Lets everything pass and keeps it: every hop of every request with both bodies, the cookies that answers
/// set, server-sent events, WebSockets that were opened, dialogs. Read at the answer itself, before the page
/// gets it, so that nothing is lost when the page goes elsewhere. Events on the I/O thread; the rest from
/// any.
class Capture : public Lane, public std::enable_shared_from_this<Capture> {
 public:
  /// In which pages are recorded, so that a replay shows the same times wherever it runs.
  static constexpr const char* time_zone = "UTC";

  void on_request(const std::shared_ptr<cdp::Session>& session, const Json& paused) override;
  void on_response(const std::shared_ptr<cdp::Session>& session, const Json& paused) override;
  void on_attached(const browser::AttachedTarget& target) override;

  /// How many requests were sent so far, and whether each was answered.
  std::size_t requests() const;
  bool all_answered() const;

  /// Waits until what is under way has been answered, or time is up; then puts exchanges, WebSockets and
  /// dialogs into the recording, in the order in which they were sent. A request that is still unanswered
  /// then is recorded as failed ("TimedOut"). Throws Error{browser} when a body could not be read: a
  /// recording with a hole in it is none.
  void finish(Recording& recording, const TrafficRules& rules, const Until& until);

 private:
  struct Kept {
    Exchange exchange;
    std::string network_id;  ///< Network's id; shared by the hops of one chain
    std::string redirected;  ///< Fetch's id of the hop before
    std::string fetch_id;
    Clock::time_point sent;
    Clock::time_point answered;
    bool done = false;
  };
  struct Extra {
    int status = 0;
    std::vector<std::string> cookies;
  };

  Kept* find(const std::string& fetch_id);  // with the lock held
  void complete(Kept& kept);                // with the lock held
  void on_body(const std::string& fetch_id, const cdp::Reply& reply);
  void on_extra(const Json& params);
  void on_event(const Json& params);
  void put_cookies();     // with the lock held
  bool all_done() const;  // with the lock held
  void number(const TrafficRules& rules);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<Kept>> kept_;
  std::map<std::string, std::vector<Extra>> extras_;  ///< by Network's id
  std::map<std::string, std::string> events_;         ///< server-sent, by Network's id
  std::vector<std::string> websockets_;
  std::vector<DialogSeen> dialogs_;
  std::string fault_;
  std::vector<cdp::Subscription> subscriptions_;
};

}  // namespace offstage::recording
