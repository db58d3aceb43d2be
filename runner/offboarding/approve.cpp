#include "offboarding/approve.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/deadline.h"
#include "base/hash.h"
#include "base/text.h"

namespace offstage::offboarding {
namespace {

constexpr std::size_t fewest_digits = 12;
constexpr std::size_t whole_digest = 64;

/// The digits of a plan's digest that were given. Throws Error{usage} when they are none.
std::string digits_of(const std::string& given) {
  std::string digits = ascii_lower(trimmed(given));
  if (digits.starts_with("sha256:")) digits.erase(0, 7);
  const bool hexadecimal = std::all_of(
      digits.begin(), digits.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (digits.size() < fewest_digits || digits.size() > whole_digest || !hexadecimal) {
    throw Error(Kind::usage, fmt::format("\"{}\" is not a plan's digest", printable(given, 80)),
                fmt::format("give at least {} of its hexadecimal digits", fewest_digits));
  }
  return digits;
}

/// The approval that a digest gives.
Approval approval_by_digest(const Plan& plan, const Approver& approver) {
  const std::string digits = digits_of(*approver.digest);
  Approval approval{Approval::How::digest, approver.by, utc_now(), plan.digest};
  if (plan.digest.starts_with(digits)) return approval;
  for (const ApprovedPlan& before : approver.earlier()) {
    if (!before.approval.plan.starts_with(digits) || !is_rest_of(plan, before.parts)) continue;
    approval.rest_of = before.approval.plan;
    return approval;
  }
  throw Error(Kind::refused, fmt::format("approved was plan {}, but this is plan {}", digits, plan.digest),
              "look at the plan as it is now, then approve its digest");
}

void ask_person(const Plan& plan, const Approver& approver) {
  std::string wanted = "yes";
  std::string question = fmt::format("Type yes to {}: ", describe(plan.request));
  if (plan.deletes()) {
    wanted = plan.actions.front().resource.name;
    question = fmt::format("This deletes {} for good. Type its name to confirm: ",
                           label(plan.actions.front().resource));
  }
  const std::optional<std::string> answer = approver.ask(question);
  if (answer && trimmed(*answer) == wanted) return;
  throw Error(Kind::refused, "the plan was not approved: nothing was done");
}

}  // namespace

std::string_view name_of(Approval::How how) {
  switch (how) {
    case Approval::How::terminal:
      return "terminal";
    case Approval::How::digest:
      return "digest";
    case Approval::How::policy:
      return "policy";
    case Approval::How::not_needed:
      break;
  }
  return "not_needed";
}

Approval::How approval_named(std::string_view name) {
  for (const Approval::How how : {Approval::How::terminal, Approval::How::digest, Approval::How::policy}) {
    if (name_of(how) == name) return how;
  }
  return Approval::How::not_needed;
}

std::set<std::string> parts_of(const Plan& plan) {
  std::set<std::string> parts;
  for (const Action& action : plan.actions)
    parts.insert(sha256(canonical(as_json(action))).substr(0, 32));
  for (const Verdict& verdict : plan.verdicts) {
    // That there is nothing to do is no news to whoever approved that it be done.
    if (verdict.judgement == Verdict::Judgement::note && verdict.rule != "absent")
      parts.insert(sha256(canonical(as_json(verdict))).substr(0, 32));
  }
  return parts;
}

bool is_rest_of(const Plan& plan, const std::set<std::string>& parts) {
  const std::set<std::string> left = parts_of(plan);
  return std::includes(parts.begin(), parts.end(), left.begin(), left.end());
}

std::optional<Approval> resumed_approval(const Plan& plan, const std::string& digest,
                                         const std::vector<ApprovedPlan>& earlier) {
  for (const ApprovedPlan& before : earlier) {
    if (before.approval.plan != digest || before.approval.how == Approval::How::policy) continue;
    if (!is_rest_of(plan, before.parts)) continue;
    Approval approval = before.approval;
    approval.plan = plan.digest;
    if (plan.digest != digest) approval.rest_of = digest;
    return approval;
  }
  return {};
}

void check_guards(const Plan& plan) {
  const std::vector<Verdict> refused = told_refusals(plan.verdicts);
  if (refused.empty()) return;
  std::vector<std::string> lines;
  lines.reserve(refused.size());
  for (const Verdict& verdict : refused)
    lines.push_back(fmt::format("{}: {}", printable(verdict.rule), printable(verdict.text)));
  const bool narrower = std::any_of(refused.begin(), refused.end(),
                                    [](const Verdict& verdict) { return !verdict.about.empty(); }) &&
                        plan.actions.size() > 1;
  throw Error(Kind::refused, "the plan is refused: " + join(lines, "; "),
              narrower ? "nothing was done; mend the cause, or plan only the rest of it by naming the " +
                             std::string("resources to look at (--team)")
                       : "nothing was done; mend the cause and plan again");
}

bool is_unattended(const Plan& plan, const Policy& policy) {
  return policy.unattended && !policy.other_approver && !plan.deletes();
}

void check_other_approver(const Plan& plan, const std::string& by, const Policy& policy) {
  if (!policy.other_approver) return;
  const bool known = !trimmed(plan.requested_by).empty() && !trimmed(by).empty();
  if (known && !same_person(plan.requested_by, by)) return;
  throw Error(Kind::refused,
              known ? fmt::format("{} asked for the plan, and the policy wants another person to approve it",
                                  printable(plan.requested_by))
                    : "the policy wants another person to approve the plan than the one who asked, and "
                      "nobody knows who they are",
              "save the plan with \"plan … -o FILE\", and let somebody else run \"apply FILE --by NAME "
              "--approve DIGEST\"");
}

Approval approve(const Plan& plan, const Approver& approver, const Policy& policy) {
  check_guards(plan);
  Approval approval{Approval::How::not_needed, approver.by, utc_now(), plan.digest};
  // Also when a digest was given: what it approved has been done by an earlier run, and the same command
  // again is no fault.
  if (plan.actions.empty()) return approval;
  if (policy.hours) {
    const std::string why = policy.hours->objection(approver.now());
    if (!why.empty())
      throw Error(Kind::refused, why, "save the plan with \"plan … -o FILE\", and run \"apply FILE\" then");
  }
  check_other_approver(plan, approver.by, policy);
  if (approver.resumed) return *approver.resumed;
  if (approver.digest) return approval_by_digest(plan, approver);
  if (is_unattended(plan, policy)) {
    approval.how = Approval::How::policy;
    approval.by = "policy";
    return approval;
  }
  if (!approver.ask) {
    throw Error(Kind::refused, fmt::format("the plan needs approval and there is no terminal to ask at"),
                fmt::format("look at the plan, then run again with --approve {}", plan.digest));
  }
  ask_person(plan, approver);
  approval.how = Approval::How::terminal;
  return approval;
}

}  // namespace offstage::offboarding
