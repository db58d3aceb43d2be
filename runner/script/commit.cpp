#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/text.h"
#include "script/click_options.h"
#include "script/commit_gate.h"
#include "script/commit_rules.h"
#include "script/failure.h"
#include "script/members.h"
#include "script/player.h"
#include "script/selectors.h"
#include "script/sight.h"
#include "script/template.h"

namespace offstage::script {
namespace {

using Exchange = browser::Page::Exchange;
using Report = CommitReport;

/// How long an answer is waited for when the step does not say.
constexpr int answer_timeout = 30'000;
/// How long after a stop request the answer is still waited for, and then what must be seen after it.
constexpr Milliseconds last_moments{5000};
constexpr Milliseconds last_look{2000};
/// How long the expected request may come after another one was stopped, or a strange dialog dismissed.
constexpr Milliseconds second_thoughts{1000};
constexpr Milliseconds between_looks{250};
constexpr Milliseconds words_patience{2000};

std::string request_words(const Exchange& exchange) {
  return fmt::format("{} {}", printable(exchange.method, 20), printable(exchange.url, 300));
}

/// One commit, from its preparation to its report. docs/scripts.md says what happens in which order.
class Commit {
 public:
  Commit(Player& player, const Step& step, const Until& until)
      : player_(player),
        step_(step),
        until_(until),
        parameters_(step.fields.at("parameters")),
        action_(step.children("action")->front()),
        around_(player.around()),
        where_(player.place(action_, player.patience(step, until))),
        deadline_(until.deadline) {
    const Json& response = parameters_.at("response");
    intent_.script =
        fmt::format("{}@sha256:{}", player.script().file.filename().string(), player.script().digest);
    intent_.digest = player.script().digest;
    intent_.step = step.path;
    intent_.target = fill_plain(text_in(parameters_, "target"), around_.values);
    intent_.method = text_in(response, "method");
    intent_.urls = fill_patterns(response.at("url"), around_.values);
    std::vector<std::string> passing = fill_patterns(member(response, "ignore"), around_.values);
    const std::vector<std::string>& harmless = player.environment().harmless_requests;
    passing.insert(passing.end(), harmless.begin(), harmless.end());
    rule_ = std::make_shared<CommitRule>(intent_.method, intent_.urls, passing);
    query_ = commit_query(action_, around_);
    confirm_ = confirmations(parameters_, around_);
    if (member(parameters_, "dialog").is_object()) {
      dialog_rule_ = DialogRule::from(parameters_.at("dialog"), around_.values);
    }
  }

  void run() {
    check_target();
    confirm();
    gate_ = where_.page.gate_requests([rule = rule_](const std::string& method, const std::string& url,
                                                     const std::string&) { return rule->allow(method, url); },
                                      player_.patience(step_, until_));
    throw_if_over(until_);
    player_.observer().commit_intended(intent_);
    Report report;
    std::optional<Error> error;
    try {
      error = act(report);
    } catch (const Error& caught) {
      error = after_fault(caught, report);
    } catch (const std::exception& caught) {
      error = after_fault(Error(Kind::internal, caught.what()), report);
    }
    // The page might still send it, or send it again, or something else: once a preflight is answered, or
    // after a while. Shut before the report, which may fail.
    if (error && !missed_) {
      gate_->shut();
    } else {
      gate_->shut_if_awaited();
    }
    player_.observer().commit_reported(intent_, report);
    player_.keep(std::move(gate_));
    if (error) throw *error;
  }

 private:
  void check_target() {
    if (trimmed(intent_.target).empty()) throw Error(Kind::usage, "the target of the commit is empty");
    const bool named = std::any_of(
        confirm_.begin(), confirm_.end(),
        [this](const browser::Condition& condition) { return identifies(condition, intent_.target); });
    if (!named) {
      throw Error(
          Kind::usage, "no condition of `confirm` names the target",
          "give one of them \"names\" (or a field's `value` under `properties`): the same as `target`");
    }
  }

