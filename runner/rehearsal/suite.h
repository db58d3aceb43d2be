#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rehearsal/replay.h"

namespace offstage::rehearsal {

/// One recording to be replayed: a test, as test runners know it.
struct Case {
  std::string name;  ///< for people: the file as it was named, and what is wrong with this copy of it
  std::filesystem::path file;
  std::function<Verdict(browser::Browser&, recording::Traffic&, const Until&)> run;
  /// How long it may take beside others, in no unit: the longest begin first, so that none is waited for
  /// alone.
  std::size_t weight = 0;
};

struct Result {
  std::string name;
  Verdict verdict;
  /// Why it could not be run at all (a file that cannot be read, Chrome died); counts as failed.
  std::optional<Error> error;
  bool passed() const { return !error && verdict.passed(); }
};

/// Told of what a suite does, one call at a time, from any thread.
class SuiteObserver {
 public:
  virtual ~SuiteObserver() = default;
  virtual void started(const std::string& name) { (void)name; }
  virtual void finished(const Result& result, std::size_t done, std::size_t all) {
    (void)result, (void)done, (void)all;
  }
};

/// Runs the cases in parallel contexts of one browser, `at_once` at a time, and gives their results in the
/// order of the cases. A stop ends it: Error{interrupted}. A browser that dies fails the cases that ran in
/// it, and a new one takes its place.
std::vector<Result> run_cases(const std::vector<Case>& cases, const browser::LaunchOptions& options,
                              int at_once, SuiteObserver& observer, const Until& until);

/// The recordings that files and folders name: `*.har` below a folder, sorted; a file as it is. Throws
/// Error{usage} for what is not there, and for a folder without any.
std::vector<std::filesystem::path> recordings_in(const std::vector<std::string>& places);

/// The part of a sorted list that shard `index` (from 1) of `count` runs: every count-th, so that slow ones
/// that stand together are shared out.
template <class T>
std::vector<T> shard(const std::vector<T>& all, std::size_t index, std::size_t count) {
  std::vector<T> part;
  for (std::size_t i = index - 1; i < all.size(); i += count)
    part.push_back(all[i]);
  return part;
}

}  // namespace offstage::rehearsal
