#include <fmt/format.h>

#include "base/text.h"
#include "cli/pages.h"
#include "cli/program.h"

namespace offstage::cli {
namespace {

/// Text made safe for roff: backslashes, hyphens that must stay hyphens, and dots that would start a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  if (out.starts_with('.') || out.starts_with('\'')) out = "\\&" + out;
  return out;
}

std::string option_entry(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames())
    names.push_back("\\fB" + roff("-" + name) + "\\fR");
  for (const std::string& name : option.get_lnames())
    names.push_back("\\fB" + roff("--" + name) + "\\fR");
  if (names.empty()) names.push_back("\\fI" + roff(option.get_name(true)) + "\\fR");
  std::string heading = join(names, ", ");
  const std::vector<std::string> choices = CommandLine::choices(option);
  const std::string type = choices.empty() ? option.get_type_name() : join(choices, "|");
  if (!option.get_positional() && option.get_items_expected_max() > 0 && !type.empty())
    heading += " \\fI" + roff(type) + "\\fR";
  std::string text = fmt::format(".TP\n{}\n{}.", heading, roff(option.get_description()));
  if (!option.get_envname().empty())
    text += fmt::format("\nEnvironment: \\fB{}\\fR.", roff(option.get_envname()));
  return text + "\n";
}

void command_entry(const CommandLine& line, const CLI::App& app, const std::string& path, std::string& text) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  if (commands.empty()) {
    std::string arguments;
    for (const CLI::Option* option : app.get_options()) {
      if (!option->get_positional()) continue;
      arguments += " " + option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
    }
    text += fmt::format(".SS {}\n{}.\n", roff(path + arguments), roff(app.get_description()));
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_name() != "--help") text += option_entry(*option);
    }
    const std::vector<std::string> examples = line.examples(app);
    if (!examples.empty()) text += ".PP\nExamples:\n.PP\n.nf\n";
    for (const std::string& example : examples)
      text += ".RS\n" + roff(example) + "\n.RE\n";
    if (!examples.empty()) text += ".fi\n";
  }
  for (const CLI::App* command : commands)
    command_entry(line, *command, path + " " + command->get_name(), text);
}

}  // namespace

std::string man_page(const CommandLine& line) {
  std::string text = fmt::format(".TH OFFSTAGE 1 \"\" \"offstage {}\" \"User Commands\"\n", version());
  text += fmt::format(".SH NAME\noffstage \\- {}\n", roff("remove people and teams from web consoles"));
  text += ".SH SYNOPSIS\n\\fBoffstage\\fR [\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n";
  text += ".SH DESCRIPTION\n" + roff(line.root().get_description()) +
          "\nIt drives headless Chrome through scripts that a person can record, read and review; shows what "
          "it will "
          "do before it does it; and proves afterwards that it is done.\n";
  text += ".SH COMMANDS\n";
  command_entry(line, line.root(), "offstage", text);
  text +=
      ".SH OPTIONS OF EVERY COMMAND\nA flag wins over the environment, which wins over the configuration "
      "file.\n";
  for (const CLI::Option* option : line.root().get_options())
    text += option_entry(*option);
  text +=
      ".SH EXIT STATUS\n.TP\n\\fB0\\fR\nThe wanted state holds and was verified (already absent included).\n";
  for (const KindInfo& kind : kinds()) {
    text += fmt::format(".TP\n\\fB{}\\fR ({})\n{}.", kind.exit_code, kind.name, roff(kind.meaning));
    if (!kind.try_again.empty()) text += fmt::format(" Try again? {}.", roff(kind.try_again));
    text += "\n";
  }
  text +=
      ".SH ENVIRONMENT\nAn option that a variable can give names it above; the others stand on the "
      "command line alone. \\fBOFFSTAGE_TEAM\\fR holds one team. \\fBNO_COLOR\\fR, set to anything, means no "
      "colour. \\fBOFFSTAGE_STATE_DIR\\fR is the folder of journals and of results of jobs with a key; "
      "\\fBOFFSTAGE_OUT_DIR\\fR is where a job puts its outputs, a file for each.\n";
  text +=
      ".SH FILES\n.TP\n\\fIoffstage\\-evidence/\\fR\nEvidence of each run: journal, listings, screenshots, "
      "versions, "
      "report.html.\n";
  return text;
}

}  // namespace offstage::cli
