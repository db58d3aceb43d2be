#include "browser/fence_watch.h"

#include <algorithm>

namespace offstage::browser {

FenceWatch::FenceWatch(cdp::Client& client, const Fence& fence, const Targets& targets,
                       std::function<bool(const std::string& context)> ours, bool documents_only,
                       const Until& until)
    : fence_(fence), targets_(targets), ours_(std::move(ours)), documents_only_(documents_only) {
  const Json attached = client.root().call("Target.attachToBrowserTarget", Json::object(), until);
  session_ = client.session(attached.at("sessionId").get<std::string>());
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
  {
    const std::string url = params.at("request").value("url", "");
    const std::lock_guard lock(mutex_);
    if (std::find(stopped_.begin(), stopped_.end(), url) == stopped_.end()) stopped_.push_back(url);
  }
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

std::vector<std::string> FenceWatch::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace offstage::browser
