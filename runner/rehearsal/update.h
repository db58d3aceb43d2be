#pragma once

#include "rehearsal/replay.h"

namespace offstage::rehearsal {

/// A recording as today's scripts would have made it, as far as its exchanges still serve them.
struct Update {
  recording::Recording recording;
  std::vector<std::string> differences;  ///< in words; empty: nothing to write
  /// False when the scripts send other requests now: only a new recording can hold those.
  bool possible = true;
};

/// Replays, and takes over the ending, the pages seen and the scripts' digests. Writes nothing.
Update updated(browser::Browser& browser, recording::Traffic& traffic, const recording::Recording& recording,
               const Scenario& scenario, const Until& until);

}  // namespace offstage::rehearsal
