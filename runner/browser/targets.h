#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cdp/client.h"

namespace offstage::browser {

/// One thing that Chrome can attach to: a page, an out-of-process frame, a worker.
struct Target {
  std::string id;
  std::string type;
  std::string context;  ///< the browser context's id
  std::string url;
};

/// From a Target.TargetInfo.
Target target_from(const Json& info);

/// Another session with the browser itself: what it has Chrome hold (Fetch) is its own affair, beside what
/// other sessions do. Throws as Session::call does.
std::shared_ptr<cdp::Session> browser_session(cdp::Client& client, const Until& until);

/// All targets of the browser as it announces them (Target.setDiscoverTargets must be on). Fed on the I/O
/// thread; thread-safe.
class Targets {
 public:
  explicit Targets(cdp::Session& root);

  std::optional<Target> find(const std::string& id) const;
  /// The targets whose address is exactly `url`.
  std::vector<Target> at(const std::string& url) const;

 private:
  void note(const Json& params);

  mutable std::mutex mutex_;
  std::map<std::string, Target> targets_;
  std::vector<cdp::Subscription> subscriptions_;  // last: ended before what they touch
};

}  // namespace offstage::browser
