#pragma once

#include <string>
#include <vector>

#include "rehearsal/drift.h"

namespace offstage::rehearsal {

/// A change to one script's file: a step gets further selectors. Nothing else of its text changes. A value.
struct Patch {
  std::filesystem::path file;
  std::string before;
  std::string after;
  std::vector<std::string> words;  ///< what it does, a line each
};

/// The patches that the proposals of a comparison amount to, one a script. Selectors are added behind those
/// that are there, so that the pages that were recorded are found as before. A commit step, what stands in
/// one, and the rows and fields by which a `within` knows its person are never touched: `left` says in words
/// what is for people to mend.
std::vector<Patch> patches_for(const Comparison& comparison, const Scenario& scenario,
                               std::vector<std::string>& left);

/// Where the value at a JSON Pointer stands in a JSON text: its first byte and the one after its last.
/// Nothing when there is none there. The text must be valid JSON.
std::optional<std::pair<std::size_t, std::size_t>> span_of(std::string_view json, std::string_view pointer);

/// A patch as a unified diff, with three lines around each change.
std::string unified_diff(const Patch& patch);

/// Why a patch must not be made, in words: a recording of which it changes the outcome. Empty: the recordings
/// that play these scripts all pass with it, in Chrome and on their pages. Files are written to a private
/// folder only.
std::vector<std::string> disproofs(const std::vector<Patch>& patches,
                                   const std::vector<std::filesystem::path>& recordings,
                                   const connector::Registry& registry, const browser::LaunchOptions& options,
                                   const Until& until);

}  // namespace offstage::rehearsal