  void confirm() {
    const Until patience = player_.patience(step_, until_);
    for (const browser::Condition& condition : confirm_) {
      if (const auto miss = where_.page.wait_for(where_.frame, condition, patience)) {
        throw missed(
            where_.page, *miss,
            fmt::format("nothing was sent: the page does not confirm {}", printable(intent_.target, 200)));
      }
    }
    player_.tell_look(Look::What::expect, step_, where_);
  }

  /// Sends, and sees what becomes of it. Nothing: all is as it should be.
  std::optional<Error> act(Report& report) {
    browser::ClickOptions options = click_options(action_);
    options.guard = confirm_;
    try {
      const browser::Outcome outcome =
          where_.page.click(where_.frame, query_, options, player_.patience(step_, until_));
      if (outcome.miss) {
        missed_ = !outcome.reached;
        const Error error = missed(
            where_.page, *outcome.miss,
            missed_ ? "nothing was sent" : "nothing was sent, though something got a part of the click");
        if (rule_->close()) return not_sent(error, report);
      } else {
        clicked_ = true;
        tell_weaker(outcome);
      }
    } catch (const Error& error) {
      // Without its connection the browser might let pass what it held.
      const bool certain = error.kind() != Kind::browser && error.kind() != Kind::internal;
      if (certain && rule_->close()) return not_sent(error, report);
      if (!certain) throw;
    }
    const Deadline end = until_.deadline.left() < last_moments ? Deadline::in(last_moments) : until_.deadline;
    deadline_ = end.within(Milliseconds(step_.timeout.value_or(answer_timeout)));
    const std::optional<Exchange> answer = wait_for_answer();
    if (answer) return judge(*answer, report);
    if (rule_->sent()) return unanswered(report);
    return nothing_sent(report);
  }

  void tell_weaker(const browser::Outcome& outcome) {
    const auto used = static_cast<std::size_t>(outcome.alternative);
    if (used > 0 && used < query_.selectors.size())
      player_.observer().weaker_selector(action_.path, printable(written(query_.selectors[used]), 300));
  }

  /// Waits in a way that a stop request shortens but does not end.
  template <class Result>
  Result patiently(const std::function<Result(const Until&)>& wait, Milliseconds span) {
    if (!stopped_ && !until_.stop.stop_requested()) {
      try {
        return wait({deadline_.within(span), until_.stop});
      } catch (const Error& error) {
        if (error.kind() != Kind::interrupted && error.kind() != Kind::terminated) throw;
      }
    }
    if (!stopped_) deadline_ = deadline_.within(after_answer_ ? last_look : last_moments);
    stopped_ = true;
    return wait({deadline_.within(span), {}});
  }

  /// The answer to the expected request; nothing when there is none, after which none can be sent any more.
  std::optional<Exchange> wait_for_answer() {
    std::optional<Deadline> given_up;
    for (;;) {
      settle_dialog();
      const std::function<std::optional<Exchange>(const Until&)> wait = [this](const Until& soon) {
        return gate_->wait_for_answer(soon);
      };
      std::optional<Exchange> exchange = patiently(wait, between_looks);
      if (exchange && rule_->is_expected(exchange->method, exchange->url)) return exchange;
      if (!rule_->sent() && !given_up && (!gate_->refused().empty() || !strange_dialog_.empty())) {
        given_up = Deadline::in(second_thoughts);
      }
      const bool over =
          deadline_.passed() || (given_up && given_up->passed() && !rule_->sent()) || wrong_dialog_;
      // Closing fails when it was sent in this very moment: then the answer is still waited for.
      if (over && (rule_->close() || deadline_.passed())) return std::nullopt;
      wrong_dialog_ = false;
    }
  }

