#pragma once

#include <string>
#include <vector>

#include "recording/recording.h"

namespace offstage::recording {

/// Something about a recording that cannot be as it should be. A value.
struct Fault {
  enum class Level {
    error,    ///< a replay cannot prove what it should
    warning,  ///< it may be meant
  };
  Level level = Level::error;
  std::string place;  ///< for people: "request 12 (DELETE https://…)", "snapshot 3"; printable
  std::string text;   ///< printable

  bool operator==(const Fault&) const = default;
};

/// What is wrong with a recording in itself, in the order of its parts: nothing is looked up elsewhere.
/// Whether its file and bodies are as they were written is seen when it is loaded.
std::vector<Fault> faults(const Recording& recording);

}  // namespace offstage::recording
