#include "cli/command_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/program.h"

namespace offstage::cli {
namespace {

constexpr const char* global_group = "Options of every command";

CLI::App& deepest(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().back();
  return *at;
}

std::string replaced(std::string text, const std::string& app) {
  for (std::size_t at = text.find("{app}"); at != std::string::npos; at = text.find("{app}", at))
    text.replace(at, 5, app);
  return text;
}

/// What a file says about an option, as the words that a command line would hold. `type` is what the option
/// takes.
std::vector<std::string> words_of(const JsonView& view, const std::string& type) {
  const bool is_path = type == "FILE" || type == "DIR";
  const std::filesystem::path folder = std::filesystem::path(view.document()->name()).parent_path();
  const auto absolute = [&](const std::string& path) {
    return path.empty() ? path : (folder / path).lexically_normal().string();
  };
  const Json& value = view.json();
  if (value.is_boolean()) return {value.get<bool>() ? "true" : "false"};
  if (value.is_number_integer()) return {std::to_string(view.integer())};
  std::vector<std::string> words;
  const auto source_of = [&](const std::string& text) {
    return text.starts_with("file:") ? "file:" + absolute(text.substr(5)) : text;
  };
  if (value.is_object()) {
    // Only "secret": {"password": "file:…"}.
    for (const auto& [name, source] : view.members())
      words.push_back(name + "=" + source_of(source.string()));
    return words;
  }
  if (type == "SOURCE") return {source_of(view.string())};
  for (const std::string& text : value.is_array() ? view.strings() : std::vector<std::string>{view.string()})
    words.push_back(is_path ? absolute(text) : text);
  return words;
}

/// The variables of what several commands are told in the same way.
void name_variables(CLI::App& app) {
  for (const auto& [name, variable] :
       {std::pair("--team", "OFFSTAGE_TEAM"), {"--reason", "OFFSTAGE_REASON"}}) {
    if (CLI::Option* option = app.get_option_no_throw(name)) option->envname(variable);
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; }))
    name_variables(*command);
}

/// Where GitHub puts an action's input: its name in capitals, dashes kept.
std::string input_variable(const std::string& name) {
  std::string variable = "INPUT_";
  for (const char c : name)
    variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

}  // namespace

CommandLine::CommandLine(std::string example_app)
    : example_app_(std::move(example_app)),
      root_(std::make_unique<CLI::App>(
          "Removes people and teams from web apps that offer no way to do it but their admin console.",
          "offstage")) {
  root_->formatter(std::make_shared<HelpFormatter>());
  root_->require_subcommand(1);
  root_->set_help_flag("-h,--help", "Print this help and exit");
  root_->set_version_flag("--version", fmt::format("offstage {}", version()), "Print the version and exit");
  root_->footer("\"offstage COMMAND --help\" tells more. Exit codes and files: man offstage.");
  add_settings();
}