  /// Answers the dialog that the script expects; dismisses any other.
  void settle_dialog() {
    const std::optional<browser::Dialog> dialog = where_.page.dialog();
    if (!dialog) return;
    const Until soon{Deadline::in(last_moments), {}};
    std::string wrong = "which the script does not expect";
    if (dialog_rule_ && !dialog_answered_) {
      wrong = dialog_rule_->mismatch(*dialog);
      if (wrong.empty()) {
        dialog_answered_ = true;
        return where_.page.handle_dialog(dialog_rule_->accept, dialog_rule_->prompt, soon);
      }
      wrong_dialog_ = true;
    }
    where_.page.handle_dialog(false, {}, soon);
    strange_dialog_ = fmt::format("the page opened a {}, {}: it was dismissed", dialog_words(*dialog), wrong);
    player_.log().warn(strange_dialog_);
  }

  // --- What it came to ---

  std::optional<Error> judge(const Exchange& answer, Report& report) {
    report.method = answer.method;
    report.url = answer.url;
    report.status = answer.status;
    if (answer.status == 0) {
      report.seen = fmt::format("{} failed: {}", request_words(answer), printable(answer.failure, 100));
      return unknown(report);
    }
    report.seen = fmt::format("{} was answered {}", request_words(answer), answer.status);
    if (!is_expected_status(member(parameters_.at("response"), "status"), answer.status))
      return unwanted(answer, report);
    for (const browser::Condition& condition : conditions_from(parameters_.at("done"), around_)) {
      if (const auto miss = wait_for_done(condition)) {
        report.words = words(false);
        report.seen += fmt::format(", but what shows that it is done was not seen: {}", miss->explain());
        return unknown(report);
      }
    }
    settle_dialog();
    warn_of_stopped_requests();
    report.outcome = Report::Outcome::done;
    return std::nullopt;
  }

  std::optional<browser::Miss> wait_for_done(const browser::Condition& condition) {
    after_answer_ = true;
    deadline_ = Deadline::in(stopped_ ? last_look : player_.timeout_of(step_));
    const std::function<std::optional<browser::Miss>(const Until&)> wait = [&](const Until& soon) {
      settle_dialog();
      const Player::Place where = player_.place(step_, soon);
      return where.page.wait_for(where.frame, condition, soon);
    };
    std::optional<browser::Miss> miss;
    // In slices, since a message that the page opens as a dialog keeps it from going on.
    do {
      miss = patiently(wait, between_looks);
    } while (miss && !deadline_.passed());
    return miss;
  }

  std::optional<Error> unwanted(const Exchange& answer, Report& report) {
    const std::optional<Kind> kind = kind_of_refusal(answer.status);
    report.words = words(true);
    if (report.words.empty()) report.words = words_in_body(answer.body);
    report.outcome = kind ? Report::Outcome::refused : Report::Outcome::lost;
    if (!kind) return unknown(report);
    std::string hint = "the console changed nothing";
    if (*kind == Kind::unreachable) hint = "the session has ended: sign in again";
    if (*kind == Kind::busy) hint = "wait before trying again";
    return Error(*kind, report.seen + quoted_words(report), hint);
  }

  std::optional<Error> unanswered(Report& report) {
    for (const Exchange& exchange : gate_->allowed()) {
      if (!rule_->is_expected(exchange.method, exchange.url)) continue;
      report.method = exchange.method;
      report.url = exchange.url;
      report.status = exchange.status;
      report.seen = request_words(exchange) + " was sent and not answered";
    }
    report.words = words(false);
    return unknown(report);
  }

  std::optional<Error> nothing_sent(Report& report) {
    report.words = words(false);
    const std::vector<Exchange> refused = gate_->refused();
    const std::string expected = fmt::format("{} {}", intent_.method, join(intent_.urls, " or "));
    if (!strange_dialog_.empty()) {
      const Error error(Kind::drift, "nothing was sent: " + strange_dialog_,
                        "say in `dialog` what the page asks, if that is what it should ask");
      return not_sent(error, report);
    }
    if (!refused.empty()) {
      report.method = refused.front().method;
      report.url = refused.front().url;
      const Error error(
          Kind::drift,
          fmt::format("the page tried to send {} instead of {}: stopped before it left",
                      request_words(refused.front()), printable(expected, 300)),
          "is it the right request? If so, correct `response`; if it changes nothing, add it to "
          "`ignore`");
      return not_sent(error, report);
    }
    const std::string no_dialog =
        dialog_rule_ && !dialog_answered_ ? "; the dialog that was expected did not open" : "";
    return not_sent(not_seen(where_.page,
                             fmt::format("it was clicked, but the page did not send {}{}{}",
                                         printable(expected, 300), no_dialog, quoted_words(report)),
                             "look at the page: does it ask for something more, or say why not?"),
                    report);
  }

