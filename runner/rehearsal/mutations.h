#pragma once

#include <string>
#include <vector>

#include "rehearsal/replay.h"

namespace offstage::rehearsal {

/// A recording with one thing wrong: what a console does on a bad day. A value.
struct Mutation {
  std::string what;  ///< for people: "the answer to DELETE … is lost"
  recording::Recording recording;
  recording::Replayer::Delays delays;
  std::string page_script;  ///< what the console's pages do wrong
  /// As what the run must end; it may end as "ok" only where "ok" is among them.
  std::vector<std::string> endings;
  /// Whether nothing may be committed in it.
  bool nothing_committed = false;
  /// What the run must have read when it ends as "ok": what the console truly showed. Null: what was
  /// recorded. An array as recording::Ending::variables.
  Json truth;
};

/// Every way in which a recording can go wrong that its script must notice.
std::vector<Mutation> mutations_of(const recording::Recording& recording, const Scenario& scenario);

/// Replays a mutation. It passes when the run ended as it must and claims nothing that did not happen.
Verdict play_mutated(browser::Browser& browser, recording::Traffic& traffic, const Mutation& mutation,
                     const Scenario& scenario, const Until& until);

}  // namespace offstage::rehearsal
