#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "browser_support.h"
#include "faults/remains.h"
#include "practice_console.h"
#include "program.h"

namespace offstage::faults {

/// One thing that goes wrong at one moment of a run.
struct Disturbance {
  long moment = 0;           ///< the how manieth of the run, from 1; 0: nothing goes wrong
  std::string what;          ///< what happens at it, as OFFSTAGE_FAULT has it: "kill", "drop", ...
  std::string where;         ///< the moment, for people
  bool near_commit = false;  ///< between the announcement of the commit and the look that proves it
  std::string name() const;
};

/// What one disturbed run, and the same command once more, came to.
struct Verdict {
  bool reached = true;                  ///< the run came to the moment at all
  std::vector<std::string> wrong;       ///< changes of somebody or something that was not in the plan
  std::vector<std::string> twice;       ///< changes that were sent more than once
  std::vector<std::string> untrue;      ///< reports that say what is not so
  std::vector<std::string> unfinished;  ///< not what was wanted, after the second run
  std::vector<std::string> late;        ///< runs that went on although their time was over
  Milliseconds longest{0};              ///< how long the longer of the two runs took
  Milliseconds stop{0};  ///< from the disturbed run's being asked to stop to its end; 0: not asked
  std::string told;      ///< what the two runs said, for whoever must find out why
  bool good() const {
    return wrong.empty() && twice.empty() && untrue.empty() && unfinished.empty() && late.empty();
  }
};

/// How the removals are made.
struct Way {
  bool signed_in = false;  ///< each first run begins with a session that was kept, and so after signing in
  bool job = false;        ///< by a job with a key, which tells its result at an address
  /// A second run only from what none has begun with before: what the same program does from the same state
  /// is the same. The journals and the console are looked at anyway.
  bool once = false;
};

/// A practice console of its own with one small team, and the removal of one member of it: tried as often as
/// one likes. One thread.
class Ground {
 public:
  explicit Ground(Way way);

  /// The moments of an undisturbed run, in order.
  std::vector<std::string> moments();
  /// Resets the console, removes with the disturbance, removes once more without (see Way), and judges.
  /// `begun` is shared by all that work on one tour.
  Verdict attempt(const Disturbance& disturbance, Beginnings& begun);

 private:
  /// What a run is told to do.
  std::vector<std::string> arguments(const test::Sandbox& sandbox) const;
  void keep_session();
  /// Everything as it was at the start, and the folder of the next runs as well.
  void prepare(const test::Sandbox& sandbox);
  /// The program with these arguments, and that going wrong in it.
  test::Finished run(const test::Sandbox& sandbox, const Disturbance& disturbance,
                     const std::vector<std::string>& arguments);
  test::Finished remove(const test::Sandbox& sandbox, const Disturbance& disturbance);
  /// Holds what the job told whoever waits for it against what its last run said.
  void check_callbacks(std::size_t earlier, const test::Finished& last, Verdict& verdict) const;
  /// Whether each line of every run's journal follows from the one before.
  void check_journals(const test::Sandbox& sandbox, const std::string& which, Verdict& verdict);
  /// The same, with a run that does not end as one that was killed; what it said last is in its stderr.
  test::Finished timed(const test::Sandbox& sandbox, const Disturbance& disturbance, const std::string& which,
                       Verdict& verdict);

  test::Sandbox files_;
  test::PracticeConsole console_;
  test::PageServer waiting_;  ///< where jobs tell their results
  const Way way_;
  std::string session_;  ///< the sealed file that each first run begins with
};

}  // namespace offstage::faults
