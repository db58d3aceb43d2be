#include "processes.h"

#include <fcntl.h>
#include <map>

#include "base/error.h"
#include "base/file.h"

namespace offstage::test {

std::string read_proc(const std::string& pid, const std::string& name) {
  try {
    return read_file("/proc/" + pid + "/" + name);
  } catch (const Error&) {
    return {};  // the process has ended, perhaps while it was read, or is another user's
  }
}

std::vector<std::string> family_of(long ancestor) {
  std::multimap<long, long> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string status = read_proc(name, "status");
    const std::size_t parent = status.find("PPid:");
    if (parent != std::string::npos) children.emplace(std::stol(status.substr(parent + 5)), std::stol(name));
  }
  std::vector<long> family{ancestor};
  std::vector<std::string> names;
  for (std::size_t at = 0; at < family.size(); ++at) {
    names.push_back(std::to_string(family[at]));
    const auto [first, last] = children.equal_range(family[at]);
    for (auto child = first; child != last; ++child)
      family.push_back(child->second);
  }
  return names;
}

std::vector<std::string> files_written_outside(const std::filesystem::path& folder, const std::string& pid) {
  std::vector<std::string> found;
  std::error_code gone;  // the process may end meanwhile, or be another user's
  std::filesystem::directory_iterator entry("/proc/" + pid + "/fd", gone);
  for (const std::filesystem::directory_iterator end; !gone && entry != end; entry.increment(gone)) {
    std::error_code closed;
    const std::string file = std::filesystem::read_symlink(entry->path(), closed).string();
    const bool plain = file.starts_with('/') && !file.starts_with("/dev/") && !file.starts_with("/proc/") &&
                       !file.starts_with("/memfd:");
    if (!plain || file.starts_with(folder.string() + "/")) continue;
    const std::string facts = read_proc(pid, "fdinfo/" + entry->path().filename().string());
    const std::size_t flags = facts.find("flags:");
    if (flags == std::string::npos) continue;
    if ((std::stol(facts.substr(flags + 6), nullptr, 8) & O_ACCMODE) != O_RDONLY) found.push_back(file);
  }
  return found;
}

}  // namespace offstage::test
