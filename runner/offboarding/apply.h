#pragma once

#include <functional>
#include <vector>

#include "connector/console.h"
#include "offboarding/evidence.h"
#include "offboarding/hours.h"
#include "offboarding/journal.h"
#include "offboarding/plan.h"
#include "offboarding/policy.h"
#include "offboarding/progress.h"
#include "offboarding/result.h"
#include "offboarding/verify.h"

namespace offstage::offboarding {

/// All that applying needs. The references must outlive it.
struct Tools {
  connector::Console& console;
  const Policy& policy;
  Journal& journal;
  Evidence& evidence;
  Progress& progress;
  Pace pace;
  std::vector<Unresolved> unresolved;  ///< commits of earlier runs whose end nobody knows
  std::function<LocalTime()> now = local_now;
};

/// What applying came to, and what the console showed last.
struct Applied {
  std::vector<ActionResult> actions;  ///< one for each of the plan, in its order
  std::optional<Kind> stopped;        ///< a stop request ended it
  std::vector<Listing> listings;      ///< the last one taken of each resource that was looked at
  std::vector<Resource> resources;    ///< after a deletion: what is still there
};

/// Applies a plan, action by action: looks again; commits, at most once; looks until a fresh listing shows it
/// gone. What goes wrong is in the results, never thrown, except when the journal or the evidence cannot be
/// written. A refused action does not keep the next ones from being tried; anything that says that the
/// console cannot be worked with now, or an unknown effect, ends the run. A stop request ends it between
/// actions.
Applied apply(const Plan& plan, Tools& tools, const Until& until);

}  // namespace offstage::offboarding
