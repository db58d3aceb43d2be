#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "cli/settings.h"

namespace offstage::cli {

/// One thing that this machine must have, as it was found.
struct Finding {
  enum class Level {
    good,
    warning,  ///< works, but something will be slower, uglier or riskier
    fault,    ///< a run would fail
  };
  std::string name;  ///< "chrome"
  Level level = Level::good;
  std::string seen;
  std::string hint;  ///< how to mend it; empty when it is good
};

/// Looks at this machine: Chrome and its sandbox by starting it, the rest by asking the system. Changes
/// nothing. A stop request ends it with Error{interrupted}.
std::vector<Finding> examine(const Settings& settings, const Until& until);

/// The single probes, each with what it looks at as an argument, for tests.
Finding probe_shared_memory(const std::filesystem::path& folder);
Finding probe_fonts(const std::vector<std::filesystem::path>& folders);
Finding probe_temporary_folder();
Finding probe_clock();
/// Whether an ordinary user may make user namespaces, which Chrome's sandbox stands on. `proc` is /proc.
Finding probe_user_namespaces(const std::filesystem::path& proc);

}  // namespace offstage::cli
