#include "offboarding/policy.h"

#include <algorithm>

#include "base/schema.h"
#include "base/text.h"
#include "embedded/policy_json.h"

namespace offstage::offboarding {

bool Policy::protects_account(std::string_view address) const {
  const std::string key = email_key(address);
  return std::any_of(protected_accounts.begin(), protected_accounts.end(),
                     [&](const std::string& pattern) { return matches_glob(ascii_lower(pattern), key); });
}

bool Policy::protects_resource(std::string_view name, std::string_view id) const {
  return std::any_of(protected_resources.begin(), protected_resources.end(), [&](const std::string& pattern) {
    return matches_glob(pattern, name) || matches_glob(pattern, id);
  });
}

Policy policy_from(const std::shared_ptr<const JsonDocument>& document) {
  const JsonView view(document);
  // Before the schema, which cannot say what a misspelt name was meant to be: a protection that is silently
  // ignored would be worse than none.
  view.only({"$schema", "version", "protected", "protected_resources", "limits", "unattended"});
  if (const auto limits = view.find("limits")) limits->only({"removals", "share"});
  validate(*document, embedded::policy_json);
  Policy policy;
  if (const auto list = view.find("protected")) policy.protected_accounts = list->strings();
  if (const auto list = view.find("protected_resources")) policy.protected_resources = list->strings();
  if (const auto limits = view.find("limits")) {
    policy.removals = limits->integer_or("removals", policy.removals);
    if (const auto share = limits->find("share")) policy.share = share->number();
  }
  policy.unattended = view.boolean_or("unattended", false);
  return policy;
}

Policy load_policy(const std::filesystem::path& file) {
  return policy_from(JsonDocument::load(file));
}

}  // namespace offstage::offboarding
