#pragma once

#include <map>
#include <memory>
#include <optional>

#include "rehearsal/replay.h"
#include "script/sight.h"

namespace offstage::rehearsal {

/// Holds today's scripts against the pages that a recording kept, without a browser, in milliseconds: what
/// each step saw then it must see still, rows of listings to the letter. A fault names script, step and page.
Verdict check_snapshots(const recording::Recording& recording, const Scenario& scenario);

/// The scripts of a scenario and those that they run, by file name; loaded once.
class ScriptShelf {
 public:
  explicit ScriptShelf(const Scenario& scenario);
  /// Nothing when there is no such script any more. Throws Error{usage} for one that cannot be read.
  const script::Script* find(const std::string& file);

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::shared_ptr<const script::Script>> scripts_;
};

/// What today's step at a snapshot's place looks for, filled with the snapshot's values and narrowed by
/// today's `within` steps around it; nothing when the script has no such step any more.
struct Seen {
  const script::Step* step = nullptr;
  script::Sight sight;
};
std::optional<Seen> seen_by(const script::Script& script, const recording::Snapshot& snapshot);

}  // namespace offstage::rehearsal
