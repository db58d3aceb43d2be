#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/program.h"

namespace offstage::cli {
namespace {

constexpr std::string_view prefix_of_programs = "practice-";

/// The consoles that can be practised on: the programs libexec/offstage/practice-NAME.
std::vector<std::string> practice_consoles(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix_of_programs)) names.push_back(name.substr(prefix_of_programs.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<Kind> practice(const std::vector<std::string>& words) {
  const std::filesystem::path folder = prefix() / "libexec/offstage";
  const std::vector<std::string> names = practice_consoles(folder);
  if (names.empty()) {
    throw Error(Kind::usage, fmt::format("there is no practice console in {}", folder.string()),
                "install Offstage again");
  }
  const bool named = !words.empty() && !words.front().starts_with("-");
  const std::string name = named ? words.front() : names.front();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const std::string meant = nearest(name, names);
    throw Error(Kind::usage, fmt::format("there is no practice console \"{}\"", printable(name, 60)),
                meant.empty() ? fmt::format("there are: {}", join(names, ", "))
                              : fmt::format("did you mean \"{}\"?", meant));
  }
  std::vector<std::string> arguments{(folder / (std::string(prefix_of_programs) + name)).string()};
  arguments.insert(arguments.end(), words.begin() + (named ? 1 : 0), words.end());
  std::vector<char*> raw;
  for (std::string& argument : arguments)
    raw.push_back(argument.data());
  raw.push_back(nullptr);
  Signals::restore();
  ::execv(raw.front(), raw.data());
  throw Error(Kind::usage, with_errno(fmt::format("cannot start {}", arguments.front())),
              "install Offstage again");
}

}  // namespace

void add_practice(CommandLine& line) {
  CLI::App* command = nullptr;
  command = &line.command(line.root(), "practice",
                          "Start a practice console; arguments after its name go to it (try: --help)",
                          {"practice {app}", "practice {app} --help"}, [&command_line = line](Run&) {
                            return practice(command_line.root().get_subcommand("practice")->remaining());
                          });
  command->prefix_command();
  command->fallthrough(false);
  command->set_help_flag();
}

}  // namespace offstage::cli
