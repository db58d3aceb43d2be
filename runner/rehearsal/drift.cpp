#include "rehearsal/drift.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "recording/snapshot_names.h"
#include "recording/snapshot_roles.h"
#include "rehearsal/proposal.h"
#include "rehearsal/similarity.h"
#include "script/describe.h"
#include "script/selectors.h"

namespace offstage::rehearsal {
namespace {

using recording::Snapshot;
using recording::SnapshotPage;

constexpr Milliseconds look_patience{10'000};
constexpr std::size_t most_words = 5;

/// How many elements one alternative matches; nothing where a snapshot cannot tell.
std::optional<std::size_t> matches_of(const SnapshotPage& page, const browser::Query& query,
                                      const browser::SelectorChain& chain) {
  try {
    browser::Query one = query;
    one.selectors = {chain};
    return page.find(one).size();
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string count_words(std::optional<std::size_t> count) {
  if (!count) return "cannot be judged";
  if (*count == 0) return "nothing";
  return *count == 1 ? "one element" : fmt::format("{} elements", *count);
}

/// Which alternative decides: the first that matches anything.
std::optional<std::size_t> deciding(const SnapshotPage& page, const browser::Query& query) {
  for (std::size_t i = 0; i < query.selectors.size(); ++i) {
    if (matches_of(page, query, query.selectors[i]).value_or(0) > 0) return i;
  }
  return std::nullopt;
}

/// What people read on a page that scripts go by, without the rows of people.
std::set<std::string> landmarks_of(const SnapshotPage& page) {
  namespace snapshot = recording::snapshot;
  static const std::set<std::string> kinds{"heading", "button", "columnheader", "textbox", "combobox", "tab",
                                           "dialog",  "alert",  "checkbox",     "radio",   "menuitem"};
  std::set<std::string> out;
  for (const snapshot::Node* element : page.document().elements()) {
    if (element->sight != snapshot::Sight::seen) continue;
    const std::string role = snapshot::role_of(page.document(), *element);
    if (!kinds.contains(role)) continue;
    const std::string name = snapshot::accessible_name(page.document(), *element);
    if (name.empty() || name.find('@') != std::string::npos) continue;
    out.insert(fmt::format("{} \"{}\"", role, printable(name, 60)));
  }
  return out;
}

std::string listed(const std::set<std::string>& names, const std::set<std::string>& without) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (!without.contains(name)) out.push_back(name);
  }
  const std::size_t all = out.size();
  if (all > most_words) {
    out.resize(most_words);
    out.push_back(fmt::format("{} more", all - most_words));
  }
  return join(out, ", ");
}

void tell_landmarks(const SnapshotPage& was, const SnapshotPage& is, std::vector<std::string>& words) {
  const std::set<std::string> then = landmarks_of(was);
  const std::set<std::string> now = landmarks_of(is);
  if (const std::string gone = listed(then, now); !gone.empty())
    words.push_back("gone from the page: " + gone);
  if (const std::string fresh = listed(now, then); !fresh.empty())
    words.push_back("new on the page: " + fresh);
}

/// Tells what has become of a query's alternatives; whether anything has.
bool tell_alternatives(const SnapshotPage& was, const SnapshotPage& is, const browser::Query& then,
                       const browser::Query& now, std::vector<std::string>& words) {
  bool differs = false;
  for (std::size_t i = 0; i < now.selectors.size() && i < then.selectors.size(); ++i) {
    const auto before = matches_of(was, then, then.selectors[i]);
    const auto after = matches_of(is, now, now.selectors[i]);
    if ((before.value_or(0) > 0) == (after.value_or(0) > 0)) continue;
    differs = true;
    words.push_back(fmt::format("{} matched {} and matches {} now",
                                printable(script::written(now.selectors[i]), 200), count_words(before),
                                count_words(after)));
  }
  const auto first = deciding(was, then);
  const auto second = deciding(is, now);
  if (first && second && *second > *first)
    words.push_back(
        fmt::format("it fell back to its choice {} of {}, a weaker one", *second + 1, now.selectors.size()));
  return differs;
}

bool in_commit(const script::Script& script, const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const script::Step* step = script::step_at(script, path.substr(0, end));
    if (step != nullptr && step->name == "commit") return true;
  }
  const script::Step* step = script::step_at(script, path);
  return step != nullptr && step->name == "commit";
}

/// Follows which step is being played, for when it cannot go on.
class Follower final : public script::Observer {
 public:
  explicit Follower(script::Observer& next) : next_(next) {}
  void script_entered(const std::string& file) override { scripts_.push_back(file); }
  void script_left() override { scripts_.pop_back(); }
  void step_started(const std::string& path, const std::string& what) override {
    script = scripts_.empty() ? std::string() : scripts_.back();
    step = path;
    next_.step_started(path, what);
  }
  bool wants_looks() const override { return true; }
  void looked(const script::Look& look) override { on_look(look); }

  std::function<void(const script::Look&)> on_look;
  std::string script;  ///< of the last step that began
  std::string step;

