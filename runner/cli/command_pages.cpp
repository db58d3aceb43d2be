#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/pages.h"
#include "cli/program.h"

namespace offstage::cli {

void add_pages(CommandLine& line) {
  line.command(line.root(), "version", "Print the version", {"version", "version --output json"},
               [](Run& run) {
                 if (run.output.json()) {
                   run.output.document({{"version", 1}, {"command", "version"}, {"offstage", version()}});
                 } else {
                   run.output.line(fmt::format("offstage {}", version()));
                 }
                 return std::optional<Kind>{};
               });
  line.command(line.root(), "man", "Print the man page", {"man | man -l -"}, [&line](Run& run) {
    run.output.raw(man_page(line));
    return std::optional<Kind>{};
  });
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = line.command(
      line.root(), "completion", "Print the completions for a shell",
      {"completion bash > ~/.local/share/bash-completion/completions/offstage",
       "completion zsh > ~/.zfunc/_offstage", "completion fish > ~/.config/fish/completions/offstage.fish"},
      [&line, shell](Run& run) {
        run.output.raw(completion(line, *shell));
        return std::optional<Kind>{};
      });
  command.add_option("SHELL", *shell, "Which shell")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace offstage::cli
