#pragma once

#include <memory>
#include <string>
#include <vector>

#include "browser/monitor.h"
#include "cdp/client.h"

namespace offstage::browser {

/// The requests that a page may be waiting for: those that have not ended, but for streams, media, pings,
/// prefetches and workers' first scripts, which may never end or which the page does not wait for. A miss
/// while there are some counts as a console that is slow, and not as one that has changed. Keeps the 256
/// youngest. Thread-safe.
class InFlight {
 public:
  explicit InFlight(std::shared_ptr<Monitor> monitor) : monitor_(std::move(monitor)) {}

  /// Follows the Network events of a session of the page.
  std::vector<cdp::Subscription> listen(const std::shared_ptr<cdp::Session>& session);
  /// That session ended, and all its requests with it.
  void drop(const std::string& session_id);

  /// "GET https://host/path (3.2 s)", longest waiting first. What follows `?` is left out: it can hold
  /// tokens.
  std::vector<std::string> describe() const;

 private:
  struct Request {
    std::string session;
    std::string id;
    std::string frame;
    std::string loader;
    std::string method;
    std::string url;
    Clock::time_point since;
  };

  void add(const std::string& session, const Json& params);
  void remove(const std::string& id);
  void forget_other_documents(const Json& frame);

  std::shared_ptr<Monitor> monitor_;
  std::vector<Request> requests_;  // oldest first
};

}  // namespace offstage::browser
