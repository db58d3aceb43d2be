#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "browser/fence.h"
#include "browser/targets.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Holds the fence at the browser's door, on a browser session of its own: what each page's own interception
/// does is not touched by it, nor it by that. In a Chrome that Offstage started it holds documents only, for
/// nothing else resolves, and learns from the pages' own events which of their calls came to nothing for
/// that; in an attached one it sees every request, and what it cannot tell to be a page of somebody else's it
/// takes for ours. Works on the I/O thread; thread-safe.
class FenceWatch {
 public:
  /// `ours` says whether a browser context is one of ours; it is called on the I/O thread.
  FenceWatch(cdp::Client& client, const Fence& fence, const Targets& targets,
             std::function<bool(const std::string& context)> ours, bool documents_only, const Until& until);

  /// Follows the Network events of a page's, frame's or worker's session, which must have them enabled.
  std::vector<cdp::Subscription> listen(const std::shared_ptr<cdp::Session>& session);

  /// As Context::fenced.
  std::vector<std::string> stopped() const;

 private:
  /// A session's id and a request's.
  using Request = std::pair<std::string, std::string>;

  void judge(const Json& params);
  bool allowed(const Json& params) const;
  void note(const std::string& url);
  void follow(const Request& request, const std::string& url);
  void failed(const Request& request, const std::string& error);

  const Fence fence_;
  const Targets& targets_;
  const std::function<bool(const std::string&)> ours_;
  const bool documents_only_;
  std::shared_ptr<cdp::Session> session_;
  mutable std::mutex mutex_;
  std::vector<std::string> stopped_;
  std::map<Request, std::string> outside_;  // addresses of requests on their way that lead out of the fence
  cdp::Subscription subscription_;          // last: ended before what it touches
};

}  // namespace offstage::browser
