#include "offboarding/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "offboarding/approve.h"
#include "offboarding/policy_rules.h"

namespace offstage::offboarding {
namespace {

using Says = Explanation::Says;

/// What the file says at `member`; where it says nothing, what holds then.
Explanation::Setting setting_of(const Policy& policy, const std::string& member,
                                const std::string& otherwise) {
  const Json::json_pointer pointer(member);
  if (policy.file == nullptr || !policy.file->root().contains(pointer)) return {member, otherwise, "default"};
  return {member, compact(policy.file->root().at(pointer)),
          fmt::format("{}:{}", policy.file->name(), policy.file->line_of(member))};
}

Says says_of(const Verdict& verdict) {
  if (verdict.judgement == Verdict::Judgement::refuse) return Says::refuses;
  return verdict.judgement == Verdict::Judgement::note ? Says::notes : Says::allows;
}

/// What the plan records of a rule.
std::vector<Verdict> recorded_of(const Plan& plan, std::string_view rule) {
  std::vector<Verdict> verdicts;
  std::copy_if(plan.verdicts.begin(), plan.verdicts.end(), std::back_inserter(verdicts),
               [&](const Verdict& verdict) { return verdict.rule == rule; });
  return verdicts;
}

/// Adds words and what decided, each once: a rule may say the same of several actions.
void add_to(Explanation& out, const std::string& text, const Explanation::Setting& setting) {
  if (out.text.empty()) {
    out.text = text;
  } else if (("; " + out.text + ";").find("; " + text + ";") == std::string::npos) {
    out.text += "; " + text;
  }
  const bool told = std::any_of(out.settings.begin(), out.settings.end(),
                                [&](const auto& other) { return other.member == setting.member; });
  if (!told) out.settings.push_back(setting);
}

Explanation guard_explained(const PolicyRule& rule, const Plan& plan, const Subject& subject,
                            const Policy& policy) {
  Explanation out{std::string(rule.rule), Says::allows, "", {}};
  std::vector<Verdict> verdicts;
  for (const Ruling& ruling : rulings(rule, subject, policy)) {
    out.says = std::max(out.says, says_of(ruling.verdict));
    add_to(out, ruling.verdict.text, setting_of(policy, ruling.member, rule.setting(policy)));
    verdicts.push_back(ruling.verdict);
  }
  if (out.settings.empty()) {
    add_to(out, plan.actions.empty() ? "there is nothing to do" : "anybody who may run Offstage may approve",
           setting_of(policy, std::string(rule.member), rule.setting(policy)));
  }
  if (out.says == Says::refuses || verdicts == recorded_of(plan, rule.rule)) return out;
  out.says = Says::refuses;
  out.text = "the plan was made under another policy, make it again; this one says: " + out.text;
  return out;
}

Explanation hours_explained(const Plan& plan, const Policy& policy, const LocalTime& now) {
  Explanation out{"hours", Says::allows, "", {setting_of(policy, "/hours", "any")}};
  if (plan.actions.empty()) {
    out.text = "there is nothing to do";
  } else if (!policy.hours) {
    out.text = "changes are allowed at any hour";
  } else if (const std::string why = policy.hours->objection(now); !why.empty()) {
    out.says = Says::refuses;
    out.text = why;
  } else {
    out.text = fmt::format("it is {} here, within these hours", printable(now.text()));
  }
  return out;
}

Explanation approval_explained(const Plan& plan, const Policy& policy) {
  Explanation out{"approval", Says::notes, "", {setting_of(policy, "/unattended", "false")}};
  if (plan.actions.empty() || is_unattended(plan, policy)) {
    out.says = Says::allows;
    out.text = plan.actions.empty() ? "there is nothing to do" : "it may be applied without approval";
  } else if (policy.other_approver) {
    out.text = fmt::format("a person other than {} must approve it", printable(plan.requested_by));
    out.settings = {setting_of(policy, "/other_approver", "true")};
  } else if (policy.unattended) {
    out.text = "a person must approve it: a deletion is never unattended";
  } else {
    out.text = "a person must approve it, at a terminal or with --approve";
  }
  return out;
}

}  // namespace

std::string_view name_of(Says says) {
  switch (says) {
    case Says::allows:
      return "allows";
    case Says::notes:
      return "notes";
    case Says::refuses:
      break;
  }
  return "refuses";
}

std::vector<Explanation> explain(const Plan& plan, const Policy& policy, const LocalTime& now) {
  Subject subject{plan.request, plan.requested_by, plan.actions, {}};
  for (const ListingSummary& listing : plan.listings)
    subject.listings.push_back({listing.resource, listing.people});
  std::vector<Explanation> rules;
  for (const PolicyRule& rule : policy_rules())
    rules.push_back(guard_explained(rule, plan, subject, policy));
  rules.push_back(hours_explained(plan, policy, now));
  rules.push_back(approval_explained(plan, policy));
  return rules;
}

std::vector<Verdict> recorded_guards(const Plan& plan) {
  std::vector<Verdict> verdicts;
  std::copy_if(plan.verdicts.begin(), plan.verdicts.end(), std::back_inserter(verdicts),
               [](const Verdict& verdict) {
                 return std::none_of(policy_rules().begin(), policy_rules().end(),
                                     [&](const PolicyRule& rule) { return rule.rule == verdict.rule; });
               });
  return verdicts;
}

}  // namespace offstage::offboarding
