#include "browser/pointer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace offstage::browser {

namespace {

using Ended = cdp::Reply::Outcome;

// The guard's word normally comes before Chrome's answer to the last event; after this long the page is
// asked.
constexpr Milliseconds verdict_patience{100};
// Input that was sent is followed at least this long, whatever the deadline says.
constexpr Milliseconds least_follow{2000};
constexpr Milliseconds armed_for{10'000};

// Pauses between tries: most misses are over within a frame or two.
Milliseconds backoff(int attempt) {
  constexpr std::array<int, 5> spans{10, 20, 50, 100, 200};
  return Milliseconds{spans.at(static_cast<std::size_t>(std::min(attempt, 4)))};
}

struct ButtonWords {
  const char* name;
  int bit;  // in MouseEvent.buttons
};

ButtonWords words(Button button) {
  switch (button) {
    case Button::left:
      return {"left", 1};
    case Button::right:
      return {"right", 2};
    case Button::middle:
      return {"middle", 4};
    case Button::back:
      return {"back", 8};
    case Button::forward:
      return {"forward", 16};
  }
  throw Error(Kind::internal, "there is no such mouse button");
}

}  // namespace

Until follow(const Until& until) {
  return {Deadline(std::max(until.deadline.at(), Clock::now() + least_follow)), until.stop};
}

Pointer::Pointer(Asker& asker, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
                 std::shared_ptr<cdp::Session> session)
    : asker_(asker), keyboard_(keyboard), monitor_(std::move(monitor)), session_(std::move(session)) {}

std::vector<cdp::Subscription> Pointer::listen(const std::shared_ptr<cdp::Session>& session) {
  std::vector<cdp::Subscription> list;
  list.push_back(session->on("Runtime.bindingCalled", [this](const Json& params) {
    if (text_of(params, "name") != inpage::binding_name) return;
    try {
      inpage::Verdict said = inpage::parse_verdict(text_of(params, "payload"));
      const Monitor::Lock lock = monitor_->lock();
      if (said.token == token_) verdict_ = std::move(said);
    } catch (const Error&) {
      return;  // not from our script; without a verdict the page is asked
    }
    monitor_->notify();
  }));
  return list;
}

std::string Pointer::next_token() {
  const Monitor::Lock lock = monitor_->lock();
  verdict_.reset();
  token_ = fmt::format("click-{}", ++last_token_);
  return token_;
}

std::optional<Json> Pointer::call_on_frame(const World& parent, const std::string& frame, Json call,
                                           const Until& until) {
  const auto ask = [&](std::string_view method, Json params) -> std::optional<Json> {
    cdp::Reply reply = parent.session->send(method, std::move(params)).wait(until);
    if (world_lost(reply) || reply.outcome == Ended::dialog) return std::nullopt;
    if (reply.outcome == Ended::detached && !asker_.frames().is_main(parent.frame)) return std::nullopt;
    throw_if_lost(reply);
    if (reply.outcome == Ended::late) return std::nullopt;
    if (!reply.ok()) throw Error(Kind::internal, fmt::format("Chrome refused {}: {}", method, reply.message));
    return std::move(reply.result);
  };
  const std::optional<Json> owner = ask("DOM.getFrameOwner", {{"frameId", frame}});
  if (!owner) return std::nullopt;
  const std::optional<Json> element =
      ask("DOM.resolveNode",
          {{"backendNodeId", integer_of(*owner, "backendNodeId")}, {"executionContextId", parent.id}});
  if (!element) return std::nullopt;
  call["objectId"] = text_of(member_of(*element, "object"), "objectId");
  std::optional<Json> answer = ask("Runtime.callFunctionOn", std::move(call));
  if (answer && !inpage::installed(*answer)) {
    asker_.install(parent, until);
    return std::nullopt;
  }
  return answer;
}

std::variant<inpage::Point, Pointer::Again> Pointer::in_page(const World& world, inpage::Point at,
                                                             const Until& until) {
  std::string frame = world.frame;
  while (!asker_.frames().is_main(frame)) {
    const std::optional<World> parent = asker_.frames().parent_world(frame);
    if (!parent) return Again{};
    const std::optional<Json> reply =
        call_on_frame(*parent, frame, inpage::frame_point_call(at.x, at.y), until);
    if (!reply) return Again{};
    std::variant<inpage::Point, Miss> above = inpage::parse_frame_point(*reply);
    if (Miss* miss = std::get_if<Miss>(&above)) return Again{std::move(*miss)};
    at.x = std::get<inpage::Point>(above).x;
    at.y = std::get<inpage::Point>(above).y;
    frame = parent->frame;
  }
  return at;
}

Pointer::Found Pointer::locate(const FramePath& frame, const Query& query, const ClickOptions& options,
                               inpage::Gesture gesture, const std::string& token, const Until& until) {
  std::variant<Asker::Answer, Miss> asked = asker_.ask(
      frame,
      [&](Milliseconds left) {
        return inpage::point_request(query, options, gesture, token, left, armed_for + options.duration);
      },
      until);
  if (Miss* miss = std::get_if<Miss>(&asked)) return std::move(*miss);
  const Asker::Answer& answer = std::get<Asker::Answer>(asked);
  std::variant<inpage::Point, Miss> point = inpage::parse_point(answer.reply);
  if (Miss* miss = std::get_if<Miss>(&point)) return std::move(*miss);
  std::variant<inpage::Point, Again> above = in_page(answer.world, std::get<inpage::Point>(point), until);
  if (const auto* at = std::get_if<inpage::Point>(&above)) return Place{*at, answer.world, token};
  // Nothing will be sent: the guard must not swallow what others do.
  if (gesture == inpage::Gesture::click) asker_.ask_once(answer.world, inpage::disarm_request(token), until);
  return std::get<Again>(std::move(above));
}

std::optional<Pointer::Place> Pointer::find(const FramePath& frame, const Query& query,
                                            const ClickOptions& options, inpage::Gesture gesture,
                                            Outcome& outcome, const Until& until) {
  for (int attempt = 0;; ++attempt) {
    Found found = locate(frame, query, options, gesture, next_token(), until);
    if (Place* place = std::get_if<Place>(&found)) {
      outcome.miss.reset();
      outcome.alternative = place->at.alternative;
      return std::move(*place);
    }
    if (Miss* miss = std::get_if<Miss>(&found)) {
      // The last look may have had no time to see the element stand still: what was wrong before says more.
      if (!outcome.miss || miss->why != Miss::Why::unstable) outcome.miss = std::move(*miss);
      return std::nullopt;
    }
    if (Again& again = std::get<Again>(found); again.miss) outcome.miss = std::move(again.miss);
    if (until.deadline.passed()) {
      if (!outcome.miss) {
        outcome.miss = Miss{};
        outcome.miss->why = Miss::Why::frame;
        outcome.miss->seen = "the frame's place in the page could not be found";
      }
      return std::nullopt;
    }
    monitor_->pause(backoff(attempt), until);
  }
}

Json Pointer::event(std::string_view type, const inpage::Point& at) const {
  return {{"type", type}, {"x", at.x}, {"y", at.y}, {"modifiers", keyboard_.modifiers()}};
}

cdp::Reply Pointer::press(const inpage::Point& at, const ClickOptions& options, const Until& until) {
  const ButtonWords button = words(options.button);
  std::vector<cdp::Call> calls;
  const auto send = [&](Json params) {
    calls.push_back(session_->send("Input.dispatchMouseEvent", std::move(params)));
  };
  send(event("mouseMoved", at));
  for (int count = 1; count <= options.count; ++count) {
    Json pressed = event("mousePressed", at);
    pressed.update({{"button", button.name}, {"buttons", button.bit}, {"clickCount", count}});
    Json released = event("mouseReleased", at);
    released.update({{"button", button.name}, {"buttons", 0}, {"clickCount", count}});
    send(std::move(pressed));
    if (options.duration.count() > 0) {
      try {
        // A busy page takes the press late, and is to feel it as long all the same.
        calls.back().wait(follow(until));
        monitor_->pause(options.duration, {Deadline::never(), until.stop});
      } catch (const Error&) {
        session_->post("Input.dispatchMouseEvent", released);  // no button stays down
        throw;
      }
    }
    send(std::move(released));
  }
  // One wait: the answers come in order.
  return calls.back().wait(follow(until));
}

std::optional<inpage::Verdict> Pointer::verdict(const Place& place, bool asks_twice, bool& document_gone,
                                                const Until& until) {
  const auto decided = [&] { return verdict_ && (verdict_->last || verdict_->miss || !asks_twice); };
  {
    Monitor::Lock lock = monitor_->lock();
    if (monitor_->wait(lock, follow(until).within(verdict_patience),
                       [&] { return decided() || asker_.dialogs().open(); }) &&
        decided()) {
      return verdict_;
    }
  }
  const std::optional<Json> reply =
      asker_.ask_once(place.world, inpage::disarm_request(place.token), follow(until));
  document_gone = !reply;
  const Monitor::Lock lock = monitor_->lock();
  if (document_gone || decided()) return verdict_;
  return inpage::parse_disarm(*reply);
}

bool Pointer::page_closed(const Until& until) {
  return session_->gone() && session_->send("Page.enable").wait(until).outcome == Ended::detached;
}

Outcome Pointer::click(const FramePath& frame, const Query& query, const ClickOptions& options,
                       const Until& until) {
  Outcome outcome;
  for (int attempt = 0;; ++attempt) {
    const std::optional<Place> place = find(frame, query, options, inpage::Gesture::click, outcome, until);
    if (!place) return outcome;
    const cdp::Reply reply = press(place->at, options, until);
    // A page that closed at the click got it; any other end is an error.
    if (reply.outcome == Ended::detached) return outcome;
    throw_if_lost(reply);
    bool document_gone = false;
    std::optional<inpage::Verdict> said;
    try {
      said = verdict(*place, !options.guard.empty(), document_gone, until);
    } catch (const Error& error) {
      // The page may also close a moment after the click.
      if (error.kind() == Kind::browser && page_closed(until)) return outcome;
      throw;
    }
    outcome.dialog_opened = reply.outcome == Ended::dialog || asker_.dialogs().current().has_value();
    if (said && !said->miss) return outcome;
    // A document that went away, or is held by a dialog, without a word had no objection.
    if (!said && (document_gone || outcome.dialog_opened)) return outcome;
    outcome.reached = outcome.reached || !said || said->reached;
    if (said) {
      outcome.miss = said->miss;
    } else {
      outcome.miss = Miss{};
      outcome.miss->why = Miss::Why::covered;
      outcome.miss->seen = "something outside of the document, such as a frame over it, took the pointer";
    }
    // What reached the page in part is never repeated; what was swallowed whole safely is. What went past the
    // document may be tried again where nothing depends on it.
    const bool repeatable = said ? !said->reached : options.guard.empty();
    if (!repeatable || outcome.dialog_opened) return outcome;
    monitor_->pause(backoff(attempt), until);
    if (until.deadline.passed()) return outcome;
  }
}

Outcome Pointer::hover(const FramePath& frame, const Query& query, const Until& until) {
  Outcome outcome;
  const std::optional<Place> place = find(frame, query, {}, inpage::Gesture::hover, outcome, until);
  if (!place) return outcome;
  const cdp::Reply reply =
      session_->send("Input.dispatchMouseEvent", event("mouseMoved", place->at)).wait(follow(until));
  throw_if_lost(reply);
  outcome.dialog_opened = reply.outcome == Ended::dialog;
  return outcome;
}

}  // namespace offstage::browser
