#include "cli/commands.h"
#include "cli/removal.h"

namespace offstage::cli {

void add_remove(CommandLine& line) {
  CLI::App& group =
      line.group(line.root(), "remove", "Remove a person, or delete a team: look, plan, ask, apply, verify");
  add_requests(line, group, remove_now);
}

void add_plan(CommandLine& line) {
  CLI::App& group = line.group(line.root(), "plan", "Show what a removal would do, changing nothing");
  const auto file = std::make_shared<std::string>();
  const auto detailed = std::make_shared<bool>(false);
  add_requests(
      line, group,
      [file, detailed](Run& run, const RequestOptions& options) {
        return plan_only(run, options, *file, *detailed);
      },
      [file, detailed](CLI::App& command) {
        command.add_option("-o,--out", *file, "Save the plan for \"apply\"")->type_name("FILE");
        command.add_flag("--detailed-exitcode", *detailed,
                         "Exit 2 when there is something to do, 0 when not");
      });
}

void add_apply(CommandLine& line) {
  struct Options {
    std::string file;
    std::string reason;
  };
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      line.command(line.root(), "apply", "Apply a saved plan, if the console is still as it was",
                   {"apply plan.json", "apply plan.json --approve 3f8a0c5d1e27 --output json"},
                   [options](Run& run) { return apply_saved(run, options->file, options->reason); });
  command.add_option("PLAN", options->file, "A plan saved with \"plan … -o FILE\"")
      ->type_name("FILE")
      ->required();
  command.add_option("--reason", options->reason, "A ticket or reason, for the evidence")->type_name("TEXT");
}

}  // namespace offstage::cli
