#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "cli/removal.h"
#include "offboarding/action.h"
#include "offboarding/history.h"
#include "offboarding/state.h"

namespace offstage::cli {
namespace {

namespace fs = std::filesystem;
using offboarding::Entry;
using offboarding::Event;

constexpr Milliseconds reconcile_limit{30 * 60'000};

/// The journals that PLACEs name: files, folders, or without any those of the state folder.
std::vector<fs::path> journals_of(const std::vector<std::string>& places) {
  std::vector<fs::path> files;
  for (const std::string& place :
       places.empty() ? std::vector<std::string>{offboarding::default_state_folder().string()} : places) {
    std::error_code none;
    if (fs::is_directory(place, none)) {
      const std::vector<fs::path> found = offboarding::journals_below(place);
      files.insert(files.end(), found.begin(), found.end());
    } else if (fs::exists(place, none)) {
      files.emplace_back(place);
    } else if (!places.empty()) {
      throw Error(Kind::usage, fmt::format("there is no {}", printable(place, 200)),
                  "name a journal, an evidence folder, or nothing for the journals of this user's runs");
    }
  }
  return files;
}

/// One line for people: what an event says beyond its name.
std::string told(const Entry& entry) {
  std::string text;
  for (const char* name : {"connector", "account", "approval", "digest", "target", "method", "outcome",
                           "status", "how", "what", "text", "message"}) {
    const auto value = entry.data.find(name);
    if (value == entry.data.end() || (value->is_string() && value->get<std::string>().empty())) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        value->is_string() ? printable(value->get<std::string>(), 120) : value->dump());
  }
  return text;
}

std::string what_of(const Entry& entry) {
  if (entry.event != Event::action_started) return told(entry);
  return offboarding::action_from(JsonView(JsonDocument::parse(entry.data.dump(), "journal"))).describe();
}

std::optional<Kind> show(Run& run, const std::vector<std::string>& places) {
  Json document{{"version", 1}, {"command", "journal show"}, {"journals", Json::array()}};
  const std::vector<fs::path> files = journals_of(places);
  for (const fs::path& file : files) {
    Json lines = Json::array();
    Table table({"AT", "EVENT", "WHAT"});
    for (const Entry& entry : offboarding::read_journal(file)) {
      lines.push_back({{"n", entry.number},
                       {"at", entry.at},
                       {"run", entry.run},
                       {"event", name_of(entry.event)},
                       {"action", entry.action},
                       {"data", entry.data}});
      table.add({entry.at, std::string(name_of(entry.event)), what_of(entry)});
    }
    document["journals"].push_back({{"file", file.string()}, {"entries", std::move(lines)}});
    if (run.output.json()) continue;
    run.output.line(file.string());
    table.print(run.output);
    run.output.line();
  }
  if (run.output.json()) run.output.document(document);
  if (files.empty()) run.output.line("There is no journal: nothing was ever applied here.");
  return {};
}

std::optional<Kind> verify(Run& run, const std::vector<std::string>& places) {
  Json document{{"version", 1}, {"command", "journal verify"}, {"journals", Json::array()}};
  bool whole = true;
  const std::vector<fs::path> files = journals_of(places);
  for (const fs::path& file : files) {
    Json told{{"file", file.string()}};
    try {
      const std::vector<Entry> entries = offboarding::read_journal(file);
      const bool ended = !entries.empty() && entries.back().event == Event::run_finished;
      const std::size_t open = offboarding::recover(entries).size();
      told.update({{"whole", true}, {"entries", entries.size()}, {"ended", ended}, {"unknown", open}});
      run.output.line(fmt::format("{}: whole, {} lines{}{}", file.string(), entries.size(),
                                  ended ? "" : ", cut off before its end",
                                  open == 0 ? "" : fmt::format(", {} of unknown effect", open)));
    } catch (const Error& error) {
      whole = false;
      told.update({{"whole", false}, {"fault", error.message()}});
      run.output.line(run.output.toned(error.message(), Output::Tone::bad));
    }
    document["journals"].push_back(std::move(told));
  }
  if (run.output.json()) run.output.document(document);
  if (files.empty()) run.output.line("There is no journal: nothing was ever applied here.");
  if (whole) return {};
  return Kind::failed;
}

std::optional<Kind> reconcile(Run& run, const std::string& from) {
  const Until until = run.until(reconcile_limit);
  Progress progress(run);
  ConsoleSession session(run, from, progress, until);
  const std::vector<offboarding::Reconciled> settled =
      offboarding::reconcile(session.console(), {}, run.settings.who(), {}, progress, until);
  progress.done();
  Json document{{"version", 1}, {"command", "reconcile"}, {"settled", Json::array()}};
  for (const offboarding::Reconciled& each : settled) {
    document["settled"].push_back(
        {{"action", each.action}, {"run", each.run}, {"gone", each.gone}, {"text", each.text}});
    run.output.line(fmt::format("{}: {} (announced by run {})", each.action, each.text, printable(each.run)));
  }
  if (settled.empty()) run.output.line("Nothing to settle: the effect of every commit is known.");
  if (run.output.json()) run.output.document(document);
  return {};
}

}  // namespace

void add_journal(CommandLine& line) {
  CLI::App& group = line.group(line.root(), "journal", "Read and verify what runs wrote down, line by line");
  const auto shown = std::make_shared<std::vector<std::string>>();
  CLI::App& show_command = line.command(group, "show", "Print journals as they were written",
                                        {"journal show", "journal show evidence"},
                                        [shown](Run& run) { return show(run, *shown); });
  const auto verified = std::make_shared<std::vector<std::string>>();
  CLI::App& verify_command = line.command(
      group, "verify",
      "Tell whether each line follows from the one before (exit 1 if not), and what is unsettled",
      {"journal verify", "journal verify evidence/journal.jsonl"},
      [verified](Run& run) { return verify(run, *verified); });
  for (const auto& [command, places] :
       {std::pair{&show_command, shown}, std::pair{&verify_command, verified}}) {
    command
        ->add_option("PLACE", *places,
                     "Journals, or folders that hold some; those of this user's runs if absent")
        ->type_name("FILE|DIR");
  }
}

void add_resume(CommandLine& line) {
  const auto from = std::make_shared<std::string>();
  CLI::App& resume_command =
      line.command(line.root(), "resume", "Finish the last run that was cut off, as if it were started again",
                   {"resume --from {app}"}, [from](Run& run) { return resume(run, *from); });
  line.add_from(resume_command, *from);
  const auto looked = std::make_shared<std::string>();
  CLI::App& reconcile_command =
      line.command(line.root(), "reconcile",
                   "Look at the console again for what earlier runs left unknown; changes nothing",
                   {"reconcile --from {app}"}, [looked](Run& run) { return reconcile(run, *looked); });
  line.add_from(reconcile_command, *looked);
}

}  // namespace offstage::cli
