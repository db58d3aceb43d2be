#include "recording/traffic.h"

#include <algorithm>

#include "base/hash.h"
#include "browser/targets.h"

namespace offstage::recording {

bool is_response(const Json& paused) {
  return paused.contains("responseStatusCode") || paused.contains("responseErrorReason");
}

std::vector<std::pair<std::string, std::string>> headers_from(const Json& headers) {
  std::vector<std::pair<std::string, std::string>> list;
  if (headers.is_array()) {
    for (const Json& each : headers)
      list.emplace_back(text_of(each, "name"), text_of(each, "value"));
  } else if (headers.is_object()) {
    for (const auto& [name, value] : headers.items())
      list.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return list;
}

std::optional<std::string> body_from(const Json& request) {
  // Bytes stand in postDataEntries; postData is for text, and loses what is not.
  if (const auto entries = request.find("postDataEntries"); entries != request.end()) {
    std::string body;
    for (const Json& part : *entries)
      body += base64_decoded(text_of(part, "bytes"));
    return body;
  }
  if (request.contains("postData")) return text_of(request, "postData");
  return std::nullopt;
}

Traffic::Traffic(browser::Browser& browser, bool responses, const Until& until) {
  session_ = browser::browser_session(browser.client(), until);
  subscriptions_.push_back(
      session_->on("Fetch.requestPaused", [this](const Json& params) { on_paused(params); }));
  Json patterns = Json::array({{{"urlPattern", "*"}, {"requestStage", "Request"}}});
  if (responses) patterns.push_back({{"urlPattern", "*"}, {"requestStage", "Response"}});
  session_->call("Fetch.enable", {{"patterns", std::move(patterns)}}, until);
}

Traffic::~Traffic() {
  subscriptions_.clear();
  // Without a handler nothing would be answered any more; Chrome lets go of the rest.
  session_->post("Fetch.disable");
}

browser::ContextOptions Traffic::through(std::shared_ptr<Lane> lane) {
  {
    const std::lock_guard lock(mutex_);
    lanes_.push_back({lane, {}});
  }
  browser::ContextOptions options;
  options.attached = [this, lane = std::move(lane)](const browser::AttachedTarget& target) {
    on_attached(lane, target);
  };
  return options;
}

void Traffic::close(const std::shared_ptr<Lane>& lane) {
  const std::lock_guard lock(mutex_);
  std::erase_if(lanes_, [&](const Open& open) { return open.lane == lane; });
  for (auto& [frame, owner] : frames_) {
    if (owner.lock() == lane) owner.reset();
  }
}

void Traffic::on_attached(const std::shared_ptr<Lane>& lane, const browser::AttachedTarget& target) {
  const std::weak_ptr<Lane> weak = lane;
  cdp::Subscription frames = target.session->on("Page.frameAttached", [this, weak](const Json& params) {
    const std::lock_guard lock(mutex_);
    frames_[text_of(params, "frameId")] = weak;
  });
  {
    const std::lock_guard lock(mutex_);
    frames_[target.id] = weak;
    subscriptions_.push_back(std::move(frames));
  }
  lane->on_attached(target);
}

std::shared_ptr<Lane> Traffic::lane_of(const std::string& frame) const {
  const std::lock_guard lock(mutex_);
  const auto known = frames_.find(frame);
  if (known != frames_.end()) return known->second.lock();
  // A worker's request names no frame of ours: with one context there is no doubt whose it is.
  return lanes_.size() == 1 ? lanes_.front().lane : nullptr;
}

void Traffic::on_paused(const Json& params) {
  const std::string frame = text_of(params, "frameId");
  const std::shared_ptr<Lane> lane = lane_of(frame);
  if (lane && is_response(params)) return lane->on_response(session_, params);
  if (lane) return lane->on_request(session_, params);
  note_stray(frame, text_of(params.at("request"), "url"));
  session_->post("Fetch.failRequest",
                 {{"requestId", params.at("requestId")}, {"errorReason", "BlockedByClient"}});
}

void Traffic::note_stray(const std::string& frame, const std::string& url) {
  const std::lock_guard lock(mutex_);
  // What still comes of a lane that was closed is nobody else's.
  if (frames_.contains(frame)) return;
  for (Open& open : lanes_) {
    if (std::find(open.strays.begin(), open.strays.end(), url) == open.strays.end())
      open.strays.push_back(url);
  }
}

std::vector<std::string> Traffic::strays(const std::shared_ptr<Lane>& lane) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(lanes_.begin(), lanes_.end(), [&](const Open& open) { return open.lane == lane; });
  return found == lanes_.end() ? std::vector<std::string>() : found->strays;
}

}  // namespace offstage::recording
