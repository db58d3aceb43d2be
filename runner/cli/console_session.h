#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/kept_session.h"
#include "connector/practice.h"
#include "connector/registry.h"
#include "connector/scripted_console.h"

namespace offstage::cli {

/// The connectors that --connectors, OFFSTAGE_CONNECTORS and the installation offer.
connector::Registry registry(const Settings& settings);

/// The name of the first connector there is, for examples in help texts; "CONNECTOR" when there is none.
std::string first_connector();

/// Everything that a command needs to work on one console, put together from the settings: the connector, the
/// secrets (also those of a practice console), the browser's options. The browser starts when it is needed.
class ConsoleSession {
 public:
  /// Throws Error{usage} for an unknown connector, a bad script, a missing secret, and what
  /// SecretSource::read throws when `until` is over.
  ConsoleSession(Run& run, const std::string& from, script::Observer& progress, const Until& until);
  ConsoleSession(const ConsoleSession&) = delete;
  ConsoleSession& operator=(const ConsoleSession&) = delete;
  /// Keeps the signed-in session where --session says; forgets the kept one when signing in failed.
  ~ConsoleSession();

  connector::Console& console() { return *console_; }
  const connector::Connector& connector() const { return connector_; }
  /// What tells this console, and the account that the secrets are of, from any other before anybody has
  /// signed in.
  const std::string& about() const { return about_; }
  /// Whether this is a practice console.
  bool practice() const { return practice_.has_value(); }

 private:
  std::optional<connector::Practice> practice_;
  connector::Connector connector_;
  std::string about_;
  std::unique_ptr<KeptSession> kept_;  ///< only with --session
  std::unique_ptr<connector::ScriptedConsole> console_;
  Log& log_;
  const int exceptions_ = std::uncaught_exceptions();
};

/// Starts or attaches to a browser as the settings say.
connector::Launcher launcher(const Settings& settings, const std::optional<browser::HostMapping>& mapping);

}  // namespace offstage::cli
