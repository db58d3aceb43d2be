#include "rehearsal/record.h"

#include <set>

#include "base/file.h"
#include "recording/capture.h"
#include "recording/redact.h"
#include "recording/snapshot_clean.h"
#include "rehearsal/settle.h"

namespace offstage::rehearsal {
namespace {

/// How long what is still under way when the scripts are done may take to be sent and answered.
constexpr Milliseconds last_answers{5'000};
/// A page that has sent nothing for so long has done what the last step set off.
constexpr Milliseconds recorded_quiet{150};

void add_script(const script::Script& script, bool played, std::set<std::string>& known,
                std::vector<recording::RecordedScript>& list);

void add_run_scripts(const std::vector<script::Step>& steps, const script::Script& script,
                     std::set<std::string>& known, std::vector<recording::RecordedScript>& list) {
  for (const script::Step& step : steps) {
    if (step.name == "run") {
      const std::string name = text_of(step.fields.value("parameters", Json::object()), "script");
      add_script(*script::load(script.file.parent_path() / name), false, known, list);
    }
    for (const auto& [member, children] : step.nested)
      add_run_scripts(children, script, known, list);
  }
}

void add_script(const script::Script& script, bool played, std::set<std::string>& known,
                std::vector<recording::RecordedScript>& list) {
  const std::string name = script.file.filename().string();
  // One that is played twice stands twice: the order is what is played.
  if (!played && known.contains(name)) return;
  recording::RecordedScript recorded;
  recorded.file = name;
  recorded.sha256 = script.digest;
  recorded.text = script.document->text();
  recorded.played = played;
  list.push_back(std::move(recorded));
  if (known.insert(name).second) add_run_scripts(script.steps, script, known, list);
}

}  // namespace

std::vector<recording::RecordedScript> recorded_scripts(const Scenario& scenario) {
  std::set<std::string> known;
  std::vector<recording::RecordedScript> list;
  for (const auto& script : scenario.scripts)
    add_script(*script, true, known, list);
  return list;
}

recording::Recording record(browser::Browser& browser, const Scenario& scenario, const SecretStore& secrets,
                            bool commits, const std::string& note, script::Observer& observer, Log& log,
                            const Until& until) {
  recording::Recording raw;
  raw.title = scenario.title;
  raw.connector = scenario.connector;
  raw.origin_note = note;
  raw.scripts = recorded_scripts(scenario);
  raw.arguments = scenario.arguments;
  raw.start_url = scenario.start_url;
  raw.versions = {{"tool", OFFSTAGE_VERSION}, {"browser", browser.info().product}};
  raw.time_zone = recording::Capture::time_zone;
  raw.started_at = utc_now();

  recording::Traffic traffic(browser, true, until);
  const auto capture = std::make_shared<recording::Capture>();
  {
    const auto context = browser.new_context(until, traffic.through(capture));
    browser::Page& page = context->new_page(until);
    Notes notes(observer, true);
    raw.ending = perform(*context, page, scenario, secrets, commits, notes, log, until);
    raw.ending.commits = notes.commits;
    raw.snapshots = std::move(notes.snapshots);
    const Until end = until.within(last_answers);
    settle(page,
           {[&] { return capture->requests(); }, [&] { return !capture->all_answered(); }, recorded_quiet,
            last_answers},
           end);
    capture->finish(raw, scenario.rules, end);
  }
  for (recording::Snapshot& snapshot : raw.snapshots)
    snapshot.html = recording::cleaned(snapshot.html);

  recording::Redactor redactor(scenario.rules);
  for (const std::string& name : secrets.names())
    redactor.add_secret(name, secrets.get(name));
  for (const Secret& code : secrets.codes_given())
    redactor.add_code(code);
  return redactor.redact(std::move(raw));
}

}  // namespace offstage::rehearsal