  std::optional<Error> not_sent(const Error& error, Report& report) {
    report.outcome = Report::Outcome::not_sent;
    if (report.seen.empty()) report.seen = error.message();
    const std::string bypassed = missed_ ? "" : gate_->bypassed();
    if (bypassed.empty()) return error;
    report.seen += "; but " + bypassed;
    return unknown(report);
  }

  std::optional<Error> unknown(Report& report) {
    report.outcome = Report::Outcome::lost;
    return Error(Kind::unknown, report.seen + quoted_words(report),
                 "only looking at the console tells what happened: do not repeat it blindly");
  }

  /// Something broke after the intent. Whether it had left by then is all that matters.
  std::optional<Error> after_fault(const Error& fault, Report& report) {
    const bool held = rule_->close();
    const bool certain = !clicked_ && fault.kind() != Kind::browser && fault.kind() != Kind::internal;
    if (held && certain) return not_sent(fault, report);
    if (report.seen.empty()) {
      report.method = intent_.method;
      report.seen = held ? "it was clicked, and what followed could not be seen"
                         : fmt::format("{} was sent, and what followed could not be seen", intent_.method);
    }
    report.outcome = Report::Outcome::lost;
    return Error(Kind::unknown, fmt::format("{}: {}", report.seen, fault.message()),
                 "only looking at the console tells what happened: do not repeat it blindly", fault);
  }

  void warn_of_stopped_requests() {
    for (const Exchange& exchange : gate_->refused())
      player_.log().warn(fmt::format("stopped {} during the commit", request_words(exchange)));
  }

  /// The console's own words where `failed` says; none is no fault. `expected`: some should come.
  std::string words(bool expected) {
    const browser::Selectors selectors = selectors_from(member(parameters_, "failed"), around_.values);
    if (selectors.empty()) return {};
    try {
      const Until soon{Deadline::in(words_patience), {}};
      const Player::Place where = player_.place(step_, soon);
      const browser::Query query{around_.within, selectors, false};
      if (expected) {
        browser::Condition shown;
        shown.query = query;
        shown.must_be_visible = true;
        if (where.page.wait_for(where.frame, shown, soon)) return {};
      }
      return where.page.text(where.frame, query, soon).value_or("");
    } catch (const Error& error) {
      player_.log().debug(fmt::format("the console's words could not be read: {}", error.message()));
      return {};
    }
  }

  static std::string quoted_words(const Report& report) {
    return report.words.empty() ? "" : fmt::format("; the console says \"{}\"", printable(report.words, 500));
  }

  Player& player_;
  const Step& step_;
  const Until& until_;
  const Json& parameters_;
  const Step& action_;
  Surroundings around_;
  Player::Place where_;
  CommitIntent intent_;
  std::shared_ptr<CommitRule> rule_;
  browser::Query query_;
  std::vector<browser::Condition> confirm_;
  std::optional<DialogRule> dialog_rule_;
  std::unique_ptr<browser::Page::RequestGate> gate_;

  Deadline deadline_;
  bool stopped_ = false;       // by a request that was seen while waiting
  bool after_answer_ = false;  // only what must be seen after it is still waited for
  bool clicked_ = false;
  bool missed_ = false;  // the guarded click found its target gone, and nothing of it reached the page
  bool dialog_answered_ = false;
  bool wrong_dialog_ = false;
  std::string strange_dialog_;
};

}  // namespace

void play_commit(Player& player, const Step& step, const Until& until) {
  player.begin_commit();
  Commit(player, step, until).run();
}

}  // namespace offstage::script
