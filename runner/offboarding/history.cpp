#include "offboarding/history.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "offboarding/observe.h"
#include "offboarding/rows.h"
#include "offboarding/state.h"

namespace offstage::offboarding {
namespace {

namespace fs = std::filesystem;

/// Whether a journal is that of a run that was to change something. Not so: one that died before its first
/// line, and those of `reconcile`.
bool is_of_request(const std::vector<Entry>& entries) {
  return !entries.empty() && entries.front().event == Event::run_started &&
         entries.front().data.contains("request");
}

std::optional<Interrupted> unfinished(const fs::path& file, const std::vector<Entry>& entries) {
  if (entries.back().event == Event::run_finished) return {};
  const Json& started = entries.front().data;
  Interrupted found{
      .journal = file,
      .run = entries.front().run,
      .at = entries.front().at,
      .connector = text_of(started, "connector"),
      .address = text_of(started, "address"),
      .account = text_of(started, "account"),
      .request = request_from(JsonView(JsonDocument::parse(started.at("request").dump(), file.string()))),
      .requested_by = text_of(started, "requested_by"),
      .reason = text_of(started, "reason"),
      .approved = {}};
  for (const Entry& entry : entries) {
    if (entry.event == Event::plan) found.approved = text_of(entry.data, "digest");
  }
  return found;
}

bool is_gone(connector::Console& console, const Action& action, const Until& until) {
  if (action.grant) {
    const Listing listing = list_wholly(console, action.grant->listed_on, until);
    return rows_of(listing, action.grant->user, action.grant->resource).empty();
  }
  return !is_among(console.list_resources(until), action.resource);
}

}  // namespace

std::vector<fs::path> journals_below(const fs::path& state) {
  std::vector<fs::path> files;
  std::error_code fault;
  if (!fs::exists(state, fault)) return files;
  for (fs::recursive_directory_iterator entry(state, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    if (entry->path().extension() == ".jsonl") files.push_back(entry->path());
  }
  if (fault) throw Error(Kind::usage, fmt::format("cannot read {}: {}", state.string(), fault.message()));
  // A run's id begins with its time, so that names sort as runs followed one another.
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Interrupted> interrupted_run(const fs::path& state, const std::string& connector,
                                           const std::string& address) {
  const std::vector<fs::path> files = journals_below(state);
  std::optional<Interrupted> newest;
  fs::path told;  // the account's folder whose last run is known
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (file->parent_path() == told) continue;
    const std::vector<Entry> entries = read_journal(*file);
    if (!is_of_request(entries)) continue;
    told = file->parent_path();
    std::optional<Interrupted> found = unfinished(*file, entries);
    if (found && found->connector == connector && found->address == address &&
        (!newest || found->run > newest->run))
      newest = std::move(found);
  }
  return newest;
}

std::vector<ApprovedPlan> approved_before(const fs::path& state, const std::string& address,
                                          const Plan& plan) {
  std::vector<ApprovedPlan> approved;
  for (const fs::path& file : journals_below(state)) {
    const std::vector<Entry> entries = read_journal(file);
    if (!is_of_request(entries)) continue;
    const Json& started = entries.front().data;
    const bool same_matter = text_of(started, "connector") == plan.connector &&
                             text_of(started, "address") == address &&
                             same_email(text_of(started, "account"), plan.account) &&
                             started.at("request") == as_json(plan.request);
    if (!same_matter) continue;
    for (const Entry& entry : entries) {
      if (entry.event != Event::plan) continue;
      ApprovedPlan one;
      one.approval = {approval_named(text_of(entry.data, "approval")),
                      text_of(entry.data, "approved_by"),
                      text_of(entry.data, "approved_at"),
                      text_of(entry.data, "digest"),
                      {}};
      for (const Json& part : entry.data.value("parts", Json::array())) {
        if (part.is_string()) one.parts.insert(part.get<std::string>());
      }
      approved.push_back(std::move(one));
    }
  }
  return approved;
}

Action announced(const std::vector<Entry>& entries, const Unresolved& open) {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->event == Event::action_started && entry->action == open.action)
      return action_from(JsonView(JsonDocument::parse(entry->data.dump(), "journal of run " + entry->run)));
  }
  throw Error(Kind::usage,
              fmt::format("the journal of run {} announces a commit of an action that it does not name",
                          printable(open.run)));
}

std::vector<Reconciled> reconcile(connector::Console& console, const fs::path& state, const std::string& by,
                                  const Pace& pace, Progress& progress, const Until& until) {
  progress.doing("signing in");
  const std::string account = console.sign_in(until);
  const AccountState held(state.empty() ? default_state_folder() : state, console.connector(),
                          console.address(), account);
  const std::vector<Entry> entries = held.entries();
  std::vector<Reconciled> settled;
  const std::vector<Unresolved> open = recover(entries);
  if (open.empty()) return settled;

  const std::string run = held.new_run(utc_now());
  Journal journal(run, {held.journal_of(run)});
  journal.write(
      Event::run_started, "",
      {{"connector", console.connector()}, {"account", account}, {"by", by}, {"reason", "reconcile"}});
  for (const Unresolved& each : open) {
    const Action action = announced(entries, each);
    const Waited waited =
        wait_until_gone([&] { return is_gone(console, action, until); }, pace,
                        action.describe() + ": waiting for the console to show it", progress, until);
    if (waited.trouble) {
      journal.write(Event::run_finished, "",
                    {{"status", name_of(Kind::unknown)}, {"message", waited.trouble->message()}});
      throw Error(
          Kind::unknown,
          fmt::format("{}: it could not be looked at: {}", action.describe(), waited.trouble->message()),
          "run \"offstage reconcile\" again when the console answers");
    }
    Reconciled result{.action = action.describe(), .run = each.run, .gone = waited.gone, .text = {}};
    if (waited.gone) {
      result.text = "gone: the commit has taken effect";
      journal.write(Event::verified, action.id, {{"how", "looked at again by reconcile"}});
    } else {
      result.text = "still there: the commit had no effect";
      journal.write(Event::failed, action.id,
                    {{"outcome", "failed"}, {"kind", "unknown"}, {"text", result.text}, {"settled", true}});
    }
    progress.finished(result.action + ": " + result.text);
    settled.push_back(std::move(result));
  }
  journal.write(Event::run_finished, "", {{"status", "ok"}, {"message", "every effect is known"}});
  return settled;
}

}  // namespace offstage::offboarding
