#include "browser/filler.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "browser/inpage.h"

namespace offstage::browser {

namespace {

using Ended = cdp::Reply::Outcome;

constexpr Milliseconds between_tries{50};
}  // namespace

Filler::Filler(Asker& asker, Pointer& pointer, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
               std::shared_ptr<cdp::Session> session)
    : asker_(asker),
      pointer_(pointer),
      keyboard_(keyboard),
      monitor_(std::move(monitor)),
      session_(std::move(session)) {}

cdp::Reply Filler::type(std::string_view text, const Until& until) {
  std::vector<cdp::Call> calls;
  for (Keyboard::Stroke& stroke : keyboard_.typing(text))
    calls.push_back(session_->send(stroke.method, std::move(stroke.params)));
  return calls.back().wait(follow(until));
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
    if (!rest.empty()) {
      const cdp::Reply reply = type(rest, until);
      // A page that closed at a key got it.
      if (reply.outcome == Ended::detached) return outcome;
      throw_if_lost(reply);
      outcome.dialog_opened = reply.outcome == Ended::dialog;
      if (outcome.dialog_opened) return outcome;
    }
    const std::optional<Json> looked =
        asker_.ask_once(answer.world, inpage::filled_request(token), follow(until));
    if (!looked) {
      // The document went away at a key, or a dialog holds it: the keys were taken.
      outcome.dialog_opened = asker_.dialogs().current().has_value();
      return outcome;
    }
    outcome.miss = inpage::parse_filled(*looked);
    if (!outcome.miss || until.deadline.passed()) return outcome;
    monitor_->pause(between_tries, until);
    if (until.deadline.passed()) return outcome;
  }
}

}  // namespace offstage::browser
