#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>

#include "base/json.h"

namespace offstage::faults {

/// What a run left behind for the next one, so that two runs that left the same leave the next one the same
/// to do: the console's people and what it was told to change, and each file but the evidence, which no run
/// reads. Of journals it holds what happened, and how; of other files their sizes.
///
/// `folder` is where the run kept everything, `state` and `changes` what the console tells of itself. Throws
/// Error{usage} when a file cannot be read.
std::string remains_of(const std::filesystem::path& folder, const Json& state, const Json& changes);

/// What second runs have begun with that ended well, as remains_of tells it. Any thread.
class Beginnings {
 public:
  bool has(const std::string& remains) const;
  void add(const std::string& remains);
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string> all_;
};

}  // namespace offstage::faults
