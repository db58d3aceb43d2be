#include "cli/help.h"

#include "base/text.h"
#include "cli/command_line.h"

namespace offstage::cli {

HelpFormatter::HelpFormatter() {
  column_width(28);
  label("Positionals", "Arguments");
  label("Subcommands", "Commands");
  label("SUBCOMMAND", "COMMAND");
  label("OPTIONS", "OPTION...");
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
  const CLI::App* parent = app->get_parent();
  if (parent != nullptr && name.empty()) name = parent->get_display_name() + " " + app->get_display_name();
  std::string text = make_description(app) + make_usage(app, name) + make_positionals(app) +
                     make_subcommands(app, mode) + make_groups(app, mode) + "\n" + make_footer(app);
  while (text.find("\n\n\n") != std::string::npos)
    text.replace(text.find("\n\n\n"), 3, "\n\n");
  return std::string(trimmed(text)) + "\n";
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::vector<std::string> choices = CommandLine::choices(*option);
  std::string type = choices.empty() ? option->get_type_name() : join(choices, "|");
  if (option->get_positional()) return choices.empty() ? "" : " " + type;
  if (option->get_items_expected_max() == 0) type.clear();
  return type.empty() ? "" : " " + type;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  const std::string& variable = option->get_envname();
  return option->get_description() + (variable.empty() ? "" : " [" + variable + "]");
}

}  // namespace offstage::cli
