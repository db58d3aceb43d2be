#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "offboarding/action.h"
#include "offboarding/policy.h"
#include "offboarding/request.h"

namespace offstage::offboarding {

/// How many people one listed resource has.
struct Headcount {
  Resource resource;
  std::size_t people = 0;
};

/// All that a rule of the policy may look at: little enough that it can be asked of a saved plan as well as
/// of a console as it stands. The references must outlive it.
struct Subject {
  const Request& request;
  const std::string& requester;  ///< who asked; "": nobody knows
  const std::vector<Action>& actions;
  std::vector<Headcount> listings;
};

/// What a rule says, and the member of the policy's file (a JSON Pointer) that made it say so.
struct Ruling {
  Verdict verdict;
  std::string member;
};

/// One rule of the policy: a guard of every plan, and a line of `policy explain`. Without side effects.
struct PolicyRule {
  std::string_view rule;    ///< its name
  std::string_view member;  ///< what decides when nothing is refused, as a JSON Pointer
  std::string_view passed;  ///< what holds when it says nothing; "": not worth a line in a plan
  std::string (*setting)(const Policy& policy);  ///< what is in force, for people
  std::vector<Ruling> (*look)(const Subject& subject, const Policy& policy);
};

/// Every one, in the order they are shown.
std::span<const PolicyRule> policy_rules();

/// What a rule says as a plan records it: its verdicts with its name, and one `pass` when it has nothing to
/// say about something that is to be done.
std::vector<Ruling> rulings(const PolicyRule& rule, const Subject& subject, const Policy& policy);

}  // namespace offstage::offboarding
