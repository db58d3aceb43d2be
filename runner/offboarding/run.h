#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "connector/console.h"
#include "offboarding/approve.h"
#include "offboarding/hours.h"
#include "offboarding/observe.h"
#include "offboarding/plan.h"
#include "offboarding/policy.h"
#include "offboarding/progress.h"
#include "offboarding/result.h"
#include "offboarding/verify.h"

namespace offstage::offboarding {

/// A plan and the listings it was made from.
struct Planned {
  Plan plan;
  Observation seen;
};

/// Looks at the console and says what the request would do. Changes nothing. A plan that guards refuse is
/// returned, not thrown. Throws what `observe` does. `requested_by`: who asks.
Planned make_plan(connector::Console& console, const Request& request, const std::string& requested_by,
                  const Policy& policy, Progress& progress, const Until& until);

/// For `apply plan.json`: looks again and makes the plan anew, as asked for by the same person. Throws
/// Error{refused} saying what is different when it is neither the saved one nor what a run that had begun
/// with it left of it, or when the console is not the one it was made for. `state`: as RunSettings'.
Planned make_plan_again(connector::Console& console, const Plan& saved, const Policy& policy,
                        const std::filesystem::path& state, Progress& progress, const Until& until);

/// How a plan is applied.
struct RunSettings {
  /// Where journals and locks are kept; empty: `default_state_folder()`.
  std::filesystem::path state;
  /// The evidence folder; empty: ./offstage-evidence/<UTC time>-<connector>-<run>. Where it holds that of an
  /// earlier run, this run's goes into a folder in it that is named after the run.
  std::filesystem::path evidence;
  std::string by;      ///< who runs Offstage, for the evidence
  std::string reason;  ///< a ticket or reason; may be empty
  Pace pace;           ///< how a console that lags is waited for
  std::function<LocalTime()> now = local_now;
  /// What a stop request is told as: interrupted or terminated.
  std::function<Kind()> stop_kind = [] { return Kind::interrupted; };
};

/// Applies an approved plan and leaves the evidence. Throws, before anything is done, Error{refused} when a
/// guard refuses the plan or its approval does not count, Error{busy} when another run holds the account,
/// Error{usage} when state or evidence cannot be written. What the console does afterwards is in the result.
/// Journal or evidence that cannot be written once a commit was announced are Error{unknown}.
Result apply_plan(connector::Console& console, const Planned& planned, const Approval& approval,
                  const Policy& policy, const RunSettings& settings, Progress& progress, const Until& until);

}  // namespace offstage::offboarding
