// Bytes as a policy: refused for its author, or limits that limit and protections that protect.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "fuzz/require.h"
#include "offboarding/policy.h"

using namespace offstage;
using namespace offstage::offboarding;
using fuzz::require;

namespace {

void check_policy(const Policy& policy) {
  require(policy.share >= 0 && policy.share <= 1, "a share is one of a whole");
  require(policy.removals >= 0, "a number of removals is none below zero");
  for (const std::string& account : policy.protected_accounts) {
    require(policy.protects_account(account) && policy.protects_account(ascii_lower(account)),
            "a pattern protects what it says, whatever its case");
  }
  for (const std::string& resource : policy.protected_resources) {
    require(policy.protects_resource(resource, "") && policy.protects_resource("", resource),
            "a pattern protects the name and the id that it says");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    check_policy(
        policy_from(JsonDocument::parse({reinterpret_cast<const char*>(bytes), size}, "policy.json")));
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a policy is refused as its author's mistake");
  }
  return 0;
}
