#include "browser/targets.h"

namespace offstage::browser {

Target target_from(const Json& info) {
  return {text_of(info, "targetId"), text_of(info, "type"), text_of(info, "browserContextId"),
          text_of(info, "url")};
}

std::shared_ptr<cdp::Session> browser_session(cdp::Client& client, const Until& until) {
  const Json attached = client.root().call("Target.attachToBrowserTarget", Json::object(), until);
  return client.session(text_of(attached, "sessionId"));
}

Targets::Targets(cdp::Session& root) {
  const auto add = [this](const Json& params) { note(params); };
  subscriptions_.push_back(root.on("Target.targetCreated", add));
  subscriptions_.push_back(root.on("Target.targetInfoChanged", add));
  // Attaching may come before discovery tells of a target.
  subscriptions_.push_back(root.on("Target.attachedToTarget", add));
  subscriptions_.push_back(root.on("Target.targetDestroyed", [this](const Json& params) {
    const std::lock_guard lock(mutex_);
    targets_.erase(text_of(params, "targetId"));
  }));
}

void Targets::note(const Json& params) {
  Target target = target_from(member_of(params, "targetInfo"));
  const std::lock_guard lock(mutex_);
  targets_[target.id] = std::move(target);
}

std::optional<Target> Targets::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = targets_.find(id);
  return found == targets_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Target> Targets::at(const std::string& url) const {
  const std::lock_guard lock(mutex_);
  std::vector<Target> found;
  for (const auto& [id, target] : targets_) {
    if (target.url == url) found.push_back(target);
  }
  return found;
}

}  // namespace offstage::browser
