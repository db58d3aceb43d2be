#include "offboarding/policy_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

/// Why a rule refuses one action, and by which member; an empty text: it does not.
struct Refusal {
  std::string text;
  std::string member;
};

Ruling refused(const std::string& about, Refusal why) {
  return {{"", Verdict::Judgement::refuse, about, std::move(why.text)}, std::move(why.member)};
}

/// A rule's answer that is found action by action.
template <typename Find>
std::vector<Ruling> for_each_action(const Subject& subject, Find find) {
  std::vector<Ruling> rulings;
  for (const Action& action : subject.actions) {
    Refusal why = find(action);
    if (!why.text.empty()) rulings.push_back(refused(action.id, std::move(why)));
  }
  return rulings;
}

std::string element(std::string_view member, std::size_t at) {
  return fmt::format("{}/{}", member, at);
}

std::string words_or(const std::vector<std::string>& words, const std::string& none) {
  return words.empty() ? none : printable(join(words, ", "));
}

/// Rule 3.
std::vector<Ruling> rule_protected_account(const Subject& subject, const Policy& policy) {
  return for_each_action(subject, [&](const Action& action) -> Refusal {
    if (!action.grant) return {};
    const auto pattern = policy.account_pattern(action.grant->user);
    if (!pattern) return {};
    return {printable(action.grant->user) + " is protected by the policy", element("/protected", *pattern)};
  });
}

std::vector<Ruling> rule_protected_resource(const Subject& subject, const Policy& policy) {
  return for_each_action(subject, [&](const Action& action) -> Refusal {
    for (const Resource* resource : {&action.resource, &action.listed_on()}) {
      if (const auto pattern = policy.resource_pattern(resource->name, resource->id))
        return {label(*resource) + " is protected by the policy", element("/protected_resources", *pattern)};
    }
    return {};
  });
}

std::vector<Ruling> rule_operation(const Subject& subject, const Policy& policy) {
  const std::vector<std::string>& allowed = policy.operations;
  const std::string asked(operation_of(subject.request));
  if (subject.actions.empty() || allowed.empty()) return {};
  if (std::find(allowed.begin(), allowed.end(), asked) != allowed.end()) return {};
  return {refused("", {fmt::format("{} was asked for, and the policy allows {} only", asked,
                                   printable(join(allowed, ", "))),
                       "/operations"})};
}

std::vector<Ruling> rule_domain(const Subject& subject, const Policy& policy) {
  return for_each_action(subject, [&](const Action& action) -> Refusal {
    if (policy.domains.empty() || !action.grant || policy.domain_pattern(action.grant->user)) return {};
    return {printable(action.grant->user) + " is of none of the domains that the policy allows", "/domains"};
  });
}

/// Rule 4, the count.
std::vector<Ruling> rule_removals(const Subject& subject, const Policy& policy) {
  const auto count = static_cast<long>(subject.actions.size());
  if (count <= policy.removals) return {};
  return {refused("", {fmt::format("the plan has {} actions, the policy allows {}", count, policy.removals),
                       "/limits/removals"})};
}

/// Rule 4, the share.
std::vector<Ruling> rule_share(const Subject& subject, const Policy& policy) {
  std::vector<Ruling> rulings;
  for (const Headcount& listing : subject.listings) {
    std::set<std::string> leaving;
    const Action* first = nullptr;
    for (const Action& action : subject.actions) {
      if (!action.grant || !same(action.grant->listed_on, listing.resource)) continue;
      if (first == nullptr) first = &action;
      leaving.insert(email_key(action.grant->user));
    }
    if (first == nullptr || listing.people == 0) continue;
    const double share = static_cast<double>(leaving.size()) / static_cast<double>(listing.people);
    if (share <= policy.share) continue;
    rulings.push_back(refused(
        first->id, {fmt::format("{} of the {} people of {} would lose access, the policy allows {:.0f} %",
                                leaving.size(), listing.people, label(listing.resource), policy.share * 100),
                    "/limits/share"}));
  }
  return rulings;
}

/// A note, not a refusal: who approves is known only when somebody does. It stands in the plan so that its
/// digest names the person who asked, and nobody can put another in that place unseen.
std::vector<Ruling> rule_other_approver(const Subject& subject, const Policy& policy) {
  if (!policy.other_approver || subject.actions.empty()) return {};
  if (trimmed(subject.requester).empty()) {
    return {refused("", {"another person than the one who asked must approve it, and nobody knows who asked",
                         "/other_approver"})};
  }
  return {{{"", Verdict::Judgement::note, subject.requester,
            fmt::format("{} asked for it: another person must approve it", printable(subject.requester))},
           "/other_approver"}};
}

constexpr std::array<PolicyRule, 7> policy_table{{
    {"protected_account", "/protected", "no protected account is touched",
     [](const Policy& policy) { return words_or(policy.protected_accounts, "nobody"); },
     rule_protected_account},
    {"protected_resource", "/protected_resources", "no protected resource is touched",
     [](const Policy& policy) { return words_or(policy.protected_resources, "nothing"); },
     rule_protected_resource},
    {"operation", "/operations", "what was asked for is an operation that the policy allows",
     [](const Policy& policy) { return words_or(policy.operations, "all"); }, rule_operation},
    {"domain", "/domains", "every address is of a domain that the policy allows",
     [](const Policy& policy) { return words_or(policy.domains, "any"); }, rule_domain},
    {"removals", "/limits/removals", "the number of actions is within the policy's limit",
     [](const Policy& policy) { return fmt::format("{}", policy.removals); }, rule_removals},
    {"share", "/limits/share", "the share of people removed is within the policy's limit",
     [](const Policy& policy) { return fmt::format("{}", policy.share); }, rule_share},
    {"other_approver", "/other_approver", "",
     [](const Policy& policy) { return std::string(policy.other_approver ? "true" : "false"); },
     rule_other_approver},
}};

}  // namespace

std::span<const PolicyRule> policy_rules() {
  return policy_table;
}

std::vector<Ruling> rulings(const PolicyRule& rule, const Subject& subject, const Policy& policy) {
  std::vector<Ruling> said = rule.look(subject, policy);
  if (said.empty() && !subject.actions.empty() && !rule.passed.empty()) {
    said.push_back({{"", Verdict::Judgement::pass, "", std::string(rule.passed)}, std::string(rule.member)});
  }
  for (Ruling& ruling : said)
    ruling.verdict.rule = rule.rule;
  return said;
}

}  // namespace offstage::offboarding
