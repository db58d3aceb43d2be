#include "browser/monitor.h"

#include <algorithm>

#include "base/text.h"

namespace offstage::browser {

namespace {

// How soon a wait notices that the session ended without an event on the page's own session.
constexpr Milliseconds look_again{50};

Error crash_error() {
  return Error(Kind::browser, "the page crashed",
               "If pages crash again and again, Chrome may be short of memory: see `offstage doctor`.");
}

}  // namespace

void Monitor::crash() {
  {
    const Lock held = lock();
    crashed_ = true;
  }
  notify();
}

bool Monitor::crashed() const {
  const Lock held = lock();
  return crashed_;
}

bool Monitor::wait(Lock& lock, const Until& until, const std::function<bool()>& ready) {
  for (;;) {
    if (ready()) return true;
    if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while waiting for the page");
    if (crashed_) throw crash_error();
    if (session_->gone())
      throw Error(Kind::browser, "the page was closed, or the connection to Chrome ended");
    if (until.deadline.passed()) return false;
    changed_.wait_until(lock, until.stop, until.deadline.within(look_again).at(), ready);
  }
}

void Monitor::pause(Milliseconds span, const Until& until) {
  Lock held = lock();
  wait(held, until.within(span), [] { return false; });
}

void throw_if_lost(const cdp::Reply& reply) {
  using Outcome = cdp::Reply::Outcome;
  if (reply.outcome == Outcome::crashed) throw crash_error();
  if (reply.outcome == Outcome::detached) throw Error(Kind::browser, "the page was closed");
  if (reply.outcome == Outcome::stopped) {
    throw Error(Kind::interrupted, "stopped while waiting for the page");
  }
  if (reply.outcome == Outcome::disconnected) {
    const std::string words = printable(reply.message, 500);
    throw Error(Kind::browser, "the connection to Chrome ended" + (words.empty() ? "" : ": " + words));
  }
}

}  // namespace offstage::browser
