#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "browser/browser.h"
#include "cdp/client.h"

namespace offstage::recording {

/// Whoever decides about the requests of one browser context: recording lets them pass and keeps them,
/// replaying answers them. Called on the I/O thread; must not block. Owned by shared pointers: requests may
/// still be held when its owner has lost interest.
class Lane {
 public:
  virtual ~Lane() = default;
  /// A request that Chrome holds (Fetch.requestPaused): it must be continued, fulfilled or failed by its id.
  virtual void on_request(const std::shared_ptr<cdp::Session>& session, const Json& paused) = 0;
  /// Its answer, held as well; only where the traffic is asked to hold answers.
  virtual void on_response(const std::shared_ptr<cdp::Session>& session, const Json& paused) = 0;
  /// A page, frame or worker of the context, while Chrome still holds it.
  virtual void on_attached(const browser::AttachedTarget& target) { (void)target; }
};

/// Every request that a browser sends, whatever sends it (documents, popups, frames in processes of their
/// own, workers), held at one place: the browser's root session, nearest to the network. Each is handed to
/// the lane of the context that it belongs to. One that belongs to no lane is failed, never let through, and
/// noted. Source: measured on Chromium 156; a root session's Fetch sees what a page's own does not (service
/// workers). Thread-safe; must go before the browser.
class Traffic {
 public:
  /// `responses`: hold answers too. Throws Error{browser} when Chrome does not hold requests.
  Traffic(browser::Browser& browser, bool responses, const Until& until);
  ~Traffic();
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  /// What to open a context with whose requests shall go to `lane`. The traffic must outlive the context.
  browser::ContextOptions through(std::shared_ptr<Lane> lane);
  /// From then on what still comes of that lane's context is failed.
  void close(const std::shared_ptr<Lane>& lane);

  /// Addresses that belonged to no lane, each once, in order: those that came while this one was open, for it
  /// may have been its own.
  std::vector<std::string> strays(const std::shared_ptr<Lane>& lane) const;

 private:
  struct Open {
    std::shared_ptr<Lane> lane;
    std::vector<std::string> strays;
  };

  void on_attached(const std::shared_ptr<Lane>& lane, const browser::AttachedTarget& target);
  void on_paused(const Json& params);
  void note_stray(const std::string& frame, const std::string& url);
  std::shared_ptr<Lane> lane_of(const std::string& frame) const;

  std::shared_ptr<cdp::Session> session_;
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Lane>> frames_;  ///< frame or target id -> lane; empty: it was closed
  std::vector<Open> lanes_;
  std::vector<cdp::Subscription> subscriptions_;  // last: ended before what they touch
};

/// Whether a paused request is at its answer already.
bool is_response(const Json& paused);
/// Header fields as Fetch gives them: an object of a request, a list of a response.
std::vector<std::pair<std::string, std::string>> headers_from(const Json& headers);
/// The body of a held request; nothing when there is none.
std::optional<std::string> body_from(const Json& request);

}  // namespace offstage::recording
