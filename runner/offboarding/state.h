#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "offboarding/journal.h"

namespace offstage::offboarding {

/// $OFFSTAGE_STATE_DIR, else $XDG_STATE_HOME/offstage, else ~/.local/state/offstage. Throws Error{usage} when
/// none of them can be told.
std::filesystem::path default_state_folder();

/// Makes a folder and the missing ones above it; the folder itself gets mode 0700 when it is made. Throws
/// Error{usage}.
void make_private_folder(const std::filesystem::path& folder);

/// The lock of a file, which is made where it is missing: held as long as the descriptor is open, and let go
/// of by the system when the process dies. Throws Error{busy} at once, in the words of `busy` and with the
/// other process, when another one holds it; Error{usage} when the file cannot be used.
FileDescriptor locked(const std::filesystem::path& file, const std::string& busy);

/// What is remembered of one account on one console between runs: the journals, and the lock that keeps two
/// runs apart. Holding one is holding the lock; it is released when destroyed, and by the system when the
/// process dies. Movable; one thread.
class AccountState {
 public:
  /// Takes the lock. Throws Error{busy} at once when another run holds it, Error{usage} when the folder
  /// cannot be used.
  /// `address`: Console::address().
  AccountState(const std::filesystem::path& root, const std::string& connector, const std::string& address,
               const std::string& account);

  /// An id for a run that begins `at`, an RFC 3339 time. It sorts after those of all earlier runs, also when
  /// they began in the same moment or the clock was set back: their order tells which of them settled what.
  std::string new_run(const std::string& at) const;
  /// The file for a new run's journal.
  std::filesystem::path journal_of(const std::string& run) const;
  /// Every line of this account's journals, in the order in which they were written. Throws Error{usage} on a
  /// damaged journal.
  std::vector<Entry> entries() const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  FileDescriptor lock_;
};

}  // namespace offstage::offboarding
