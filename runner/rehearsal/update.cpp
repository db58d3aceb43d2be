#include "rehearsal/update.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "recording/redact.h"
#include "recording/snapshot_clean.h"
#include "rehearsal/record.h"

namespace offstage::rehearsal {
namespace {

void compare(const std::string& what, const Json& before, const Json& now, std::vector<std::string>& out) {
  if (const std::string difference = first_difference(before, now); !difference.empty())
    out.push_back(what + " " + difference);
}

void compare_scripts(const recording::Recording& before, const recording::Recording& now,
                     std::vector<std::string>& out) {
  for (const recording::RecordedScript& script : now.scripts) {
    const auto old = std::find_if(before.scripts.begin(), before.scripts.end(),
                                  [&](const auto& each) { return each.file == script.file; });
    if (old == before.scripts.end()) {
      out.push_back(script.file + " is played now");
    } else if (old->sha256 != script.sha256) {
      out.push_back(script.file + " has changed");
    }
  }
}

void compare_snapshots(const recording::Recording& before, const recording::Recording& now,
                       std::vector<std::string>& out) {
  if (before.snapshots.size() != now.snapshots.size()) {
    out.push_back(
        fmt::format("{} looks at pages instead of {}", now.snapshots.size(), before.snapshots.size()));
    return;
  }
  std::size_t changed = 0;
  for (std::size_t i = 0; i < now.snapshots.size(); ++i) {
    const recording::Snapshot& was = before.snapshots[i];
    const recording::Snapshot& is = now.snapshots[i];
    if (was.script != is.script || was.step != is.step || was.html != is.html || was.seen != is.seen)
      ++changed;
  }
  if (changed > 0)
    out.push_back(fmt::format("{} of {} looks at pages saw something else", changed, now.snapshots.size()));
}

/// Why scripts must not stand in a recording as they are; "" when they may.
std::string objection(const std::vector<recording::RecordedScript>& scripts,
                      const recording::TrafficRules& rules) {
  try {
    recording::check_scripts(scripts, rules);
  } catch (const Error& error) {
    if (error.kind() != Kind::refused) throw;
    return error.message();
  }
  return {};
}

}  // namespace

Update updated(browser::Browser& browser, recording::Traffic& traffic, const recording::Recording& recording,
               const Scenario& scenario, const Until& until) {
  script::Observer nobody;
  Log quiet = Log::none();
  Rehearsal rehearsal(browser, traffic, recording, scenario);
  rehearsal.snapshots = true;
  Verdict verdict = rehearsal.run(nobody, quiet, until);
  Update update;
  update.recording = recording;
  update.recording.ending = verdict.ending;
  update.recording.snapshots = std::move(verdict.snapshots);
  for (recording::Snapshot& snapshot : update.recording.snapshots)
    snapshot.html = recording::cleaned(snapshot.html);
  update.recording.scripts = recorded_scripts(scenario);
  if (!verdict.requests_agree) {
    update.obstacle = "other requests are sent now, so record it anew";
    update.differences = verdict.faults;
  } else {
    update.obstacle = objection(update.recording.scripts, scenario.rules);
  }
  if (recording.ending.kind != verdict.ending.kind) {
    update.differences.push_back(
        fmt::format("it ends as {} instead of {}{}{}", verdict.ending.kind, recording.ending.kind,
                    verdict.ending.message.empty() ? "" : ": ", printable(verdict.ending.message, 400)));
  }
  compare("committed:", recording.ending.commits, verdict.ending.commits, update.differences);
  compare("read:", recording.ending.variables, verdict.ending.variables, update.differences);
  compare_scripts(recording, update.recording, update.differences);
  compare_snapshots(recording, update.recording, update.differences);
  return update;
}

}  // namespace offstage::rehearsal
