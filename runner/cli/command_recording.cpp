#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "recording/faults.h"
#include "recording/har.h"
#include "recording/import.h"
#include "recording/redact.h"
#include "recording/story.h"
#include "rehearsal/suite.h"

namespace offstage::cli {
namespace {

namespace fs = std::filesystem;

std::optional<Kind> show(Run& run, const std::string& file) {
  const recording::Recording recording = recording::load(file);
  if (run.output.json()) {
    Json requests = Json::array();
    for (const recording::Exchange& exchange : recording.exchanges) {
      requests.push_back({{"method", exchange.method},
                          {"url", printable(exchange.url)},
                          {"status", exchange.status},
                          {"changes", exchange.mutation},
                          {"epoch", exchange.epoch}});
    }
    Json scripts = Json::array();
    for (const recording::RecordedScript& script : recording.scripts)
      scripts.push_back({{"file", script.file}, {"sha256", script.sha256}, {"played", script.played}});
    run.output.document({{"version", 1},
                         {"command", "recording show"},
                         {"file", file},
                         {"title", printable(recording.title)},
                         {"connector", recording.connector},
                         {"made_at", recording.started_at},
                         {"made_on", printable(recording.origin_note)},
                         {"scripts", scripts},
                         {"requests", requests},
                         {"ending", recording.ending.kind}});
    return {};
  }
  run.output.raw(recording::story(recording));
  return {};
}

std::optional<Kind> check(Run& run, const std::vector<std::string>& places) {
  Json document{{"version", 1}, {"command", "recording check"}, {"recordings", Json::array()}};
  bool good = true;
  std::vector<fs::path> folders;
  for (const fs::path& file : rehearsal::recordings_in(places)) {
    Json faults = Json::array();
    bool faulty = false;
    try {
      for (const recording::Fault& fault : recording::faults(recording::load(file))) {
        const bool warning = fault.level == recording::Fault::Level::warning;
        faults.push_back(
            fmt::format("{}: {}{}", fault.place, fault.text, warning ? " (it may be meant)" : ""));
        faulty = faulty || !warning;
      }
    } catch (const Error& error) {
      faults.push_back(printable(error.message()));
      faulty = true;
    }
    good = good && !faulty;
    run.output.line(fmt::format("{}: {}", file.string(), faulty ? "faulty" : "good"));
    for (const Json& fault : faults)
      run.output.line("    " + fault.get<std::string>());
    document["recordings"].push_back({{"file", file.string()}, {"faults", faults}});
    const fs::path folder = file.parent_path();
    if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(folder);
  }
  Json unused = Json::array();
  for (const fs::path& folder : folders) {
    try {
      for (const fs::path& body : recording::unused_bodies(folder.empty() ? "." : folder)) {
        unused.push_back(body.string());
        run.output.line(body.string() + ": no recording uses it any more; it may go");
      }
    } catch (const Error& error) {
      // Whatever a recording that cannot be read uses is used: its own fault was told above.
      good = false;
      run.log.info("bodies that nothing uses were not looked for: " + printable(error.message()));
    }
  }
  document["unused_bodies"] = unused;
  if (run.output.json()) run.output.document(document);
  if (good) return {};
  return Kind::usage;
}

struct ImportOptions {
  std::string file;
  std::string output;
  std::string connector;
};

std::optional<Kind> import(Run& run, const ImportOptions& options) {
  recording::Recording raw = recording::import_har(options.file);
  recording::TrafficRules rules;
  if (!options.connector.empty()) {
    rules = registry(run.settings).find(options.connector).manifest.traffic;
    raw.connector = options.connector;
  }
  read_secrets(run.secrets, run.settings, run.until(Milliseconds(10 * 60'000)));
  recording::Redactor redactor(rules);
  for (const std::string& name : run.secrets.names())
    redactor.add_secret(name, run.secrets.get(name));
  const recording::Recording clean = redactor.redact(std::move(raw));
  recording::save(clean, options.output);
  if (run.output.json()) {
    run.output.document({{"version", 1},
                         {"command", "recording import"},
                         {"file", options.output},
                         {"exchanges", clean.exchanges.size()},
                         {"placeholders", clean.placeholders.size()}});
    return {};
  }
  run.output.line(fmt::format("{}: {} requests, {} values replaced", options.output, clean.exchanges.size(),
                              clean.placeholders.size()));
  run.output.line(
      "It holds requests only: no script, no pages, no ending. It can be shown and checked, not replayed.");
  return {};
}

}  // namespace

void add_recording(CommandLine& line) {
  CLI::App& group = line.group(line.root(), "recording", "Read, check and convert recordings");

  const auto shown = std::make_shared<std::string>();
  CLI::App& show_command = line.command(
      group, "show", "Print a recording as a story: steps, requests, what changed",
      {"recording show recordings/{app}/remove-member.har"}, [shown](Run& run) { return show(run, *shown); });
  show_command.add_option("FILE", *shown, "The recording")->type_name("FILE.har")->required();

  const auto places = std::make_shared<std::vector<std::string>>();
  CLI::App& check_command =
      line.command(group, "check", "Say whether recordings are whole, and which bodies nothing uses any more",
                   {"recording check recordings"}, [places](Run& run) { return check(run, *places); });
  check_command.add_option("PLACE", *places, "Recordings, or folders that hold them")
      ->type_name("DIR|FILE")
      ->required();

  const auto options = std::make_shared<ImportOptions>();
  CLI::App& import_command = line.command(
      group, "import", "Make a recording, redacted, of a HAR that Chrome, Firefox or Playwright wrote",
      {"recording import export.har -o recordings/{app}/export.har --connector {app}"},
      [options](Run& run) { return import(run, *options); });
  import_command.add_option("FILE", options->file, "The HAR")->type_name("FILE.har")->required();
  import_command.add_option("-o,--out", options->output, "The recording to write")
      ->type_name("FILE.har")
      ->required();
  import_command.add_option("--connector", options->connector, "Whose rules say what is a token")
      ->type_name("CONNECTOR");
}

}  // namespace offstage::cli
