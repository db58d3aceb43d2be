#include "rehearsal/snapshot_check.h"

#include <fmt/format.h>

#include "base/text.h"
#include "recording/snapshot_page.h"

namespace offstage::rehearsal {
namespace {

using recording::Snapshot;
using recording::SnapshotPage;

std::map<std::string, Json> values_of(const Snapshot& snapshot) {
  std::map<std::string, Json> values;
  for (const auto& [name, value] : snapshot.variables.items())
    values[name] = value;
  return values;
}

/// The `within` steps of today's script around a step, outermost first.
std::vector<browser::Within> withins_around(const script::Script& script, const std::string& path,
                                            const script::Values& values) {
  std::vector<browser::Within> around;
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const script::Step* step = script::step_at(script, path.substr(0, end));
    if (step != nullptr && step->name == "within")
      around.push_back(script::within_from(step->fields.at("parameters"), values));
  }
  return around;
}

std::string place_of(const Snapshot& snapshot) {
  return fmt::format("{} {} on {}", snapshot.script, snapshot.step, printable(snapshot.url, 200));
}

/// What is no longer seen; empty: all of it is.
std::string missing_in(const Snapshot& snapshot, const Seen& seen) {
  const SnapshotPage page(snapshot.html, snapshot.url);
  for (const browser::Condition& condition : seen.sight.conditions) {
    if (const auto miss = page.check(condition)) return miss->explain();
  }
  if (!seen.sight.reading) return {};
  try {
    return first_difference(snapshot.seen,
                            seen.sight.reading->with_defaults(page.extract(seen.sight.reading->extraction)));
  } catch (const Error& error) {
    if (error.kind() != Kind::drift) throw;
    return error.message();
  }
}

}  // namespace

ScriptShelf::ScriptShelf(const Scenario& scenario) : folder_(scenario.scripts.front()->file.parent_path()) {
  for (const auto& script : scenario.scripts)
    scripts_[script->file.filename().string()] = script;
}

const script::Script* ScriptShelf::find(const std::string& file) {
  std::shared_ptr<const script::Script>& known = scripts_[file];
  std::error_code none;
  if (!known && std::filesystem::is_regular_file(folder_ / file, none)) known = script::load(folder_ / file);
  return known.get();
}

std::optional<Seen> seen_by(const script::Script& script, const Snapshot& snapshot) {
  Seen seen;
  seen.step = script::step_at(script, snapshot.step);
  if (seen.step == nullptr) return std::nullopt;
  const std::map<std::string, Json> variables = values_of(snapshot);
  const script::Values values(variables);
  // What other scripts narrowed to stays as it was; what this one does is done as it would be today.
  std::vector<browser::Within> around = snapshot.within;
  const std::vector<browser::Within> own = withins_around(script, snapshot.step, values);
  around.resize(around.size() - std::min(around.size(), own.size()));
  around.insert(around.end(), own.begin(), own.end());
  seen.sight = script::sight_of(*seen.step, {values, around});
  return seen;
}

Verdict check_snapshots(const recording::Recording& recording, const Scenario& scenario) {
  const Clock::time_point start = Clock::now();
  Verdict verdict;
  ScriptShelf shelf(scenario);
  if (recording.snapshots.empty()) verdict.notes.emplace_back("it keeps no pages: nothing was checked");
  for (const Snapshot& snapshot : recording.snapshots) {
    const script::Script* script = shelf.find(snapshot.script);
    if (script == nullptr) {
      verdict.faults.push_back(fmt::format("{}: there is no such script any more", snapshot.script));
      continue;
    }
    try {
      const std::optional<Seen> seen = seen_by(*script, snapshot);
      if (!seen) {
        verdict.notes.push_back(place_of(snapshot) + ": there is no such step any more");
        continue;
      }
      const std::string missing = missing_in(snapshot, *seen);
      if (!missing.empty()) verdict.faults.push_back(place_of(snapshot) + ": " + missing);
    } catch (const Error& error) {
      verdict.faults.push_back(place_of(snapshot) + ": " + error.message());
    }
  }
  verdict.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
  return verdict;
}

}  // namespace offstage::rehearsal
