#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.h"
#include "browser/fence.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "recording/har.h"
#include "rehearsal/record.h"

namespace offstage::cli {
namespace {

namespace fs = std::filesystem;

struct RecordOptions {
  std::vector<std::string> what;  ///< a connector and its scripts
  std::string from;               ///< or a script without a connector
  std::string start_url;
  std::vector<std::string> origins;
  std::vector<std::string> arguments;
  std::string output;
  std::string title;
  bool allow_commit = false;
};

std::string with_ending(const std::string& name) {
  return name.ends_with(".json") ? name : name + ".json";
}

/// A connector's script by the name that people type. Throws Error{usage} with the nearest one.
std::shared_ptr<const script::Script> script_of(const connector::Connector& connector,
                                                const std::string& name) {
  const fs::path file = connector.scripts / with_ending(name);
  std::error_code none;
  if (fs::is_regular_file(file, none)) return script::load(file);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(connector.scripts, none))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  const std::string meant = nearest(name, names);
  throw Error(Kind::usage,
              fmt::format("{} has no script \"{}\"", connector.manifest.title, printable(name, 80)),
              meant.empty() ? "it has: " + join(names, ", ") : fmt::format("did you mean \"{}\"?", meant));
}

/// What is recorded, and with which browser.
struct Plan {
  rehearsal::Scenario scenario;
  browser::Fence fence;
  std::optional<browser::HostMapping> mapping;
  std::string note;
};

Plan plan_for_connector(Run& run, const RecordOptions& options,
                        const std::optional<connector::Practice>& practice) {
  const std::string& id = options.what.front();
  if (practice && practice->connector != id) {
    throw Error(Kind::usage, fmt::format("this practice console stands in for {}, not for {}",
                                         practice->connector, printable(id, 60)));
  }
  if (options.what.size() == 1) {
    throw Error(Kind::usage, "which script? Only the connector was named",
                fmt::format("offstage record {} list-teams -o list-teams.har", printable(id, 60)));
  }
  const connector::Connector connector = registry(run.settings).find(id);
  Plan plan;
  plan.scenario.connector = id;
  plan.scenario.rules = connector.manifest.traffic;
  plan.fence = connector.manifest.fence;
  plan.note = practice ? "practice console" : "live console";
  // Nothing else can be done on a console that one is not signed in to.
  if (with_ending(options.what[1]) != connector.manifest.sign_in_script)
    plan.scenario.scripts.push_back(script_of(connector, connector.manifest.sign_in_script));
  for (std::size_t i = 1; i < options.what.size(); ++i)
    plan.scenario.scripts.push_back(script_of(connector, options.what[i]));
  return plan;
}

Plan plan_for_script(const RecordOptions& options) {
  const fs::path beside = fs::absolute(options.from).lexically_normal().parent_path();
  if (fs::absolute(options.output).lexically_normal().parent_path() != beside) {
    throw Error(
        Kind::usage,
        "a recording of a script without a connector must lie beside its script, where it is found again",
        fmt::format("write it into {}", beside.string()));
  }
  Plan plan;
  plan.scenario.scripts.push_back(script::load(options.from));
  plan.scenario.start_url = options.start_url;
  plan.fence.visit = options.origins;
  const std::string start = browser::origin_of(options.start_url);
  if (!plan.fence.open() && !start.empty()) plan.fence.visit.push_back(start);
  plan.note = start.empty() ? "a page" : start;
  return plan;
}

Plan plan_for(Run& run, const RecordOptions& options, const Until& until) {
  if (options.what.empty() == options.from.empty()) {
    throw Error(Kind::usage, "name either a connector and its scripts, or a script with --from",
                "offstage record CONNECTOR SCRIPT… -o FILE.har, or offstage record --from FILE.json "
                "--start-url URL -o FILE.har");
  }
  std::optional<connector::Practice> practice;
  if (!run.settings.practice.empty()) practice = connector::load_practice(run.settings.practice);
  read_secrets(run.secrets, run.settings, until);
  if (practice) run.secrets.add_folder(practice->secrets);
  Plan plan = options.what.empty() ? plan_for_script(options) : plan_for_connector(run, options, practice);
  if (practice) plan.mapping = practice->mapping;
  rehearsal::Scenario& scenario = plan.scenario;
  scenario.arguments = rehearsal::arguments_from(options.arguments);
  rehearsal::check_arguments(scenario);
  scenario.title = options.title.empty() ? scenario.scripts.back()->title : options.title;
  for (const auto& script : scenario.scripts) {
    for (const script::Finding& finding : script::check(*script)) {
      if (finding.level != script::Finding::Level::error) continue;
      throw Error(
          Kind::usage,
          fmt::format("{}:{}: {}: {}", script->file.string(), finding.line, finding.path, finding.text),
          finding.hint);
    }
  }
  return plan;
}

/// Whom a recording removes is somebody else than who makes it, whatever --allow-commit allows.
void refuse_own_account(const rehearsal::Scenario& scenario, const SecretStore& secrets) {
  const std::string user = text_of(scenario.arguments, "user");
  if (user.empty() || !secrets.has("email")) return;
  if (email_key(user) != email_key(secrets.get("email").reveal())) return;
  throw Error(Kind::refused,
              "this is the account that signs in: it is never removed, not for a recording either",
              "record the removal of somebody who exists for that purpose");
}

std::optional<Kind> record(Run& run, const RecordOptions& options) {
  const Until until = run.until(Milliseconds(10 * 60'000));
  const Plan plan = plan_for(run, options, until);
  refuse_own_account(plan.scenario, run.secrets);
  Progress progress(run);
  progress.doing("starting Chrome");
  const auto browser = launcher(run.settings, plan.mapping)(plan.fence, until);
  progress.doing("recording: " + printable(plan.scenario.title, 100));
  const recording::Recording recorded = rehearsal::record(
      *browser, plan.scenario, run.secrets, options.allow_commit, plan.note, progress, run.log, until);
  progress.doing("writing " + options.output);
  recording::save(recorded, options.output);
  progress.done();

  const auto changes = std::count_if(recorded.exchanges.begin(), recorded.exchanges.end(),
                                     [](const auto& exchange) { return exchange.mutation; });
  if (run.output.json()) {
    run.output.document({{"version", 1},
                         {"command", "record"},
                         {"file", options.output},
                         {"ending", recorded.ending.kind},
                         {"message", printable(recorded.ending.message)},
                         {"exchanges", recorded.exchanges.size()},
                         {"changes", changes},
                         {"snapshots", recorded.snapshots.size()},
                         {"placeholders", recorded.placeholders.size()}});
    return {};
  }
  run.output.line(fmt::format(
      "{}: {} requests ({} of them change something), {} looks at pages, {} values replaced", options.output,
      recorded.exchanges.size(), changes, recorded.snapshots.size(), recorded.placeholders.size()));
  run.output.line(recorded.ending.kind == "ok"
                      ? std::string("The scripts came to their end.")
                      : fmt::format("The scripts ended as {}: {}. A replay must end the same way.",
                                    recorded.ending.kind, printable(recorded.ending.message, 400)));
  run.output.line("Read it before you share it: offstage recording show " + options.output);
  return {};
}

}  // namespace

void add_record(CommandLine& line) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App& command =
      line.command(line.root(), "record",
                   "Play scripts for real and keep the run, redacted, to be replayed without network",
                   {"record {app} list-teams -o recordings/{app}/list-teams.har",
                    "record {app} remove-member list-access --arg user=bob@example.com --arg "
                    "resource.id=acme --allow-commit "
                    "-o recordings/{app}/remove-member.har",
                    "record --from script.json --start-url https://example.com/ -o script.har"},
                   [options](Run& run) { return record(run, *options); });
  command
      .add_option("WHAT", options->what, "The connector, and its scripts in the order in which to play them")
      ->type_name("CONNECTOR SCRIPT...");
  command.add_option("--from", options->from, "A script without a connector")->type_name("FILE");
  command.add_option("--start-url", options->start_url, "With --from: the page to open first")
      ->type_name("URL");
  command
      .add_option("--allow-origin", options->origins,
                  "With --from: reach only these origins (https://host[:port]); may be repeated")
      ->type_name("ORIGIN")
      ->expected(1)
      ->take_all();
  command
      .add_option("--arg", options->arguments,
                  "A value for {{NAME}} in the scripts, or for {{NAME.MEMBER}}; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command
      .add_option("-o,--out", options->output, "The recording to write; bodies go into a folder beside it")
      ->type_name("FILE.har")
      ->required();
  command.add_option("--title", options->title,
                     "What the recording is called; the last script's title if absent");
  command.add_flag("--allow-commit", options->allow_commit,
                   "Let commit steps run: this really takes away whatever the scripts take away");
}

}  // namespace offstage::cli