 private:
  script::Observer& next_;
  std::vector<std::string> scripts_;
};

/// The recorded look of a step, the n-th that it had.
const Snapshot* recorded_look(const recording::Recording& recording, const std::string& script,
                              const std::string& step, std::size_t round) {
  const Snapshot* last = nullptr;
  for (const Snapshot& snapshot : recording.snapshots) {
    if (snapshot.script != script || snapshot.step != step) continue;
    last = &snapshot;
    if (round-- == 0) break;
  }
  return last;
}

/// Drops what the page itself does not find: a snapshot knows less of how it is shown than Chrome.
void keep_what_holds(browser::Page& page, const browser::FramePath& frame, StepDrift& drift,
                     const Until& until) {
  if (!drift.proposal) return;
  browser::Condition found;
  found.query = drift.proposal->query;
  found.comparison = browser::Condition::Count::exactly;
  std::erase_if(drift.proposal->selectors, [&](const browser::SelectorChain& chain) {
    found.query.selectors = {chain};
    return page.check(frame, found, until.within(look_patience)).has_value();
  });
}

}  // namespace

std::optional<StepDrift> drift_of(const script::Script& script, const Snapshot& was, const Snapshot& is) {
  const std::optional<Seen> then = seen_by(script, was);
  const std::optional<Seen> now = seen_by(script, is);
  if (!then || !now) return std::nullopt;
  const SnapshotPage old_page(was.html, was.url);
  const SnapshotPage new_page(is.html, is.url);
  StepDrift drift;
  drift.script = is.script;
  drift.step = is.step;
  drift.url = is.url;
  const std::map<std::string, Json> none;
  drift.what = script::describe(*now->step, script::Values(none));
  drift.commits = in_commit(script, is.step);
  bool differs = false;
  const std::size_t conditions = std::min(then->sight.conditions.size(), now->sight.conditions.size());
  for (std::size_t i = 0; i < conditions; ++i) {
    const browser::Query& before = then->sight.conditions[i].query;
    const browser::Query& after = now->sight.conditions[i].query;
    if (!tell_alternatives(old_page, new_page, before, after, drift.words)) continue;
    differs = true;
    if (!drift.commits && !drift.proposal) drift.proposal = propose(old_page, before, new_page, after);
  }
  if (then->sight.reading && now->sight.reading) {
    browser::Query before;
    before.selectors = then->sight.reading->extraction.rows;
    browser::Query after;
    after.selectors = now->sight.reading->extraction.rows;
    differs = tell_alternatives(old_page, new_page, before, after, drift.words) || differs;
  }
  if (!differs) return std::nullopt;
  tell_landmarks(old_page, new_page, drift.words);
  return drift;
}

Comparison compare(browser::Browser& browser, const recording::Recording& recording, const Scenario& scenario,
                   const SecretStore& secrets, script::Observer& observer, Log& log, const Until& until) {
  Comparison comparison;
  const auto context = browser.new_context(until);
  browser::Page& page = context->new_page(until);
  Follower follower(observer);
  Notes notes(follower, true);
  ScriptShelf shelf(scenario);
  std::map<std::pair<std::string, std::string>, std::size_t> rounds;
  follower.on_look = [&](const script::Look& look) {
    const Snapshot& is = notes.snapshots.back();
    const script::Script* script = shelf.find(is.script);
    const Snapshot* was = recorded_look(recording, is.script, is.step, rounds[{is.script, is.step}]++);
    if (script == nullptr || was == nullptr) return;
    ++comparison.compared;
    auto drift = drift_of(*script, *was, is);
    if (!drift) return;
    keep_what_holds(look.page, look.frame, *drift, until);
    comparison.steps.push_back(std::move(*drift));
  };
  comparison.ending = perform(*context, page, scenario, secrets, false, notes, log, until);
  if (comparison.ending.kind == "ok") return comparison;

  // The step at which it ended.
  const script::Script* script = shelf.find(follower.script);
  const Snapshot* was =
      recorded_look(recording, follower.script, follower.step, rounds[{follower.script, follower.step}]);
  comparison.at_commit =
      script != nullptr && in_commit(*script, follower.step) && comparison.ending.kind == "refused";
  if (script == nullptr || comparison.at_commit) return comparison;
  StepDrift drift;
  if (was != nullptr) {
    Snapshot is = *was;
    is.url = page.url();
    is.html = page.html({}, until.within(look_patience));
    // The values are those of the console, not of the recording.
    for (auto& [name, value] : is.variables.items()) {
      if (const auto given = scenario.arguments.find(name); given != scenario.arguments.end()) value = *given;
    }
    ++comparison.compared;
    if (auto found = drift_of(*script, *was, is)) drift = std::move(*found);
    keep_what_holds(page, {}, drift, until);
  }
  drift.script = follower.script;
  drift.step = follower.step;
  drift.url = page.url();
  drift.broken = true;
  drift.words.insert(drift.words.begin(), printable(comparison.ending.message, 800));
  comparison.steps.push_back(std::move(drift));
  return comparison;
}

}  // namespace offstage::rehearsal
