#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/output.h"

namespace offstage::cli {

/// What every command is told in the same way: by flag, else by OFFSTAGE_* in the environment, else by the
/// configuration file. A value; filled by the command line.
struct Settings {
  std::string output = "text";
  std::string log_format = "text";
  std::string colour = "auto";
  bool quiet = false;
  bool verbose = false;
  std::string config;
  std::string timeout;
  std::vector<std::string> secrets;  ///< NAME=SOURCE
  std::string secrets_folder;
  std::string session;      ///< a file
  std::string session_key;  ///< SOURCE
  std::string practice;
  std::string policy;
  std::string by;
  std::string approve;
  std::string evidence;
  std::vector<std::string> connectors;
  std::string chrome;
  std::string browser_url;
  bool headed = false;
  bool allow_no_sandbox = false;

  /// Who runs Offstage, for the evidence and the policy: as --by says, else as the machine knows them.
  /// Printable.
  std::string who() const;
  bool json() const { return output == "json"; }
  Colour colour_wish() const;
  Log::Level log_level() const;
  /// The time that the whole run may take; `fallback` when nothing was said.
  Milliseconds time_or(Milliseconds fallback) const;
};

/// A span as people write it: "90s", "5m", "1h", "250ms"; a plain number is seconds. Throws Error{usage}.
Milliseconds parse_span(const std::string& text);

/// `file:PATH`, `fd:N` or `command:CMD`. Throws Error{usage} that names the option, without quoting what
/// could be a secret.
SecretSource secret_source(const std::string& text, const std::string& option);

/// Reads the secrets that the settings name. Those that are there already stay and are not read again, since
/// what a descriptor gave is gone. Throws Error{usage}, without quoting what could be a secret, and what
/// SecretSource::read throws when `until` is over.
void read_secrets(SecretStore& store, const Settings& settings, const Until& until);

/// Reads them anew, for another job of the same process: what was given by a descriptor stays, and everything
/// else is as its source has it now. Leaves the store as it was when that cannot be read.
void read_secrets_again(SecretStore& store, const Settings& settings, const Until& until);

}  // namespace offstage::cli
