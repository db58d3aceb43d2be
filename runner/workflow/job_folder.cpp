#include "workflow/job_folder.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace offstage::workflow {
namespace {

namespace fs = std::filesystem;

/// The names of the files with this ending, without it, sorted.
std::vector<std::string> names_with(const fs::path& folder, const std::string& ending) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !name.ends_with(ending) || name.ends_with(".result.json")) continue;
    names.push_back(name.substr(0, name.size() - ending.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Whether the file is still the one that was opened: another worker may have filed it away meanwhile.
bool is_still(const fs::path& file, const FileDescriptor& opened) {
  struct stat now {};
  struct stat then {};
  return ::stat(file.c_str(), &now) == 0 && ::fstat(opened.get(), &then) == 0 && now.st_ino == then.st_ino &&
         now.st_dev == then.st_dev;
}

/// Whether it changed so short a time ago that somebody may still be at it.
bool is_fresh(const fs::path& file) {
  constexpr std::chrono::seconds patience{10};
  std::error_code fault;
  const fs::file_time_type changed = fs::last_write_time(file, fault);
  return !fault && fs::file_time_type::clock::now() - changed < patience;
}

/// Whether somebody may still be writing it: it holds no whole JSON document, and not long ago it changed.
bool is_half_written(const fs::path& file) {
  try {
    return is_fresh(file) && !Json::accept(read_file(file));
  } catch (const std::exception&) {
    return true;  // another worker has just taken it
  }
}

/// Why it cannot be read as a file; "" when it can.
std::string fault_of(const fs::path& file) {
  const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) return std::generic_category().message(errno);
  struct stat facts {};
  return ::fstat(fd.get(), &facts) == 0 && S_ISREG(facts.st_mode) ? "" : "it is no regular file";
}

/// Puts a file where others may write too: under a name that nobody can guess first, then in place of
/// whatever stands there.
void put(const fs::path& file, const std::string& content) {
  const fs::path temporary = file.parent_path() / (".part-" + random_hex(16));
  write_file(temporary, content, 0644);
  if (const std::error_code fault = rename_file(temporary, file)) {
    ::unlink(temporary.c_str());
    throw Error(Kind::usage, fmt::format("cannot write {}: {}", file.string(), fault.message()));
  }
}

/// Counts one try more in a file that holds a byte for each, since a process that dies tells nothing. What
/// cannot be counted is a first try.
long counted(const fs::path& file) {
  const FileDescriptor fd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  struct stat facts {};
  if (!fd.valid() || ::write(fd.get(), "+", 1) != 1 || ::fstat(fd.get(), &facts) != 0) return 1;
  return static_cast<long>(facts.st_size);
}

}  // namespace

JobFolder::JobFolder(fs::path folder, Log& log) : folder_(std::move(folder)), log_(log) {
  std::error_code fault;
  if (!fs::is_directory(folder_, fault) || ::access(folder_.c_str(), R_OK | W_OK | X_OK) != 0) {
    throw Error(Kind::usage, folder_.string() + " is no folder that can be read and written",
                "make it, and give it to the user that runs Offstage");
  }
}

/// Says once of each file that it cannot be read. Another worker may just have taken it, or whoever drops it
/// not have given it away yet: then nothing is said.
bool JobFolder::can_read(const fs::path& file) {
  const std::string fault = fault_of(file);
  if (fault.empty()) return true;
  std::error_code none;
  if (is_fresh(file) || !fs::exists(fs::symlink_status(file, none))) return false;
  const std::string name = file.filename().string();
  if (warned_of_.insert(name).second)
    log_.warn(fmt::format("{} cannot be read, so it waits: {}", printable(name, 100), fault));
  return false;
}

std::optional<JobFolder::Claim> JobFolder::taken(const std::string& name, bool anew) {
  Claim claim;
  claim.name_ = name;
  claim.file_ = folder_ / (name + ".working");
  claim.tries_file_ = folder_ / ("." + name + ".tries");
  if (!can_read(claim.file_)) return {};
  claim.lock_.reset(::open(claim.file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!claim.lock_.valid() || ::flock(claim.lock_.get(), LOCK_EX | LOCK_NB) != 0) return {};
  if (!is_still(claim.file_, claim.lock_)) return {};
  if (anew) ::unlink(claim.tries_file_.c_str());
  claim.tries_ = counted(claim.tries_file_);
  return claim;
}

std::optional<JobFolder::Claim> JobFolder::next() {
  for (const std::string& name : names_with(folder_, ".working")) {
    if (std::optional<Claim> claim = taken(name, false)) return claim;
  }
  for (const std::string& name : names_with(folder_, ".json")) {
    const fs::path file = folder_ / (name + ".json");
    // One with the name of another that is being done waits for its end.
    if (fs::exists(folder_ / (name + ".working")) || !can_read(file) || is_half_written(file)) continue;
    if (rename_file(file, folder_ / (name + ".working"))) continue;
    if (std::optional<Claim> claim = taken(name, true)) return claim;
  }
  return {};
}

void JobFolder::Claim::finish(const std::string& result) {
  fs::path there = file_;
  put(there.replace_extension(".result.json"), result);
  ::unlink(tries_file_.c_str());
  fs::path done = file_;
  const std::error_code fault = rename_file(file_, done.replace_extension(".done"));
  if (fault) throw Error(Kind::usage, "cannot rename " + file_.string() + ": " + fault.message());
}

void JobFolder::Claim::leave() {
  // A link in its place is none of ours.
  std::error_code none;
  if (fs::is_regular_file(fs::symlink_status(tries_file_, none)))
    fs::resize_file(tries_file_, static_cast<std::uintmax_t>(tries_ - 1), none);
  lock_.reset();
}

void notify_supervisor(const std::string& state) {
  const std::string address = environment("NOTIFY_SOCKET");
  sockaddr_un there{};
  if (address.empty() || address.size() >= sizeof(there.sun_path)) return;
  there.sun_family = AF_UNIX;
  address.copy(there.sun_path, sizeof(there.sun_path) - 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  // An abstract address is written with an @.
  if (there.sun_path[0] == '@') there.sun_path[0] = '\0';
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return;
  ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&there),
           length);
}

}  // namespace offstage::workflow
