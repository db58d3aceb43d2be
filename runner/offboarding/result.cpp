#include "offboarding/result.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "offboarding/paint.h"

namespace offstage::offboarding {
namespace {

using Outcome = ActionResult::Outcome;

constexpr std::array<Outcome, 6> outcomes{Outcome::verified, Outcome::already_absent, Outcome::refused,
                                          Outcome::failed,   Outcome::unknown,        Outcome::not_tried};

Json action_json(const ActionResult& result) {
  Json json{{"id", result.action.id}, {"kind", result.action.grant ? "revoke" : "delete"}};
  if (const auto& grant = result.action.grant) json["user"] = grant->user;
  json["resource"] = as_json(result.action.resource);
  if (const auto& grant = result.action.grant) {
    json["listed_on"] = as_json(grant->listed_on);
    json["role"] = grant->role;
    json["state"] = grant->state;
  }
  json["outcome"] = name_of(result.outcome);
  if (result.kind) json["error"] = name_of(*result.kind);
  json["text"] = result.text;
  if (!result.hint.empty()) json["hint"] = result.hint;
  if (!result.committed_at.empty()) json["committed_at"] = result.committed_at;
  if (!result.verified_at.empty()) json["verified_at"] = result.verified_at;
  return json;
}

std::string mark(Outcome outcome, const Paint& paint) {
  switch (outcome) {
    case Outcome::verified:
    case Outcome::already_absent:
      return paint.green("✓");
    case Outcome::unknown:
      return paint.yellow("?");
    case Outcome::not_tried:
      return paint.dim("·");
    case Outcome::refused:
    case Outcome::failed:
      break;
  }
  return paint.red("✗");
}

}  // namespace

std::string_view name_of(ActionResult::Outcome outcome) {
  switch (outcome) {
    case Outcome::verified:
      return "verified";
    case Outcome::already_absent:
      return "already_absent";
    case Outcome::refused:
      return "refused";
    case Outcome::failed:
      return "failed";
    case Outcome::unknown:
      return "unknown";
    case Outcome::not_tried:
      break;
  }
  return "not_tried";
}

std::size_t Result::count(ActionResult::Outcome outcome) const {
  return static_cast<std::size_t>(std::count_if(
      actions.begin(), actions.end(), [&](const ActionResult& one) { return one.outcome == outcome; }));
}

std::optional<Kind> Result::kind() const {
  if (count(Outcome::unknown) > 0) return Kind::unknown;
  if (count(Outcome::verified) + count(Outcome::already_absent) == actions.size()) return std::nullopt;
  if (stopped) return stopped;
  // What was already absent says nothing of this run: only what it took away makes it a partial one.
  if (count(Outcome::verified) > 0) return Kind::partial;
  std::optional<Kind> worst;
  for (const ActionResult& one : actions) {
    if (one.kind && (!worst || *worst == Kind::refused)) worst = one.kind;
  }
  return worst.value_or(Kind::internal);
}

int Result::exit_code() const {
  const std::optional<Kind> bad = kind();
  return bad ? exit_code_of(*bad) : 0;
}

std::string Result::message() const {
  const std::size_t absent = count(Outcome::already_absent);
  if (actions.empty())
    return "nothing to do: " +
           (plan.verdicts.empty() ? std::string("already absent") : plan.verdicts.front().text);
  if (absent == actions.size()) return fmt::format("already absent: all {}, nothing was sent", absent);
  std::vector<std::string> parts;
  for (const Outcome outcome : outcomes) {
    const std::size_t many = count(outcome);
    if (many == 0) continue;
    std::string word(name_of(outcome));
    std::replace(word.begin(), word.end(), '_', ' ');
    parts.push_back(parts.empty() ? fmt::format("{} of {} {}", many, actions.size(), word)
                                  : fmt::format("{} {}", many, word));
  }
  return join(parts, ", ");
}

std::string Result::hint() const {
  for (const ActionResult& one : actions) {
    if (one.outcome == Outcome::unknown)
      return "run the same removal again: it looks at the console first and acts only if it must";
  }
  for (const ActionResult& one : actions) {
    if (!one.hint.empty()) return one.hint;
  }
  return kind() ? "the same removal can be run again: what is done is not done twice" : "";
}

Json as_json(const Result& result) {
  const std::optional<Kind> kind = result.kind();
  Json json{{"version", Result::version},         {"run", result.run},
            {"connector", result.plan.connector}, {"title", result.plan.title},
            {"account", result.plan.account},     {"request", as_json(result.plan.request)}};
  if (!result.plan.requested_by.empty()) json["requested_by"] = result.plan.requested_by;
  if (!result.by.empty()) json["by"] = result.by;
  if (!result.reason.empty()) json["reason"] = result.reason;
  json["status"] = kind ? name_of(*kind) : "ok";
  json["exit_code"] = result.exit_code();
  json["message"] = result.message();
  if (const std::string hint = result.hint(); !hint.empty()) json["hint"] = hint;
  json["plan"] = result.plan.digest;
  json["approval"] = {
      {"how", name_of(result.approval.how)}, {"by", result.approval.by}, {"at", result.approval.at}};
  if (!result.approval.rest_of.empty()) json["approval"]["rest_of"] = result.approval.rest_of;
  json["started_at"] = result.started_at;
  json["finished_at"] = result.finished_at;
  Json counts = Json::object();
  for (const Outcome outcome : outcomes)
    counts[std::string(name_of(outcome))] = result.count(outcome);
  json["counts"] = std::move(counts);
  Json actions = Json::array();
  for (const ActionResult& one : result.actions)
    actions.push_back(action_json(one));
  json["actions"] = std::move(actions);
  json["evidence"] = result.evidence.string();
  json["report"] = result.report.string();
  return json;
}

namespace {

/// What became of each action: on one line, or below it where a terminal is too narrow for that.
std::string action_lines(const Result& result, const Layout& layout, const Paint& paint) {
  const auto width = static_cast<std::size_t>(std::max(layout.width, 60));
  std::size_t widest = 0;
  std::size_t longest = 0;
  for (const ActionResult& one : result.actions) {
    widest = std::max(widest, columns(one.action.describe()));
    longest = std::max(longest, columns(printable(one.text)));
  }
  const bool below = layout.folds && 4 + widest + 2 + longest > width;
  std::string text;
  for (const ActionResult& one : result.actions) {
    const std::string what = one.action.describe();
    const std::string then = printable(one.text);
    text += fmt::format("  {} ", mark(one.outcome, paint));
    text += below ? folded(what, 4, width) + "\n      " + folded(then, 6, width)
                  : what + std::string(widest - columns(what) + 2, ' ') + then;
    text += "\n";
  }
  return text;
}

}  // namespace

std::string result_summary(const Result& result, const Layout& layout) {
  const Paint paint(layout.colour);
  const auto kind = result.kind();
  std::string text =
      printable(result.plan.title) + ": " + describe(result.plan.request) + ": " +
      (kind ? paint.red(printable(result.message())) : paint.green(printable(result.message()))) + "\n";
  text += action_lines(result, layout, paint);
  if (const std::string hint = result.hint(); !hint.empty()) text += "  " + printable(hint) + "\n";
  if (!result.report.empty()) text += paint.dim("Evidence: ") + printable(result.report.string()) + "\n";
  return text;
}

}  // namespace offstage::offboarding
