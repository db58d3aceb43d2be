#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "browser/browser.h"

namespace offstage::browser {

/// Chrome's command line, without the program's name. `profile` is its private
/// user data folder. Throws Error{usage} for an extra argument that would open
/// its DevTools (--remote-debugging-port and its like).
std::vector<std::string> chrome_arguments(const LaunchOptions& options, const std::filesystem::path& profile);

/// Chrome's whole environment as NAME=value: what it needs to run and show
/// text, with its home and temporary folders below `folder`; nothing of
/// Offstage's settings, and no secret that happens to be in ours.
std::vector<std::string> chrome_environment(const std::filesystem::path& folder, bool headed);

/// Whether /dev/shm is too small, or not there, for Chrome's shared memory.
bool shared_memory_is_small();

}  // namespace offstage::browser
