#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "connector/console.h"
#include "offboarding/action.h"
#include "offboarding/approve.h"
#include "offboarding/journal.h"
#include "offboarding/progress.h"
#include "offboarding/request.h"
#include "offboarding/verify.h"

namespace offstage::offboarding {

/// A run that began and never said that it ended.
struct Interrupted {
  std::filesystem::path journal;
  std::string run;
  std::string at;  ///< when it began
  std::string connector;
  std::string address;  ///< Console::address()
  std::string account;
  Request request;
  std::string requested_by;  ///< who had asked; "" when the journal does not say
  std::string reason;
  std::string approved;  ///< the digest of the plan that was approved, or "" when it did not come to that
};

/// The journals below a state folder, of one account after the other, each account's oldest first. Empty when
/// the folder is not there. Throws Error{usage} when it cannot be read.
std::vector<std::filesystem::path> journals_below(const std::filesystem::path& state);

/// The newest run on `connector`, at `address`, that was cut off: the last of its account's that was to
/// change something, and its journal has no end. Throws Error{usage} on a damaged journal.
std::optional<Interrupted> interrupted_run(const std::filesystem::path& state, const std::string& connector,
                                           const std::string& address);

/// The plans that runs of the same account, on the same console (`address`: Console::address()) and for the
/// same request as `plan` were approved to apply. Throws Error{usage} on a damaged journal.
std::vector<ApprovedPlan> approved_before(const std::filesystem::path& state, const std::string& address,
                                          const Plan& plan);

/// The action of a commit, as the run that announced it wrote it down in `entries`. Throws Error{usage} when
/// it did not.
Action announced(const std::vector<Entry>& entries, const Unresolved& open);

/// What looking again said of one commit whose effect nobody knew.
struct Reconciled {
  std::string action;  ///< for people, printable: "bob@example.com from team acme"
  std::string run;     ///< that had announced the commit
  bool gone = false;   ///< it has taken effect; otherwise it had none
  std::string text;    ///< for people, printable
};

/// Looks at the console for every commit of earlier runs on this account whose effect is unknown, waiting as
/// long as a console may lag, and writes what it finds into a journal of its own: nothing is unknown
/// afterwards. Changes nothing on the console. `state` empty: default_state_folder(). Throws Error{busy} when
/// a run is at work, what looking throws, and Error{unknown} when the console could not be looked at.
std::vector<Reconciled> reconcile(connector::Console& console, const std::filesystem::path& state,
                                  const std::string& by, const Pace& pace, Progress& progress,
                                  const Until& until);

}  // namespace offstage::offboarding
