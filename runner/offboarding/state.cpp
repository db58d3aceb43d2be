#include "offboarding/state.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/hash.h"
#include "base/text.h"
#include "offboarding/history.h"

namespace offstage::offboarding {
namespace {

/// A name for a folder that tells nobody the account.
std::string folder_name(const std::string& connector, const std::string& address,
                        const std::string& account) {
  return url_encoded(connector) + "-" + sha256(address + "\n" + email_key(account)).substr(0, 16);
}

}  // namespace

std::filesystem::path default_state_folder() {
  if (const std::string own = environment("OFFSTAGE_STATE_DIR"); !own.empty()) return own;
  if (const std::string xdg = environment("XDG_STATE_HOME"); !xdg.empty())
    return std::filesystem::path(xdg) / "offstage";
  if (const std::string home = environment("HOME"); !home.empty())
    return std::filesystem::path(home) / ".local" / "state" / "offstage";
  throw Error(Kind::usage, "there is no folder to keep journals in", "set OFFSTAGE_STATE_DIR to one");
}

void make_private_folder(const std::filesystem::path& folder) {
  std::error_code fault;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), fault);
  if (fault)
    throw Error(Kind::usage,
                fmt::format("cannot make {}: {}", folder.parent_path().string(), fault.message()));
  if (::mkdir(folder.c_str(), 0700) != 0 && (errno != EEXIST || !std::filesystem::is_directory(folder)))
    throw Error(Kind::usage, with_errno(fmt::format("cannot make {}", folder.string())));
}

FileDescriptor locked(const std::filesystem::path& file, const std::string& busy) {
  FileDescriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid()) throw Error(Kind::usage, with_errno(fmt::format("cannot open {}", file.string())));
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK)
      throw Error(Kind::usage, with_errno(fmt::format("cannot lock {}", file.string())));
    throw Error(Kind::busy, fmt::format("{} (process {})", busy, printable(trimmed(read_file(file)), 20)),
                "wait until it has ended, then run again");
  }
  // Only for people: the lock itself is the kernel's.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    throw Error(Kind::usage, with_errno(fmt::format("cannot write {}", file.string())));
  }
  return lock;
}

AccountState::AccountState(const std::filesystem::path& root, const std::string& connector,
                           const std::string& address, const std::string& account)
    : folder_(root / folder_name(connector, address, account)) {
  make_private_folder(root);
  make_private_folder(folder_);
  const std::filesystem::path file = folder_ / "lock";
  lock_ = locked(file, fmt::format("another run is at work on {} as {}", connector, printable(account)));
}

std::string AccountState::new_run(const std::string& at) const {
  std::string id = new_run_id(at);
  const std::vector<std::filesystem::path> journals = journals_below(folder_);
  const std::string newest = journals.empty() ? std::string() : journals.back().stem().string();
  return id > newest ? id : newest + "0";
}

std::filesystem::path AccountState::journal_of(const std::string& run) const {
  return folder_ / (run + ".jsonl");
}

std::vector<Entry> AccountState::entries() const {
  std::vector<Entry> entries;
  for (const std::filesystem::path& file : journals_below(folder_)) {
    std::vector<Entry> run = read_journal(file);
    entries.insert(entries.end(), std::make_move_iterator(run.begin()), std::make_move_iterator(run.end()));
  }
  return entries;
}

}  // namespace offstage::offboarding