void CommandLine::add_settings() {
  CLI::App& app = *root_;
  Settings& s = settings_;
  const auto add = [&](const std::string& name, auto& value, const std::string& help,
                       const std::string& type) {
    return app.add_option(name, value, help)->type_name(type)->group(global_group);
  };
  add("--output", s.output, "What stdout gets: a text for people, or one JSON document", "")
      ->check(CLI::IsMember({"text", "json"}))
      ->envname("OFFSTAGE_OUTPUT");
  app.add_flag("-q,--quiet", s.quiet, "Only warnings and errors on stderr")
      ->envname("OFFSTAGE_QUIET")
      ->group(global_group);
  app.add_flag("-v,--verbose", s.verbose, "Every step on stderr")
      ->envname("OFFSTAGE_VERBOSE")
      ->group(global_group);
  add("--log-format", s.log_format, "What stderr gets: lines for people, or JSON lines", "")
      ->check(CLI::IsMember({"text", "json"}))
      ->envname("OFFSTAGE_LOG_FORMAT");
  add("--color", s.colour, "Colour: on a terminal (and without NO_COLOR), always or never", "")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->envname("OFFSTAGE_COLOR");
  add("--config", s.config,
      "A JSON file with any of these options and \"from\", by their names without dashes", "FILE")
      ->envname("OFFSTAGE_CONFIG");
  add("--timeout", s.timeout, "How long the whole run may take: 90s, 5m, 1h", "TIME")
      ->envname("OFFSTAGE_TIMEOUT");
  add("--secret", s.secrets, "One secret: NAME=file:PATH, NAME=fd:N or NAME=command:CMD; may be repeated",
      "NAME=SOURCE")
      ->expected(1)
      ->take_all();
  add("--secrets", s.secrets_folder, "A folder with one file for each secret, named as the secret", "DIR")
      ->envname("OFFSTAGE_SECRETS");
  add("--session", s.session,
      "Keeps the signed-in session between runs in this file, sealed with --session-key", "FILE")
      ->envname("OFFSTAGE_SESSION");
  add("--session-key", s.session_key,
      "Where the key for --session comes from: file:PATH, fd:N or command:CMD", "SOURCE")
      ->envname("OFFSTAGE_SESSION_KEY");
  add("--practice", s.practice, "Work on the practice console that wrote this file, not on the real one",
      "FILE")
      ->envname("OFFSTAGE_PRACTICE");
  add("--policy", s.policy, "What may be removed, how much of it, when, and who must approve", "FILE")
      ->envname("OFFSTAGE_POLICY");
  add("--by", s.by, "Who runs this, for the evidence and the policy (default: user@host)", "NAME")
      ->envname("OFFSTAGE_BY");
  add("--approve", s.approve, "Approves exactly the plan with this digest", "DIGEST")
      ->envname("OFFSTAGE_APPROVE");
  add("--evidence", s.evidence,
      "This run's evidence folder, new or empty (default: a new one in offstage-evidence)", "DIR")
      ->envname("OFFSTAGE_EVIDENCE");
  add("--connectors", s.connectors,
      "A further folder of connectors; may be repeated (or OFFSTAGE_CONNECTORS)", "DIR")
      ->expected(1)
      ->take_all();
  add("--chrome", s.chrome, "The Chrome or Chromium to start", "FILE")->envname("OFFSTAGE_CHROME");
  add("--browser-url", s.browser_url, "Use a running browser: http://HOST:PORT, ws:// or wss:// address",
      "URL")
      ->envname("OFFSTAGE_BROWSER_URL");
  app.add_flag("--headed", s.headed, "Show the browser's window")
      ->envname("OFFSTAGE_HEADED")
      ->group(global_group);
  app.add_flag("--allow-no-sandbox", s.allow_no_sandbox,
               "Start Chrome even where its sandbox cannot work; the evidence says so")
      ->envname("OFFSTAGE_ALLOW_NO_SANDBOX")
      ->group(global_group);
}

CLI::App& CommandLine::group(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App* app = parent.add_subcommand(name, description);
  app->fallthrough();
  app->require_subcommand(1);
  app->footer(std::string());
  return *app;
}

CLI::App& CommandLine::command(CLI::App& parent, const std::string& name, const std::string& description,
                               const std::vector<std::string>& examples, Action action) {
  CLI::App* app = parent.add_subcommand(name, description);
  app->fallthrough();
  actions_[app] = std::move(action);
  for (const std::string& example : examples)
    examples_[app].push_back("offstage " + replaced(example, example_app_));
  app->footer(std::string());
  app->footer([this, app] {
    std::string text;
    if (examples_.contains(app)) text = "Examples:\n  " + join(examples_.at(app), "\n  ") + "\n\n";
    return text + "\"offstage --help\" lists the options of every command.";
  });
  return *app;
}

void CommandLine::add_from(CLI::App& command, std::string& from) {
  command.add_option("--from", from, "Which console: a connector's name (offstage connectors)")
      ->type_name("CONNECTOR")
      ->envname("OFFSTAGE_FROM");
}

std::vector<std::string> CommandLine::examples(const CLI::App& command) const {
  const auto found = examples_.find(&command);
  return found == examples_.end() ? std::vector<std::string>{} : found->second;
}

std::vector<std::string> CommandLine::choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return split(type.substr(open + 1, close - open - 1), ',');
}

CommandLine::Request CommandLine::parse(const std::vector<std::string>& arguments) {
  name_variables(*root_);
  // CLI11 wants them last first.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root_->parse(reversed);
    CLI::App& chosen = deepest(*root_);
    read_inputs(chosen);
    read_configuration(chosen);
    return {"", actions_.at(&chosen)};
  } catch (const CLI::CallForHelp&) {
    return {root_->help(), {}};
  } catch (const CLI::CallForVersion& asked) {
    return {std::string(asked.what()) + "\n", {}};
  } catch (const CLI::ParseError& error) {
    throw explained(error);
  }
}

