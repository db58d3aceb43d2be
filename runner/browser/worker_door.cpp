#include "browser/worker_door.h"

#include "browser/targets.h"

namespace offstage::browser {

namespace {

/// What Chrome is to hold: everything, or what no page can ask for. Either way it stands ready to hold.
Json patterns(bool all) {
  return {{"patterns", {{{"urlPattern", all ? "*" : "offstage-none:*"}}}}};
}

}  // namespace

WorkerDoor::WorkerDoor(cdp::Client& client, std::function<std::shared_ptr<GateState>()> standing,
                       const Until& until)
    : client_(client), standing_(std::move(standing)), session_(browser_session(client, until)) {
  paused_ = session_->on("Fetch.requestPaused", [this](const Json& params) { on_paused(params); });
  session_->call("Fetch.enable", patterns(false), until);
}

WorkerDoor::~WorkerDoor() {
  client_.root().post("Target.detachFromTarget", {{"sessionId", session_->id()}});
}

void WorkerDoor::add(const std::string& target) {
  const std::lock_guard lock(mutex_);
  workers_.insert(target);
}

void WorkerDoor::bar(const std::string& target) {
  const std::lock_guard lock(mutex_);
  barred_.insert(target);
}

cdp::Call WorkerDoor::close() {
  const std::lock_guard lock(mutex_);
  return session_->send("Fetch.enable", patterns(true));
}

void WorkerDoor::on_paused(const Json& params) {
  std::shared_ptr<GateState> gate;
  const std::string from = text_of(params, "frameId");
  bool barred = false;
  {
    const std::lock_guard lock(mutex_);
    gate = standing_();
    // Under the lock: a gate that goes up now closes the door after this.
    if (!gate && barred_.empty()) session_->post("Fetch.enable", patterns(false));
    if (!workers_.contains(from)) gate.reset();
    barred = barred_.contains(from);
  }
  if (barred) {
    session_->post("Fetch.failRequest",
                   {{"requestId", params.at("requestId")}, {"errorReason", "BlockedByClient"}});
    return;
  }
  if (gate) return gate->on_paused(*session_, params);
  session_->post("Fetch.continueRequest", {{"requestId", params.at("requestId")}});
}

}  // namespace offstage::browser
