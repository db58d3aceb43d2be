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

#include "base/environment.h"
#include "base/error.h"
#include "base/json.h"

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

/// Whether somebody may still be writing it: it holds no whole JSON document, and not long ago it changed.
bool is_half_written(const fs::path& file) {
  constexpr std::chrono::seconds patience{10};
  try {
    return fs::file_time_type::clock::now() - fs::last_write_time(file) < patience &&
           !Json::accept(read_file(file));
  } catch (const std::exception&) {
    return true;  // another worker has just taken it, or it cannot be read: then it waits, as it is
  }
}

}  // namespace

JobFolder::JobFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code fault;
  if (!fs::is_directory(folder_, fault) || ::access(folder_.c_str(), R_OK | W_OK | X_OK) != 0) {
    throw Error(Kind::usage, folder_.string() + " is no folder that can be read and written",
                "make it, and give it to the user that runs Offstage");
  }
}

std::optional<JobFolder::Claim> JobFolder::taken(const std::string& name) const {
  Claim claim;
  claim.name_ = name;
  claim.file_ = folder_ / (name + ".working");
  claim.lock_.reset(::open(claim.file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!claim.lock_.valid() || ::flock(claim.lock_.get(), LOCK_EX | LOCK_NB) != 0) return {};
  if (!is_still(claim.file_, claim.lock_)) return {};
  return claim;
}

std::optional<JobFolder::Claim> JobFolder::next() {
  for (const std::string& name : names_with(folder_, ".working")) {
    if (std::optional<Claim> claim = taken(name)) return claim;
  }
  for (const std::string& name : names_with(folder_, ".json")) {
    // One with the name of another that is being done waits for its end.
    if (fs::exists(folder_ / (name + ".working")) || is_half_written(folder_ / (name + ".json"))) continue;
    if (rename_file(folder_ / (name + ".json"), folder_ / (name + ".working"))) continue;
    if (std::optional<Claim> claim = taken(name)) return claim;
  }
  return {};
}

void JobFolder::Claim::finish(const std::string& result) {
  fs::path there = file_;
  write_file(there.replace_extension(".result.json"), result, 0644);
  fs::path done = file_;
  const std::error_code fault = rename_file(file_, done.replace_extension(".done"));
  if (fault) throw Error(Kind::usage, "cannot rename " + file_.string() + ": " + fault.message());
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
