// The part of a page that has to do with its request gate: putting one up, standing behind that of another
// page, and the end of a page that a gate was shut on.
#include "base/text.h"
#include "browser/context_impl.h"
#include "browser/page_impl.h"
#include "embedded/stop_loading_js.h"

namespace offstage::browser {

std::shared_ptr<GateState> PageImpl::gate() const {
  const Monitor::Lock lock = monitor_->lock();
  return gate_.lock();
}

std::vector<cdp::Call> PageImpl::stand_behind(const std::shared_ptr<GateState>& gate) {
  {
    const Monitor::Lock lock = monitor_->lock();
    gate_ = gate;
  }
  gate->ends_with_it([this] { end(); });
  return cover_all(gate);
}

std::vector<cdp::Call> PageImpl::cover_all(const std::shared_ptr<GateState>& gate) {
  std::vector<std::shared_ptr<cdp::Session>> frames;
  std::vector<std::shared_ptr<cdp::Session>> workers;
  {
    const Monitor::Lock lock = monitor_->lock();
    for (const auto& [id, listened] : sessions_)
      (listened.worker ? workers : frames).push_back(listened.session);
  }
  for (const std::shared_ptr<cdp::Session>& worker : workers)
    gate->follow(worker);
  std::vector<cdp::Call> calls;
  for (const std::shared_ptr<cdp::Session>& frame : frames) {
    if (std::optional<cdp::Call> call = gate->cover(frame)) calls.push_back(std::move(*call));
  }
  return calls;
}

std::unique_ptr<Page::RequestGate> PageImpl::gate_requests(RequestRule allow, const Until& until) {
  auto state = std::make_shared<GateState>(monitor_, std::move(allow));
  {
    const Monitor::Lock lock = monitor_->lock();
    if (!gate_.expired()) throw Error(Kind::internal, "a page has one request gate at a time");
    gate_ = state;
  }
  auto gate = std::make_unique<PageRequestGate>(state, [this] { end(); });
  std::vector<cdp::Call> calls = cover_all(state);
  for (cdp::Call& call : owner_.stand_behind(state, *this))
    calls.push_back(std::move(call));
  // Whatever has ended meanwhile sends nothing more; the page's own must hold.
  for (cdp::Call& call : calls) {
    const cdp::Reply reply = call.wait(until);
    if (reply.outcome == cdp::Reply::Outcome::detached && !session_->gone()) continue;
    throw_if_lost(reply);
    if (!reply.ok()) {
      throw Error(Kind::browser,
                  "Chrome does not hold the page's requests: " + printable(reply.message, 300));
    }
  }
  return gate;
}

void PageImpl::stop_loading(const Until& until) {
  std::vector<cdp::Call> stops;
  {
    const Monitor::Lock lock = monitor_->lock();
    for (const auto& [id, listened] : sessions_) {
      stops.push_back(listened.session->send("Runtime.evaluate",
                                             {{"expression", std::string(embedded::stop_loading_js)}}));
    }
  }
  for (cdp::Call& stop : stops)
    stop.wait(until);
}

void PageImpl::end() {
  constexpr Milliseconds patience{5000};
  constexpr Milliseconds step_patience{1000};
  // The gate still holds what comes, and lets go of it when the page closes: by then nothing may be left to
  // come, such as the request behind a preflight. Offline first, for what is let go all the same.
  const std::function<void()> steps[] = {
      [&] { set_network(0, 0, 0, Until::in(step_patience)); },
      [&] { stop_loading(Until::in(step_patience)); },
      [&] { close(Until::in(patience)); },
  };
  for (const std::function<void()>& step : steps) {
    try {
      step();
    } catch (const std::exception&) {
      continue;  // it is gone, or goes with its context
    }
  }
}

}  // namespace offstage::browser
