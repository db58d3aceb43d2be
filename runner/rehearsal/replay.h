#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "connector/registry.h"
#include "recording/replayer.h"
#include "rehearsal/scenario.h"

namespace offstage::rehearsal {

/// What came of one replay. It passed when there are no faults.
struct Verdict {
  std::vector<std::string> faults;  ///< each one a sentence or two for a person, safe to print
  std::vector<std::string> notes;   ///< what is worth knowing and no fault: a script that has changed
  recording::Ending ending;
  std::vector<recording::Snapshot> snapshots;  ///< where they were asked for
  std::vector<std::string> requests;           ///< as they were answered, in order
  bool requests_agree = true;                  ///< everything asked for was on the tape, every mutation once
  Milliseconds took{0};
  bool passed() const { return faults.empty(); }
};

/// What was recorded with, to be played again: the scripts as they are today, from the connector's folder or,
/// without a connector, from beside the recording `file`. Throws Error{usage} for scripts or connectors that
/// are gone.
Scenario scenario_of(const recording::Recording& recording, const std::filesystem::path& file,
                     const connector::Registry& registry);

/// The secrets to play a recording with: its placeholders.
SecretStore secrets_of(const recording::Recording& recording);

/// Plays today's scripts in a context of its own against a recording and nothing else, and holds what comes
/// of it against what was recorded: the same ending, the same variables, the same commits, every mutation
/// asked for exactly once, and no request that is not on the tape.
class Rehearsal {
 public:
  /// `traffic` is that of `browser`; both, and recording and scenario, must outlive it.
  Rehearsal(browser::Browser& browser, recording::Traffic& traffic, const recording::Recording& recording,
            const Scenario& scenario);

  recording::Replayer::Delays delays;  ///< to hold answers back
  std::string page_script;             ///< run first in every document: for consoles made to misbehave
  bool snapshots = false;              ///< keep what the steps saw
  /// Called when a script ends in another way than was recorded, before its page can be closed for it.
  std::function<void(browser::Page&)> at_fault;
  /// Called with the page when the run has come to its end, before its context goes.
  std::function<void(browser::Page&, const Verdict&)> at_end;

  /// Throws only what `perform` throws, and Error{interrupted}.
  Verdict run(script::Observer& observer, Log& log, const Until& until);

 private:
  void judge(const std::shared_ptr<recording::Replayer>& replayer, Verdict& verdict) const;

  browser::Browser& browser_;
  recording::Traffic& traffic_;
  const recording::Recording& recording_;
  const Scenario& scenario_;
};

/// Whether a run may have ended so because what it had waited for did not come.
bool waited_in_vain(const recording::Ending& ending);

/// One replay as a test runner wants it: silent, and soon over. What was recorded to end because something
/// never came is replayed with short waits first, since in a replay nothing is under way for long. Only the
/// very same end, word for word, counts then; after any other it is replayed again with all the time its
/// scripts have. That is 15 s for a step at least: what is slow in a replay is the machine, not the console.
Verdict replayed(browser::Browser& browser, recording::Traffic& traffic,
                 const recording::Recording& recording, const Scenario& scenario, const Until& until);

/// Where two values differ first, in words ("/0/set/grants/3/role: recorded "admin", now "member""); empty:
/// nowhere.
std::string first_difference(const Json& recorded, const Json& now);

/// A browser that reaches nothing at all: no name resolves in it.
std::unique_ptr<browser::Browser> launch_offline(browser::LaunchOptions options, const Until& until);

}  // namespace offstage::rehearsal
