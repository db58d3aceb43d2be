#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/console.h"
#include "offboarding/action.h"
#include "offboarding/policy.h"
#include "offboarding/policy_rules.h"
#include "offboarding/request.h"

namespace offstage::offboarding {

/// All that a guard may look at. The references must outlive it.
struct Scene {
  const Request& request;
  const std::string& requester;          ///< who asked; "": nobody knows
  const std::string& account;            ///< signed in with this address
  const std::vector<Listing>& listings;  ///< as the console shows them now
  const std::vector<Action>& actions;    ///< about to be planned, or about to be done
  const Policy& policy;
  const connector::Console& console;  ///< asked only for what its connector can do

  const Listing* listing_of(const Resource& resource) const;
  /// What the policy's rules look at.
  Subject subject() const;
};

/// The verdicts of every guard, those of the policy's rules last; one `pass` for each that has nothing to
/// say. A scene without actions gets only notes.
std::vector<Verdict> judge(const Scene& scene);

/// The refusals among `verdicts`.
std::vector<Verdict> refusals(const std::vector<Verdict>& verdicts);

/// Those for people to read: what is said of several actions in the same words comes once.
std::vector<Verdict> told_refusals(const std::vector<Verdict>& verdicts);

/// Whether two different addresses could be taken for one another, or be one person's: equal once plus tags,
/// separators, and letters and digits that look alike are put aside.
bool look_alike(std::string_view a, std::string_view b);

}  // namespace offstage::offboarding
