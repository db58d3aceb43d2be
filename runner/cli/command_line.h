#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/deadline.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/signals.h"

namespace offstage::cli {

/// What a command works with while it runs. Everything outlives the command.
struct Run {
  const Settings& settings;
  Output& output;
  Log& log;
  SecretStore& secrets;
  SecretStore& session_keys;  ///< what kept sessions are sealed with: no script is ever given one
  Signals& signals;

  /// Until --timeout, or `fallback` from now, or a signal.
  Until until(Milliseconds fallback) const { return Until::in(settings.time_or(fallback), signals.token()); }
};

/// Does a command's work; returns why the wanted state does not hold, or nothing when it does.
using Action = std::function<std::optional<Kind>(Run&)>;

/// All commands and options, defined once: parsing, help, completions and the man page come from here.
class CommandLine {
 public:
  /// `example_app` stands for {app} in the examples of the help texts.
  explicit CommandLine(std::string example_app);

  CLI::App& root() { return *root_; }
  const CLI::App& root() const { return *root_; }
  Settings& settings() { return settings_; }

  /// A command that only holds others: "remove".
  CLI::App& group(CLI::App& parent, const std::string& name, const std::string& description);
  /// A command that does something; one example a line, without "offstage".
  CLI::App& command(CLI::App& parent, const std::string& name, const std::string& description,
                    const std::vector<std::string>& examples, Action action);
  /// --from, for a command that works on a console.
  void add_from(CLI::App& command, std::string& from);

  /// What the arguments ask for: a text to print (help, version), or an action.
  struct Request {
    std::string text;
    Action action;
  };
  /// Parses; fills the settings from flags, then the environment, then a GitHub action's inputs, then the
  /// configuration file. Throws
  /// Error{usage} that names the argument, and what was probably meant.
  Request parse(const std::vector<std::string>& arguments);

  /// The examples given to `command`, with {app} replaced.
  std::vector<std::string> examples(const CLI::App& command) const;
  /// The words that an option takes, where they are a fixed list.
  static std::vector<std::string> choices(const CLI::Option& option);

 private:
  void add_settings();
  /// The inputs of a GitHub action: INPUT_ and an option's name in capitals, for what is given neither by
  /// flag nor by OFFSTAGE_*.
  void read_inputs(CLI::App& chosen);
  void read_configuration(CLI::App& chosen);
  [[nodiscard]] Error explained(const CLI::ParseError& error) const;

  std::string example_app_;
  Settings settings_;
  std::unique_ptr<CLI::App> root_;
  std::map<const CLI::App*, Action> actions_;
  std::map<const CLI::App*, std::vector<std::string>> examples_;
};

/// Whether JSON was asked for, as far as that can be told before the arguments have been understood: an error
/// in them is still answered in the form that the caller reads.
bool asks_for_json(const std::vector<std::string>& arguments);

}  // namespace offstage::cli
