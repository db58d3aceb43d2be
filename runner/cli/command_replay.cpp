#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/rehearsal_output.h"
#include "cli/terminal.h"
#include "recording/har.h"
#include "rehearsal/replay.h"

namespace offstage::cli {
namespace {

struct ReplayOptions {
  std::vector<std::string> files;
  bool step = false;
  bool keep_open = false;
};

/// Waits for Enter, or for a signal; nothing to wait for where nobody sits at a terminal.
void wait_for_enter(const Run& run, const std::string& prompt) {
  if (const auto ask = terminal_asker(run.signals.token())) ask(prompt + " [Enter] ");
}

/// Tells every step as it is played, and waits before each where that is wished.
class Narrator final : public script::Observer {
 public:
  Narrator(Run& run, bool step) : run_(run), step_(step) {}

  void step_started(const std::string& path, const std::string& what) override {
    run_.output.line(
        fmt::format("  {}  {}", run_.output.toned(path, Output::Tone::dim), printable(what, 200)));
    if (step_) wait_for_enter(run_, "next");
  }
  void weaker_selector(const std::string& path, const std::string& used) override {
    run_.output.line(fmt::format("  {}  found by a later choice, {}", path, printable(used, 200)));
  }
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override {
    run_.output.line(fmt::format("  {}  committed for {}: {}", intent.step, printable(intent.target, 100),
                                 script::name_of(report.outcome)));
  }

 private:
  Run& run_;
  const bool step_;
};

std::optional<Kind> replay(Run& run, const ReplayOptions& options) {
  const Until until = run.until(Milliseconds(60 * 60'000));
  const connector::Registry connectors = registry(run.settings);
  const auto browser = rehearsal::launch_offline(launch_options(run.settings), until);
  recording::Traffic traffic(*browser, false, until);
  Json document{{"version", 1}, {"command", "replay"}, {"recordings", Json::array()}};
  bool passed = true;
  for (const std::string& file : options.files) {
    const recording::Recording recording = recording::load(file);
    const rehearsal::Scenario scenario = rehearsal::scenario_of(recording, file, connectors);
    run.output.line(fmt::format(
        "{} ({})", run.output.toned(printable(recording.title, 200), Output::Tone::strong), file));
    Narrator narrator(run, options.step);
    rehearsal::Rehearsal rehearsal(*browser, traffic, recording, scenario);
    bool waited = false;
    const auto wait_at = [&](const browser::Page& page) {
      if (options.keep_open && !waited)
        wait_for_enter(run, fmt::format("it failed; the page is at {}", printable(page.url(), 200)));
      waited = true;
    };
    rehearsal.at_fault = wait_at;
    rehearsal.at_end = [&](browser::Page& page, const rehearsal::Verdict& verdict) {
      if (!verdict.passed()) wait_at(page);
    };
    rehearsal::Result result;
    result.name = file;
    result.verdict = rehearsal.run(narrator, run.log, until);
    for (const std::string& request : result.verdict.requests)
      run.output.line("  " + run.output.toned(request, Output::Tone::dim));
    print_result(run.output, result);
    document["recordings"].push_back(result_json(result));
    passed = passed && result.passed();
  }
  if (run.output.json()) run.output.document(document);
  if (passed) return {};
  return Kind::failed;
}

}  // namespace

void add_replay(CommandLine& line) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App& command = line.command(
      line.root(), "replay", "Play recordings with all that happens told, without network; changes nothing",
      {"replay recordings/{app}/remove-member.har",
       "replay recordings/{app}/remove-member.har --headed --step"},
      [options](Run& run) { return replay(run, *options); });
  command.add_option("FILE", options->files, "The recordings")->type_name("FILE.har")->required();
  command.add_flag("--step", options->step, "Wait for Enter before each step");
  command.add_flag("--keep-open", options->keep_open, "Keep the browser open after a failure, until Enter");
}

}  // namespace offstage::cli
