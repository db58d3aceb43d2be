#include "browser/chrome_user.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <linux/capability.h>
#include <pwd.h>
#include <random>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

namespace offstage::browser {

namespace {

/// Above what distributions, directories and container runtimes hand out, and
/// below what some tools take for negative.
constexpr unsigned long lowest = 1'900'000'000;
constexpr unsigned long highest = 2'000'000'000;

unsigned long long effective_capabilities() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("CapEff:")) return std::stoull(line.substr(7), nullptr, 16);
  }
  return 0;
}

/// The ids that exist in this user namespace, cut to the range we like; a small
/// namespace gives its upper half.
std::pair<unsigned long, unsigned long> id_range(const char* map) {
  std::ifstream lines(map);
  std::string line;
  unsigned long best_first = 0;
  unsigned long best_last = 0;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    unsigned long first = 0;
    unsigned long outside = 0;
    unsigned long count = 0;
    if (!(fields >> first >> outside >> count) || count == 0) continue;
    const unsigned long last = first + count - 1;
    if (last > best_last) {
      best_first = first;
      best_last = last;
    }
  }
  if (best_first <= lowest && best_last >= highest) return {lowest, highest};
  return {std::max(best_first, best_last / 2 + 1), best_last};
}

}  // namespace

std::optional<ChromeUser> chrome_user(bool allow_root) {
  if (::geteuid() != 0) return std::nullopt;
  const unsigned long long needed = (1ULL << CAP_SETUID) | (1ULL << CAP_SETGID) | (1ULL << CAP_CHOWN) |
                                    (1ULL << CAP_KILL) | (1ULL << CAP_DAC_OVERRIDE);
  const auto [first, last] = id_range("/proc/self/uid_map");
  const auto [first_group, last_group] = id_range("/proc/self/gid_map");
  const unsigned long from = std::max(first, first_group);
  const unsigned long to = std::min(last, last_group);
  if ((effective_capabilities() & needed) != needed || from > to || from == 0) {
    if (allow_root) return std::nullopt;
    throw Error(Kind::browser,
                "Chrome's sandbox does not work for root, and this root may "
                "not run it as another user",
                "Run Offstage as an ordinary user, or give it the capabilities "
                "SETUID, SETGID, CHOWN, KILL and "
                "DAC_OVERRIDE.");
  }
  std::random_device random;
  std::uniform_int_distribution<unsigned long> choose(from, to);
  for (int attempt = 0; attempt < 100; ++attempt) {
    const unsigned long id = choose(random);
    if (::getpwuid(static_cast<uid_t>(id)) == nullptr) {
      return ChromeUser{static_cast<uid_t>(id), static_cast<gid_t>(id)};
    }
  }
  throw Error(Kind::browser, "no free user id was found for Chrome", "Run Offstage as an ordinary user.");
}

void give_to(const ChromeUser& user, const std::filesystem::path& folder) {
  for (std::filesystem::path above = folder.parent_path(); !above.empty(); above = above.parent_path()) {
    struct stat facts {};
    if (::stat(above.c_str(), &facts) == 0 && (facts.st_mode & S_IXOTH) == 0) {
      throw Error(Kind::browser,
                  "Chrome runs as a user of its own and cannot reach its folder "
                  "through " +
                      above.string(),
                  "Set TMPDIR to a folder that every user may enter, such as /tmp.");
    }
    if (above == above.root_path()) break;
  }
  std::vector<std::filesystem::path> all{folder};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    all.push_back(entry.path());
  for (const std::filesystem::path& each : all) {
    if (::lchown(each.c_str(), user.uid, user.gid) != 0) {
      throw Error(Kind::browser, with_errno("cannot give " + each.string() + " to Chrome's user"));
    }
  }
}

}  // namespace offstage::browser
