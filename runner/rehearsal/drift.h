#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rehearsal/replay.h"
#include "rehearsal/snapshot_check.h"

namespace offstage::rehearsal {

/// A way to find an element that a step's own selectors do not find any more, or only by a weaker one. Only a
/// person, or a proof by recordings, makes a change of it.
struct Proposal {
  std::string element;           ///< what it is, in words
  double score = 0;              ///< how alike it is to the one that was recorded
  double runner_up = 0;          ///< how alike the next one is
  browser::Query query;          ///< how the step looks for it now
  browser::Selectors selectors;  ///< each finds one element alone on the page as it is now
};

/// What differs for one step between the page that was recorded and the page as it is now.
struct StepDrift {
  std::string script;
  std::string step;  ///< its path
  std::string what;  ///< in words: `click "Edit"`
  std::string url;   ///< of the page as it is now
  std::vector<std::string> words;
  bool broken = false;   ///< the step could not go on
  bool commits = false;  ///< it is a commit step or stands in one: nothing is ever proposed for it
  std::optional<Proposal> proposal;
};

/// What a console has become since a recording was made, as far as its scripts came without changing
/// anything.
struct Comparison {
  std::vector<StepDrift> steps;  ///< those that differ
  std::size_t compared = 0;      ///< how many looks at pages could be held against recorded ones
  recording::Ending ending;      ///< "refused" where the scripts came to a commit step, which is never taken
  bool at_commit = false;        ///< that is how far they came
};

/// Plays the scripts of a recording on a console, with commits refused, and holds each page against the one
/// that was recorded. `scenario` has the arguments of the console as it is. Throws what `perform` throws.
Comparison compare(browser::Browser& browser, const recording::Recording& recording, const Scenario& scenario,
                   const SecretStore& secrets, script::Observer& observer, Log& log, const Until& until);

/// What differs for one step: `was` is the recorded page, `is` the page now.
std::optional<StepDrift> drift_of(const script::Script& script, const recording::Snapshot& was,
                                  const recording::Snapshot& is);

}  // namespace offstage::rehearsal
