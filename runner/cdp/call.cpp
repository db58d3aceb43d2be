#include "cdp/connection.h"

namespace offstage::cdp {

void Call::State::complete(Reply reply) {
  {
    const std::lock_guard lock(mutex_);
    if (reply_) return;
    reply_ = std::move(reply);
  }
  changed_.notify_all();
  // Nothing changes it any more.
  if (then) then(*reply_);
}

Reply Call::State::wait(const Until& until) {
  std::unique_lock lock(mutex_);
  if (!reply_) {
    if (const std::shared_ptr<Connection> client = connection.lock()) client->count_wait();
    changed_.wait_until(lock, until.stop, until.deadline.at(), [this] { return reply_.has_value(); });
  }
  if (reply_) return *reply_;
  Reply reply;
  reply.outcome = until.stop.stop_requested() ? Reply::Outcome::stopped : Reply::Outcome::late;
  return reply;
}

Reply Call::wait(const Until& until) {
  return state_->wait(until);
}

void Handler::operator()(const Json& params) {
  const std::lock_guard lock(mutex_);
  if (!cancelled_) run_(params);
}

void Handler::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
}

bool Handler::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    if (cancel_) cancel_();
    cancel_ = std::exchange(other.cancel_, nullptr);
  }
  return *this;
}

Subscription::~Subscription() {
  if (cancel_) cancel_();
}

}  // namespace offstage::cdp
