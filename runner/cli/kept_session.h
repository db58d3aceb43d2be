#pragma once

#include <filesystem>
#include <string>

#include "base/log.h"
#include "base/sealed.h"
#include "cli/settings.h"

namespace offstage::cli {

/// The file that --session names: a signed-in session between runs, sealed. Whatever is wrong with the file
/// costs a warning and an ordinary sign-in, never the run. One thread.
class KeptSession {
 public:
  /// Reads the key into `keys`, but what came from a descriptor only once. `about` is what the session is
  /// for: connector, account, address. Throws Error{usage} when there is no key, or a bad one, and what
  /// SecretSource::read throws when `until` is over.
  KeptSession(const Settings& settings, SecretStore& keys, std::string about, const Until& until);

  /// The session in the file; empty when there is no file, or none that can be used.
  Secret open(Log& log) const;
  /// Writes it anew, for its owner alone to read.
  void keep(const Secret& session, Log& log) const;
  /// Removes the file, if there is one.
  void forget(Log& log) const;

 private:
  std::filesystem::path file_;
  std::string about_;
  Seal seal_;
};

}  // namespace offstage::cli
