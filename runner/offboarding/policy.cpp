#include "offboarding/policy.h"

#include <algorithm>

#include "base/schema.h"
#include "base/text.h"
#include "embedded/policy_json.h"

namespace offstage::offboarding {
namespace {

template <typename Matches>
std::optional<std::size_t> first_pattern(const std::vector<std::string>& patterns, Matches matches) {
  const auto found = std::find_if(patterns.begin(), patterns.end(), matches);
  if (found == patterns.end()) return {};
  return static_cast<std::size_t>(found - patterns.begin());
}

}  // namespace

std::optional<std::size_t> Policy::account_pattern(std::string_view address) const {
  const std::string key = email_key(address);
  return first_pattern(protected_accounts,
                       [&](const std::string& pattern) { return matches_glob(ascii_lower(pattern), key); });
}

std::optional<std::size_t> Policy::resource_pattern(std::string_view name, std::string_view id) const {
  return first_pattern(protected_resources, [&](const std::string& pattern) {
    return matches_glob(pattern, name) || matches_glob(pattern, id);
  });
}

std::optional<std::size_t> Policy::domain_pattern(std::string_view address) const {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string domain = ascii_lower(address.substr(at + 1));
  return first_pattern(
      domains, [&](const std::string& pattern) { return matches_glob(ascii_lower(pattern), domain); });
}

bool same_person(std::string_view a, std::string_view b) {
  return ascii_lower(trimmed(a)) == ascii_lower(trimmed(b));
}

Policy policy_from(const std::shared_ptr<const JsonDocument>& document) {
  const JsonView view(document);
  // Before the schema, which cannot say what a misspelt name was meant to be: a protection that is silently
  // ignored would be worse than none.
  view.only({"$schema", "version", "protected", "protected_resources", "operations", "domains", "limits",
             "hours", "other_approver", "unattended"});
  if (const auto limits = view.find("limits")) limits->only({"removals", "share"});
  Policy policy;
  if (const auto hours = view.find("hours")) {
    hours->only({"days", "from", "to"});
    // Before the schema too: it knows which times are none, but not how to say it.
    policy.hours = hours_from(*hours);
  }
  validate(*document, embedded::policy_json);
  if (const auto list = view.find("protected")) policy.protected_accounts = list->strings();
  if (const auto list = view.find("protected_resources")) policy.protected_resources = list->strings();
  if (const auto list = view.find("operations")) policy.operations = list->strings();
  if (const auto list = view.find("domains")) policy.domains = list->strings();
  if (const auto limits = view.find("limits")) {
    policy.removals = limits->integer_or("removals", policy.removals);
    if (const auto share = limits->find("share")) policy.share = share->number();
  }
  policy.other_approver = view.boolean_or("other_approver", false);
  policy.unattended = view.boolean_or("unattended", false);
  if (policy.unattended && policy.other_approver) {
    throw view.at("unattended")
        .error(
            "a policy that approves by itself asks nobody, and \"other_approver\" wants another person asked",
            "take one of the two out");
  }
  policy.file = document;
  return policy;
}

Policy load_policy(const std::filesystem::path& file) {
  return policy_from(JsonDocument::load(file));
}

}  // namespace offstage::offboarding
