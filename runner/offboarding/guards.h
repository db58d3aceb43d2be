#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connector/console.h"
#include "offboarding/action.h"
#include "offboarding/policy.h"
#include "offboarding/request.h"

namespace offstage::offboarding {

/// All that a guard may look at. The references must outlive it.
struct Scene {
  const Request& request;
  const std::string& account;            ///< signed in with this address
  const std::vector<Listing>& listings;  ///< as the console shows them now
  const std::vector<Action>& actions;    ///< about to be planned, or about to be done
  const Policy& policy;
  const connector::Console& console;  ///< asked only for what its connector can do

  const Listing* listing_of(const Resource& resource) const;
};

/// One rule: looks at a scene and says what it refuses or notes. Nothing said: passed. Without side effects.
struct Guard {
  std::string_view rule;    ///< its name
  std::string_view passed;  ///< what holds when it says nothing; "": not worth a line
  std::vector<Verdict> (*look)(const Scene& scene);
};

/// Every guard, in the order they are shown.
std::span<const Guard> guards();

/// The verdicts of every guard; one `pass` for each that has nothing to say. A scene without actions gets
/// only notes.
std::vector<Verdict> judge(const Scene& scene);

/// The refusals among `verdicts`.
std::vector<Verdict> refusals(const std::vector<Verdict>& verdicts);

/// Whether two different addresses could be taken for one another, or be one person's: equal once plus tags,
/// separators, and letters and digits that look alike are put aside.
bool look_alike(std::string_view a, std::string_view b);

}  // namespace offstage::offboarding
