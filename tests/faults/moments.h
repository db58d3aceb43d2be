#pragma once

#include <string>
#include <vector>

#include "faults/attempt.h"

namespace offstage::faults {

/// One moment of a removal that nothing disturbed.
struct Moment {
  std::string text;  ///< as the run told it: "send {...", "take {...", "file ...", "exchange ..."
  std::string kind;  ///< what all moments like it have in common: "send Page.navigate", "answer to ..."
  int stage = 0;     ///< how many pages were asked for, and files begun, before it
  bool near_commit = false;  ///< between the announcement of the commit and the look that proves it
};

/// The moments of a run, in order, out of what it told of each.
std::vector<Moment> moments_of(const std::vector<std::string>& told);

/// Which of a run's disturbances are wanted, in which order.
struct Choice {
  std::size_t most = 0;    ///< about so many, around the commit the greater share; 0: all
  std::size_t round = 0;   ///< not 0: of each kind in each stage the round-th, going round; see disturbances
  bool only_near = false;  ///< only around the commit
  bool only_sign_in = false;  ///< only until the first page after the sign-in is asked for
  std::string where;          ///< only those whose name holds this
};

/// All that can go wrong, as chosen: what is around the commit first, then the rest, and last what leaves
/// behind the same as the disturbance before it. With a round, one disturbance for each fault of each kind of
/// moment in each stage, which another round lets happen at another moment of that kind.
std::vector<Disturbance> disturbances(const std::vector<Moment>& moments, const Choice& choice);

}  // namespace offstage::faults