Error CommandLine::explained(const CLI::ParseError& error) const {
  const CLI::App& chosen = deepest(*root_);
  const std::string name = chosen.get_parent() == nullptr ? "offstage" : "offstage " + chosen.get_name();
  std::string full = chosen.get_name();
  for (const CLI::App* at = chosen.get_parent(); at != nullptr; at = at->get_parent())
    full = at->get_name() + " " + full;
  const std::string help = fmt::format("\"{} --help\" tells more", full);

  const std::vector<std::string> extra = root_->remaining(true);
  if (!extra.empty()) {
    // Only the name: what follows "=" may be meant to stay unseen.
    const std::string word = extra.front().substr(0, extra.front().find('='));
    std::vector<std::string> names;
    if (word.starts_with("-")) {
      for (const CLI::App* at = &chosen; at != nullptr; at = at->get_parent()) {
        for (const CLI::Option* option : at->get_options()) {
          for (const std::string& long_name : option->get_lnames())
            names.push_back("--" + long_name);
        }
      }
    } else {
      for (const CLI::App* app : chosen.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(app->get_name());
    }
    const std::string meant = nearest(word, names);
    const std::string what = word.starts_with("-") ? "option" : names.empty() ? "argument" : "command";
    const std::string hint = meant.empty() ? help : fmt::format("did you mean \"{}\"? {}", meant, help);
    return {Kind::usage, fmt::format("{}: there is no {} \"{}\"", full, what, printable(word, 80)), hint};
  }
  std::string message = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
      !chosen.get_subcommands([](const CLI::App*) { return true; }).empty()) {
    std::vector<std::string> names;
    for (const CLI::App* app : chosen.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(app->get_name());
    return {Kind::usage, fmt::format("{}: which command? There are {}", full, join(names, ", ")), help};
  }
  return {Kind::usage, fmt::format("{}: {}", full, printable(message, 300)), help};
}

void CommandLine::read_inputs(CLI::App& chosen) {
  if (environment("GITHUB_ACTIONS") != "true") return;
  // Somebody runs the workflow again with "debug logging".
  if (environment("RUNNER_DEBUG") == "1" && !settings_.quiet) settings_.verbose = true;
  std::vector<CLI::Option*> options = chosen.get_options();
  const std::vector<CLI::Option*> common = root_->get_options();
  options.insert(options.end(), common.begin(), common.end());
  for (CLI::Option* option : options) {
    for (const std::string& name : option->get_lnames()) {
      if (option->count() != 0 || name == "help" || name == "version") continue;
      // An input that was not given is there, and empty.
      const std::string value{trimmed(environment(input_variable(name)))};
      if (value.empty()) continue;
      try {
        const bool many = option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
        for (const std::string& word : many ? split(value, '\n') : std::vector<std::string>{value})
          option->add_result(std::string(trimmed(word)));
        option->run_callback();
      } catch (const CLI::ParseError& error) {
        throw Error(Kind::usage, fmt::format("the input \"{}\": {}", name, printable(error.what(), 300)));
      }
    }
  }
}

void CommandLine::read_configuration(CLI::App& chosen) {
  if (settings_.config.empty()) return;
  const auto document = JsonDocument::load(settings_.config);
  const JsonView root{document};
  std::map<std::string, CLI::Option*> options;
  for (CLI::Option* option : root_->get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (name != "config" && name != "help" && name != "version") options[name] = option;
    }
  }
  std::vector<std::string> known{"$schema", "from"};
  for (const auto& [name, option] : options)
    known.push_back(name);
  root.only(known);
  if (CLI::Option* from = chosen.get_option_no_throw("--from")) options["from"] = from;
  for (const auto& [name, value] : root.members()) {
    const auto found = options.find(name);
    if (found == options.end() || found->second->count() != 0) continue;
    CLI::Option& option = *found->second;
    const std::string type = option.get_type_name();
    try {
      for (const std::string& word : words_of(value, type))
        option.add_result(word);
      option.run_callback();
    } catch (const CLI::ParseError& error) {
      throw value.error(error.what());
    }
  }
}

bool asks_for_json(const std::vector<std::string>& arguments) {
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (arguments[at] == "--output=json") return true;
    if (arguments[at] == "--output" && at + 1 < arguments.size()) return arguments[at + 1] == "json";
  }
  return environment("OFFSTAGE_OUTPUT") == "json";
}

}  // namespace offstage::cli
