#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "cli/rehearsal_output.h"
#include "recording/har.h"
#include "rehearsal/patch.h"
#include "script/describe.h"

namespace offstage::cli {
namespace {

struct DiffOptions {
  std::string recording;
  std::vector<std::string> arguments;
  std::string recordings;
  bool write = false;
};

/// Plays the recording's scripts on the console and compares. Commits are refused.
rehearsal::Comparison compared(Run& run, const DiffOptions& options, const recording::Recording& recording,
                               rehearsal::Scenario& scenario, Progress& progress) {
  const Until until = run.until(Milliseconds(10 * 60'000));
  std::optional<connector::Practice> practice;
  if (!run.settings.practice.empty()) practice = connector::load_practice(run.settings.practice);
  read_secrets(run.secrets, run.settings, until);
  if (practice) run.secrets.add_folder(practice->secrets);
  // What was recorded names nobody real: who and what is looked for now is said anew.
  const Json given = rehearsal::arguments_from(options.arguments);
  for (const auto& [name, value] : given.items())
    scenario.arguments[name] = value;
  rehearsal::check_arguments(scenario);
  browser::Fence fence;
  if (!recording.connector.empty()) fence = registry(run.settings).find(recording.connector).manifest.fence;
  progress.doing("starting Chrome");
  const auto browser =
      launcher(run.settings, practice ? std::optional(practice->mapping) : std::nullopt)(fence, until);
  progress.doing("comparing the pages with " + options.recording);
  return rehearsal::compare(*browser, recording, scenario, run.secrets, progress, run.log, until);
}

Json drift_json(const rehearsal::StepDrift& drift) {
  Json out{{"script", drift.script},      {"step", drift.step},     {"what", drift.what},
           {"url", printable(drift.url)}, {"broken", drift.broken}, {"commit", drift.commits},
           {"words", drift.words}};
  if (drift.proposal) {
    Json selectors = Json::array();
    for (const browser::SelectorChain& chain : drift.proposal->selectors)
      selectors.push_back(chain);
    out["candidate"] = {{"element", printable(drift.proposal->element)},
                        {"score", drift.proposal->score},
                        {"runner_up", drift.proposal->runner_up},
                        {"selectors", selectors}};
  }
  return out;
}

void print(Run& run, const rehearsal::StepDrift& drift) {
  const std::string level = drift.broken ? "broken" : "differs";
  run.output.line(fmt::format("{}: {}, {}{}", run.output.toned(level, Output::Tone::bad), drift.script,
                              script::place_of(drift.step),
                              drift.what.empty() ? "" : " (" + drift.what + ")"));
  run.output.line("    " + run.output.toned(printable(drift.url, 200), Output::Tone::dim));
  for (const std::string& words : drift.words)
    run.output.line("    " + words);
  if (!drift.proposal) return;
  run.output.line(fmt::format("    the most similar element now: {} (alike {:.2f}, the next one {:.2f})",
                              printable(drift.proposal->element, 120), drift.proposal->score,
                              drift.proposal->runner_up));
}

std::optional<Kind> diff(Run& run, const DiffOptions& options) {
  const recording::Recording recording = recording::load(options.recording);
  rehearsal::Scenario scenario = rehearsal::scenario_of(recording, options.recording, registry(run.settings));
  Progress progress(run);
  const rehearsal::Comparison comparison = compared(run, options, recording, scenario, progress);
  progress.done();
  Json document{{"version", 1},
                {"command", "diff"},
                {"recording", options.recording},
                {"compared", comparison.compared},
                {"ending", comparison.ending.kind},
                {"stopped_before_commit", comparison.at_commit},
                {"differences", Json::array()}};
  for (const rehearsal::StepDrift& drift : comparison.steps) {
    document["differences"].push_back(drift_json(drift));
    print(run, drift);
  }
  if (run.output.json()) {
    run.output.document(document);
  } else {
    run.output.line(fmt::format("{} looks at pages compared, {} differ{}", comparison.compared,
                                comparison.steps.size(),
                                comparison.at_commit ? "; stopped before the commit step, as it must" : ""));
  }
  const bool broken = std::any_of(comparison.steps.begin(), comparison.steps.end(),
                                  [](const auto& each) { return each.broken; });
  if (!broken) return {};
  // A console that is down, busy or asks for a person has not drifted.
  for (const Kind kind : {Kind::unreachable, Kind::busy, Kind::human}) {
    if (comparison.ending.kind == name_of(kind)) return kind;
  }
  return Kind::drift;
}

std::optional<Kind> repair(Run& run, const DiffOptions& options) {
  const recording::Recording recording = recording::load(options.recording);
  const connector::Registry connectors = registry(run.settings);
  rehearsal::Scenario scenario = rehearsal::scenario_of(recording, options.recording, connectors);
  Progress progress(run);
  const rehearsal::Comparison comparison = compared(run, options, recording, scenario, progress);
  std::vector<std::string> left;
  const std::vector<rehearsal::Patch> patches = rehearsal::patches_for(comparison, scenario, left);
  std::vector<std::string> reasons;
  if (!patches.empty()) {
    progress.doing("proving the change with the recordings");
    const std::vector<std::string> places{
        options.recordings.empty() ? std::filesystem::absolute(options.recording).parent_path().string()
                                   : options.recordings};
    reasons = rehearsal::disproofs(patches, rehearsal::recordings_in(places), connectors,
                                   launch_options(run.settings), run.until(Milliseconds(30 * 60'000)));
  }
  progress.done();
  Json document{{"version", 1},
                {"command", "script repair"},
                {"patches", Json::array()},
                {"left", left},
                {"proved", reasons.empty() && !patches.empty()},
                {"reasons", reasons},
                {"written", options.write && reasons.empty() && !patches.empty()}};
  for (const rehearsal::Patch& patch : patches) {
    document["patches"].push_back(
        {{"file", patch.file.string()}, {"words", patch.words}, {"diff", unified_diff(patch)}});
    for (const std::string& words : patch.words)
      run.output.line(patch.file.filename().string() + " " + words);
    if (!run.output.json()) run.output.raw(unified_diff(patch));
  }
  for (const std::string& words : left)
    run.output.line("left for you: " + words);
  for (const std::string& reason : reasons)
    run.output.line("not proved: " + reason);
  if (options.write && reasons.empty()) {
    for (const rehearsal::Patch& patch : patches)
      write_file(patch.file, patch.after, 0644);
  }
  if (run.output.json()) {
    run.output.document(document);
  } else if (patches.empty()) {
    run.output.line(left.empty() ? "Nothing to repair." : "Nothing that could be repaired by itself.");
  } else if (reasons.empty()) {
    run.output.line(options.write ? "Written. The recordings still come to what was recorded."
                                  : "Not written: the recordings prove it; --write makes the change.");
  } else {
    run.output.line("Not written: the recordings do not prove it.");
  }
  if (!reasons.empty()) return Kind::failed;
  if (left.empty()) return {};
  return Kind::drift;
}

void add_options(CLI::App& command, DiffOptions& options) {
  command.add_option("RECORDING", options.recording, "The recording")->type_name("FILE.har")->required();
  command
      .add_option("--arg", options.arguments,
                  "A value for this console in place of the recorded one; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
}

}  // namespace

void add_diff(CommandLine& line) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App& command = line.command(
      line.root(), "diff",
      "Say page by page what has changed on a console since a recording; changes nothing",
      {"diff recordings/{app}/list-access.har --arg resource.id=acme --secrets /run/secrets/{app}"},
      [options](Run& run) { return diff(run, *options); });
  add_options(command, *options);
}

void add_repair(CommandLine& line, CLI::App& group) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App& command =
      line.command(group, "repair",
                   "Propose selectors for what a console calls otherwise now, proved by replaying recordings",
                   {"script repair recordings/{app}/list-access.har --arg resource.id=acme",
                    "script repair recordings/{app}/list-access.har --arg resource.id=acme --write"},
                   [options](Run& run) { return repair(run, *options); });
  add_options(command, *options);
  command
      .add_option("--recordings", options->recordings,
                  "Where the recordings are that prove it; beside RECORDING if absent")
      ->type_name("DIR");
  command.add_flag("--write", options->write, "Write the scripts, when the recordings prove the change");
}

}  // namespace offstage::cli
