#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/pages.h"

namespace offstage::cli {
namespace {

/// What can follow one command: its path ("offstage remove user"), the commands below it, its options.
struct Place {
  std::string path;
  std::vector<const CLI::App*> commands;
  std::vector<const CLI::Option*> options;
};

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

void collect(const CLI::App& app, const std::string& path, const std::vector<const CLI::Option*>& global,
             std::vector<Place>& places) {
  Place place{path, commands_of(app), {}};
  for (const CLI::Option* option : app.get_options())
    place.options.push_back(option);
  for (const CLI::Option* option : global) {
    const bool there = std::find(place.options.begin(), place.options.end(), option) != place.options.end();
    if (!there && option->get_name() != "--help") place.options.push_back(option);
  }
  places.push_back(place);
  for (const CLI::App* command : place.commands)
    collect(*command, path + " " + command->get_name(), global, places);
}

std::vector<Place> places_of(const CommandLine& line) {
  std::vector<Place> places;
  const auto options = line.root().get_options();
  collect(line.root(), "offstage", {options.begin(), options.end()}, places);
  return places;
}

std::string quoted(std::string text) {
  for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4))
    text.replace(at, 1, "'\\''");
  return "'" + text + "'";
}

/// What completes the value of an option or argument, as a bash statement that fills COMPREPLY.
std::string values_of(const CLI::Option& option) {
  const std::vector<std::string> choices = CommandLine::choices(option);
  const std::string type = option.get_type_name();
  if (!choices.empty()) return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", join(choices, " "));
  if (type == "FILE") return "COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (type == "DIR") return "COMPREPLY=($(compgen -d -- \"$cur\"))";
  if (type == "CONNECTOR") {
    return "COMPREPLY=($(compgen -W \"$(offstage connectors --names 2>/dev/null)\" -- \"$cur\"))";
  }
  return "COMPREPLY=()";
}

std::vector<std::string> flags_of(const CLI::Option& option) {
  std::vector<std::string> out;
  for (const std::string& name : option.get_lnames())
    out.push_back("--" + name);
  for (const std::string& name : option.get_snames())
    out.push_back("-" + name);
  return out;
}

std::string bash(const std::vector<Place>& places) {
  std::string text =
      "# bash completion of offstage, made by `offstage completion bash`\n"
      "_offstage() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path=offstage word i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${COMP_WORDS[i]}\n"
      "    case \"$path $word\" in\n";
  std::vector<std::string> paths;
  for (const Place& place : places) {
    if (place.path != "offstage") paths.push_back(quoted(place.path));
  }
  text += fmt::format("      {}) path=\"$path $word\" ;;\n    esac\n  done\n", join(paths, " | "));
  text += "  case \"$path $prev\" in\n";
  for (const Place& place : places) {
    for (const CLI::Option* option : place.options) {
      if (option->get_positional() || !takes_value(*option)) continue;
      std::vector<std::string> patterns;
      for (const std::string& flag : flags_of(*option))
        patterns.push_back(quoted(place.path + " " + flag));
      text += fmt::format("    {}) {}; return ;;\n", join(patterns, " | "), values_of(*option));
    }
  }
  text += "  esac\n  case \"$path\" in\n";
  for (const Place& place : places) {
    std::vector<std::string> commands;
    for (const CLI::App* command : place.commands)
      commands.push_back(command->get_name());
    std::vector<std::string> flags;
    std::string positional;
    for (const CLI::Option* option : place.options) {
      if (option->get_positional()) {
        positional = values_of(*option);
        continue;
      }
      for (const std::string& flag : flags_of(*option)) {
        if (flag.starts_with("--")) flags.push_back(flag);
      }
    }
    text += fmt::format(
        "    {})\n      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n"
        "      else {}; fi ;;\n",
        quoted(place.path), join(flags, " "),
        !commands.empty()    ? fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", join(commands, " "))
        : positional.empty() ? std::string("COMPREPLY=()")
                             : positional);
  }
  return text + "  esac\n}\ncomplete -o filenames -F _offstage offstage\n";
}

/// zsh reads bash's functions through its own bashcompinit.
std::string zsh(const std::vector<Place>& places) {
  std::string body = bash(places);
  body = body.substr(body.find('\n') + 1);
  return "#compdef offstage\n# zsh completion of offstage, made by `offstage completion zsh`\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         body;
}

std::string fish(const std::vector<Place>& places) {
  std::string text =
      "# fish completion of offstage, made by `offstage completion fish`\n"
      "function __offstage_at\n"
      "  set -l path\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    string match -q -- '-*' $word; or set -a path $word\n"
      "  end\n"
      "  string match -q -- \"$argv*\" \"$path \"\n"
      "end\n"
      "complete -c offstage -f\n";
  for (const Place& place : places) {
    const std::string path = place.path == "offstage" ? "" : place.path.substr(9) + " ";
    std::string none;
    for (const CLI::App* command : place.commands)
      none += (none.empty() ? "" : " ") + command->get_name();
    for (const CLI::App* command : place.commands) {
      text += fmt::format(
          "complete -c offstage -n '__offstage_at {}; and not __fish_seen_subcommand_from {}' -a {} -d {}\n",
          path, none, command->get_name(), quoted(command->get_description()));
    }
    for (const CLI::Option* option : place.options) {
      const std::vector<std::string> choices = CommandLine::choices(*option);
      const std::string type = option->get_type_name();
      std::string value;
      if (!option->get_positional() && takes_value(*option)) value = " -r";
      if (!choices.empty()) value += fmt::format(" -f -a '{}'", join(choices, " "));
      if (type == "FILE" || type == "DIR") value += " -F";
      if (type == "CONNECTOR") value += " -f -a '(offstage connectors --names 2>/dev/null)'";
      if (option->get_positional()) {
        if (type == "FILE") text += fmt::format("complete -c offstage -n '__offstage_at {}' -F\n", path);
        if (!choices.empty())
          text += fmt::format("complete -c offstage -n '__offstage_at {}'{}\n", path, value);
        continue;
      }
      for (const std::string& name : option->get_lnames()) {
        text += fmt::format("complete -c offstage -n '__offstage_at {}' -l {}{} -d {}\n", path, name, value,
                            quoted(option->get_description()));
      }
    }
  }
  return text;
}

}  // namespace

std::string completion(const CommandLine& line, const std::string& shell) {
  const std::vector<Place> places = places_of(line);
  if (shell == "bash") return bash(places);
  if (shell == "zsh") return zsh(places);
  if (shell == "fish") return fish(places);
  throw Error(Kind::usage, fmt::format("there is no completion for \"{}\"", printable(shell, 40)),
              "there is one for bash, zsh and fish");
}

}  // namespace offstage::cli
