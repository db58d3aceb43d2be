#pragma once

#include "rehearsal/replay.h"

namespace offstage::rehearsal {

/// A recording as today's scripts would have made it, as far as its exchanges still serve them.
struct Update {
  recording::Recording recording;
  std::vector<std::string> differences;  ///< in words; empty: nothing to write
  /// Why it must not be written: the scripts send other requests now, which only a new recording can hold, or
  /// their texts hold what no recording may. Empty: it may.
  std::string obstacle;
};

/// Replays, and takes over the ending, the pages seen and the scripts' digests. Writes nothing.
Update updated(browser::Browser& browser, recording::Traffic& traffic, const recording::Recording& recording,
               const Scenario& scenario, const Until& until);

}  // namespace offstage::rehearsal
