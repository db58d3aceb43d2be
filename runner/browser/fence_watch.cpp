#include "browser/fence_watch.h"

#include <algorithm>

namespace offstage::browser {

namespace {

/// So many requests that lead out of the fence are remembered while they are on their way, and so many
/// addresses that were stopped: a page that asks for ever does not fill the memory.
constexpr std::size_t most_outside = 1024;
constexpr std::size_t most_stopped = 1000;

/// What a page calls again and again differs in its query, which can hold tokens.
std::string without_query(const std::string& url) {
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

FenceWatch::FenceWatch(cdp::Client& client, const Fence& fence, const Targets& targets,
                       std::function<bool(const std::string& context)> ours, bool documents_only,
                       const Until& until)
    : fence_(fence), targets_(targets), ours_(std::move(ours)), documents_only_(documents_only) {
  session_ = browser_session(client, until);
  subscription_ = session_->on("Fetch.requestPaused", [this](const Json& params) { judge(params); });
  Json pattern{{"urlPattern", "*"}, {"requestStage", "Request"}};
  if (documents_only_) pattern["resourceType"] = "Document";
  session_->call("Fetch.enable", {{"patterns", Json::array({pattern})}}, until);
}

void FenceWatch::judge(const Json& params) {
  Json answer{{"requestId", params.at("requestId")}};
  if (allowed(params)) {
    session_->post("Fetch.continueRequest", std::move(answer));
    return;
  }
  const std::string url = params.at("request").value("url", "");
  note(params.value("resourceType", "") == "Document" ? url : without_query(url));
  answer["errorReason"] = "BlockedByClient";
  session_->post("Fetch.failRequest", std::move(answer));
}

bool FenceWatch::allowed(const Json& params) const {
  const std::string url = params.at("request").value("url", "");
  const bool document = params.value("resourceType", "") == "Document";
  if (document ? may_visit(fence_, url) : may_call(fence_, url)) return true;
  // In an attached browser other people's pages are no business of ours, where we know them for theirs.
  if (documents_only_) return false;
  const std::optional<Target> frame = targets_.find(params.value("frameId", ""));
  return frame && !ours_(frame->context);
}

void FenceWatch::note(const std::string& url) {
  const std::lock_guard lock(mutex_);
  if (stopped_.size() >= most_stopped) return;
  if (std::find(stopped_.begin(), stopped_.end(), url) == stopped_.end()) stopped_.push_back(url);
}

std::vector<cdp::Subscription> FenceWatch::listen(const std::shared_ptr<cdp::Session>& session) {
  if (!documents_only_) return {};  // all that is stopped was stopped by `judge`
  const auto id = [session_id = session->id()](const Json& params) {
    return Request(session_id, text_of(params, "requestId"));
  };
  std::vector<cdp::Subscription> list;
  list.push_back(session->on("Network.requestWillBeSent", [this, id](const Json& params) {
    // Documents are judged at the door.
    const bool document = text_of(params, "type") == "Document";
    follow(id(params), document ? std::string() : text_of(params.at("request"), "url"));
  }));
  list.push_back(session->on("Network.loadingFailed", [this, id](const Json& params) {
    failed(id(params), text_of(params, "errorText"));
  }));
  list.push_back(session->on("Network.loadingFinished",
                             [this, id](const Json& params) { follow(id(params), std::string()); }));
  list.push_back(session->on("Network.webSocketCreated",
                             [this, id](const Json& params) { follow(id(params), text_of(params, "url")); }));
  list.push_back(session->on("Network.webSocketFrameError", [this, id](const Json& params) {
    failed(id(params), text_of(params, "errorMessage"));
  }));
  list.push_back(session->on("Network.webSocketClosed",
                             [this, id](const Json& params) { follow(id(params), std::string()); }));
  return list;
}

void FenceWatch::follow(const Request& request, const std::string& url) {
  const bool outside = !origin_of(url).empty() && !may_call(fence_, url);
  const std::lock_guard lock(mutex_);
  if (!outside) {
    outside_.erase(request);  // a redirect comes under the same id
    return;
  }
  if (outside_.size() >= most_outside) outside_.erase(outside_.begin());
  outside_[request] = url;
}

void FenceWatch::failed(const Request& request, const std::string& error) {
  std::string url;
  {
    const std::lock_guard lock(mutex_);
    const auto found = outside_.find(request);
    if (found == outside_.end()) return;
    url = std::move(found->second);
    outside_.erase(found);
  }
  // Chrome has other reasons too, such as a page's own security policy: that is not the fence's doing.
  const bool stopped = error.find("net::ERR_NAME_NOT_RESOLVED") != std::string::npos ||
                       error.find("net::ERR_BLOCKED_BY_CLIENT") != std::string::npos;
  if (stopped) note(without_query(url));
}

std::vector<std::string> FenceWatch::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace offstage::browser
