#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "offboarding/hours.h"
#include "offboarding/plan.h"
#include "offboarding/policy.h"

namespace offstage::offboarding {

/// What one rule of the policy says of a plan, and what in the policy made it say so. A value.
struct Explanation {
  enum class Says { allows, notes, refuses };

  /// A member of the policy that decided.
  struct Setting {
    std::string member;  ///< a JSON Pointer
    std::string value;   ///< as the file writes it; as people say it when it does not
    std::string from;    ///< "policy.json:4", or "default"
  };

  std::string rule;
  Says says = Says::allows;
  std::string text;  ///< for people; printable
  std::vector<Setting> settings;
};

std::string_view name_of(Explanation::Says says);

/// Every rule of the policy held against a plan as it was saved: those that are guards, then the hours and
/// who must approve. A guard whose answer is another one than the plan records refuses: the plan was made
/// under another policy and could not be applied. Pure.
std::vector<Explanation> explain(const Plan& plan, const Policy& policy, const LocalTime& now);

/// What the guards that are no rules of the policy said when the plan was made.
std::vector<Verdict> recorded_guards(const Plan& plan);

}  // namespace offstage::offboarding
