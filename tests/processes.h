#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace offstage::test {

/// What /proc tells of a process in one of its files; empty when the process is gone or keeps it to itself.
std::string read_proc(const std::string& pid, const std::string& name);

/// The process and all that descend from it, by their ids.
std::vector<std::string> family_of(long ancestor);

/// The files outside `folder` that a process has open for writing: no devices, pipes, sockets or memory.
std::vector<std::string> files_written_outside(const std::filesystem::path& folder, const std::string& pid);

}  // namespace offstage::test
