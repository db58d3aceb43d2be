// Bytes as a policy: refused for its author, or limits that limit and protections that protect.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "fuzz/accepted.h"
#include "fuzz/require.h"
#include "offboarding/policy.h"

using namespace offstage;
using namespace offstage::offboarding;
using fuzz::require;

namespace {

void check_hours(const Hours& hours) {
  require(std::find(hours.days.begin(), hours.days.end(), true) != hours.days.end(), "some day has hours");
  for (int day = 0; day < 7; ++day) {
    const bool named = hours.days.at(static_cast<std::size_t>(day));
    require(hours.hold({day, hours.from, "UTC"}) == named, "hours begin on the days that are named");
    const bool at_end = hours.hold({day, hours.to % (24 * 60), "UTC"});
    require(!at_end || (hours.to == 24 * 60 && hours.from == 0), "hours are over at their end");
    for (const int minute : {0, hours.from, hours.to - 1}) {
      const LocalTime now{day, std::max(minute, 0), "UTC"};
      const std::string why = hours.objection(now);
      require(why.empty() == hours.hold(now) && printable(why) == why, "an objection is printable text");
    }
  }
}

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
  for (const std::string& domain : policy.domains) {
    require(policy.domain_pattern("bob@" + domain) && policy.domain_pattern("bob@" + ascii_lower(domain)),
            "a domain is that of its own people, whatever its case");
    require(!policy.domain_pattern(domain), "what has no @ is of no domain");
  }
  for (const std::string& operation : policy.operations)
    require(operation == "remove_user" || operation == "delete_team", "what is allowed can be asked for");
  require(!(policy.unattended && policy.other_approver), "nobody approves alone where another is wanted");
  if (policy.hours) check_hours(*policy.hours);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const Policy policy =
        policy_from(JsonDocument::parse({reinterpret_cast<const char*>(bytes), size}, "policy.json"));
    fuzz::accepted.one();
    check_policy(policy);
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a policy is refused as its author's mistake");
  }
  return 0;
}
