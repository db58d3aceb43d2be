#include "browser/filler.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "browser/inpage.h"

namespace offstage::browser {

namespace {

using Ended = cdp::Reply::Outcome;

constexpr Milliseconds between_tries{50};

bool ends_stroke(const Keyboard::Stroke& stroke) {
  return text_of(stroke.params, "type") != "keyDown" && text_of(stroke.params, "type") != "rawKeyDown";
}

}  // namespace

Filler::Filler(Asker& asker, Pointer& pointer, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
               std::shared_ptr<cdp::Session> session)
    : asker_(asker),
      pointer_(pointer),
      keyboard_(keyboard),
      monitor_(std::move(monitor)),
      session_(std::move(session)) {}

Filler::Typed Filler::type(std::string_view text, bool secret, const World& world, const std::string& token,
                           const Until& until) {
  std::vector<Keyboard::Stroke> rest = keyboard_.typing(text);
  std::size_t strokes = 0;
  for (auto at = rest.begin(); at != rest.end();) {
    std::vector<cdp::Call> calls;
    bool pause = false;
    for (; at != rest.end() && !pause; ++at) {
      const bool whole = ends_stroke(*at);
      strokes += whole ? 1 : 0;
      pause = secret && whole;
      calls.push_back(session_->send(at->method, std::move(at->params)));
    }
    const cdp::Reply reply = calls.back().wait(follow(until));
    // A page that closed at a key got it.
    if (reply.outcome == Ended::detached) return {{}, true};
    throw_if_lost(reply);
    Outcome outcome;
    outcome.dialog_opened = reply.outcome == Ended::dialog;
    if (outcome.dialog_opened) return {outcome, true};
    const bool more = at != rest.end();
    const std::optional<Json> looked =
        asker_.ask_once(world, inpage::filled_request(token, strokes, more), follow(until));
    if (!looked) {
      // The document went away at a key, or a dialog holds it: the keys were taken.
      outcome.dialog_opened = asker_.dialogs().current().has_value();
      return {outcome, true};
    }
    outcome = inpage::parse_filled(*looked);
    if (outcome.miss || !more) return {outcome, outcome.reached};
  }
  return {};
}

Outcome Filler::fill(const FramePath& frame, const Query& query, const std::string& value, bool secret,
                     const Until& until) {
  Outcome outcome;
  for (;;) {
    const std::string token = fmt::format("fill-{}", ++last_token_);
    std::variant<Asker::Answer, Miss> asked = asker_.ask(
        frame, [&](Milliseconds left) { return inpage::fill_request(query, value, secret, token, left); },
        until);
    if (Miss* miss = std::get_if<Miss>(&asked)) {
      outcome.miss = std::move(*miss);
      return outcome;
    }
    const Asker::Answer& answer = std::get<Asker::Answer>(asked);
    std::variant<inpage::FillStep, Miss> prepared = inpage::parse_fill(answer.reply);
    if (Miss* miss = std::get_if<Miss>(&prepared)) {
      outcome.miss = std::move(*miss);
      return outcome;
    }
    const inpage::FillStep& step = std::get<inpage::FillStep>(prepared);
    outcome.miss.reset();
    outcome.alternative = step.alternative;
    if (step.action == inpage::FillStep::Action::done) return outcome;
    if (step.action == inpage::FillStep::Action::click) return pointer_.click(frame, query, {}, until);

    const std::string_view rest = std::string_view(value).substr(std::min(step.skip, value.size()));
    Typed typed = type(rest, secret, answer.world, token, until);
    typed.outcome.alternative = outcome.alternative;
    outcome = std::move(typed.outcome);
    if (!outcome.miss || typed.over || until.deadline.passed()) return outcome;
    monitor_->pause(between_tries, until);
    if (until.deadline.passed()) return outcome;
  }
}

}  // namespace offstage::browser
