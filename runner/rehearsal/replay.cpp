#include "rehearsal/replay.h"

#include <fmt/format.h>

#include "base/text.h"
#include "rehearsal/record.h"
#include "rehearsal/settle.h"

namespace offstage::rehearsal {
namespace {

constexpr std::size_t longest_value = 120;
/// More of them than this help nobody.
constexpr std::size_t most_told = 10;
/// Longer than a busy machine needs for a page whose answers are all there.
constexpr Milliseconds short_wait{3000};
/// In a replay only the machine is waited for, and with many replays at once it may stand still for seconds.
constexpr Milliseconds long_wait{15'000};
/// A request that a page has announced is held within this time.
constexpr Milliseconds replayed_quiet{15};
/// How long what was recorded and not yet sent is waited for when the scripts are done.
constexpr Milliseconds last_requests{2000};

/// Ends what belongs to a lane with the run that it was opened for, however that ends.
class OpenLane {
 public:
  OpenLane(recording::Traffic& traffic, std::shared_ptr<recording::Lane> lane)
      : traffic_(traffic), lane_(std::move(lane)) {}
  ~OpenLane() { traffic_.close(lane_); }
  OpenLane(const OpenLane&) = delete;
  OpenLane& operator=(const OpenLane&) = delete;

 private:
  recording::Traffic& traffic_;
  std::shared_ptr<recording::Lane> lane_;
};

std::string brief(const Json& value) {
  return value.is_discarded() ? "nothing" : printable(value.dump(), longest_value);
}

std::string difference_at(const std::string& place, const Json& recorded, const Json& now) {
  return fmt::format("{}: recorded {}, now {}", place.empty() ? "all of it" : place, brief(recorded),
                     brief(now));
}

std::string first_difference_at(const std::string& place, const Json& recorded, const Json& now) {
  if (recorded == now) return {};
  if (recorded.is_object() && now.is_object()) {
    for (const auto& [name, value] : recorded.items()) {
      const std::string there = place + "/" + name;
      const auto found = now.find(name);
      if (found == now.end()) return fmt::format("{}: recorded {}, now missing", there, brief(value));
      if (std::string inside = first_difference_at(there, value, *found); !inside.empty()) return inside;
    }
    for (const auto& [name, value] : now.items()) {
      if (!recorded.contains(name))
        return fmt::format("{}/{}: not recorded, now {}", place, name, brief(value));
    }
    return {};  // only the order of members differs
  }
  if (recorded.is_array() && now.is_array()) {
    for (std::size_t i = 0; i < std::min(recorded.size(), now.size()); ++i) {
      std::string inside = first_difference_at(fmt::format("{}/{}", place, i), recorded[i], now[i]);
      if (!inside.empty()) return inside;
    }
    if (recorded.size() == now.size()) return {};
    return fmt::format("{}: recorded {} entries, now {}", place, recorded.size(), now.size());
  }
  return difference_at(place, recorded, now);
}

std::filesystem::path scripts_folder(const recording::Recording& recording, const std::filesystem::path& file,
                                     const connector::Registry& registry) {
  if (recording.connector.empty()) return file.parent_path();
  return registry.find(recording.connector).scripts;
}

}  // namespace

bool waited_in_vain(const recording::Ending& ending) {
  return ending.kind == name_of(Kind::drift) || ending.kind == name_of(Kind::human);
}

std::string first_difference(const Json& recorded, const Json& now) {
  return first_difference_at("", recorded, now);
}

std::unique_ptr<browser::Browser> launch_offline(browser::LaunchOptions options, const Until& until) {
  options.offline = true;
  return browser::Browser::launch(options, until);
}

Scenario scenario_of(const recording::Recording& recording, const std::filesystem::path& file,
                     const connector::Registry& registry) {
  Scenario scenario;
  scenario.title = recording.title;
  scenario.connector = recording.connector;
  scenario.arguments = recording.arguments;
  scenario.start_url = recording.start_url;
  if (!recording.connector.empty()) scenario.rules = registry.find(recording.connector).manifest.traffic;
  const std::filesystem::path folder = scripts_folder(recording, file, registry);
  for (const recording::RecordedScript& script : recording.scripts) {
    if (script.played) scenario.scripts.push_back(script::load(folder / script.file));
  }
  if (scenario.scripts.empty()) {
    throw Error(Kind::usage, fmt::format("{}: it names no script that could be played", file.string()),
                "a recording that was imported has exchanges only: record the run with `offstage record`");
  }
  return scenario;
}

SecretStore secrets_of(const recording::Recording& recording) {
  SecretStore secrets;
  for (const auto& [name, placeholder] : recording.secrets)
    secrets.add(name, Secret(placeholder));
  std::vector<Secret> codes;
  for (const std::string& code : recording.codes)
    codes.emplace_back(code);
  secrets.fix_codes(std::move(codes));
  return secrets;
}

Rehearsal::Rehearsal(browser::Browser& browser, recording::Traffic& traffic,
                     const recording::Recording& recording, const Scenario& scenario)
    : browser_(browser), traffic_(traffic), recording_(recording), scenario_(scenario) {}

Verdict Rehearsal::run(script::Observer& observer, Log& log, const Until& until) {
  const Clock::time_point start = Clock::now();
  Verdict verdict;
  const SecretStore secrets = secrets_of(recording_);
  const auto replayer =
      std::make_shared<recording::Replayer>(recording_, scenario_.rules, delays, page_script);
  {
    const OpenLane lane(traffic_, replayer);
    const auto context = browser_.new_context(until, traffic_.through(replayer));
    browser::Page& page = context->new_page(until);
    Notes notes(observer, snapshots);
    verdict.ending =
        perform(*context, page, scenario_, secrets, true, notes, log, until, [&](const Error& fault) {
          if (at_fault && name_of(fault.kind()) != recording_.ending.kind) at_fault(page);
        });
    verdict.ending.commits = notes.commits;
    verdict.snapshots = std::move(notes.snapshots);
    // Only a run that ended as it should owes what was recorded.
    const bool owes = verdict.ending.kind == recording_.ending.kind;
    const auto more_to_come = [&] {
      return !page.in_flight().empty() || (owes && !replayer->tape().unconsumed().empty());
    };
    settle(page, {[&] { return replayer->requests(); }, more_to_come, replayed_quiet, last_requests}, until);
    judge(replayer, verdict);
    verdict.requests = replayer->told();
    if (at_end) at_end(page, verdict);
  }
  verdict.took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
  return verdict;
}

Verdict replayed(browser::Browser& browser, recording::Traffic& traffic,
                 const recording::Recording& recording, const Scenario& scenario, const Until& until) {
  script::Observer nobody;
  Log quiet = Log::none();
  Milliseconds lost{0};
  if (waited_in_vain(recording.ending)) {
    Scenario short_of_time = scenario;
    short_of_time.longest_wait = short_wait;
    Verdict verdict = Rehearsal(browser, traffic, recording, short_of_time).run(nobody, quiet, until);
    if (verdict.passed() && verdict.ending.message == recording.ending.message) return verdict;
    lost = verdict.took;
  }
  Scenario patient = scenario;
  patient.shortest_wait = long_wait;
  Verdict verdict = Rehearsal(browser, traffic, recording, patient).run(nobody, quiet, until);
  verdict.took += lost;
  return verdict;
}

void Rehearsal::judge(const std::shared_ptr<recording::Replayer>& replayer, Verdict& verdict) const {
  const recording::Ending& recorded = recording_.ending;
  const recording::Ending& now = verdict.ending;
  if (now.kind != recorded.kind) {
    const std::string words = now.message.empty() ? "" : ": " + printable(now.message, 600);
    verdict.faults.push_back(
        fmt::format("it was recorded to end as {}, and ends as {}{}", recorded.kind, now.kind, words));
  }
  const std::vector<recording::Miss> misses = replayer->tape().misses();
  for (std::size_t i = 0; i < std::min(misses.size(), most_told); ++i)
    verdict.faults.push_back(misses[i].explain());
  if (misses.size() > most_told)
    verdict.faults.push_back(fmt::format("and {} more such requests", misses.size() - most_told));
  for (const recording::Exchange* exchange : replayer->tape().unconsumed()) {
    verdict.faults.push_back(fmt::format("recorded and never sent: {} {}", printable(exchange->method, 20),
                                         printable(exchange->url, 300)));
  }
  verdict.requests_agree = misses.empty() && replayer->tape().unconsumed().empty();
  for (const std::string& address : traffic_.strays(replayer))
    verdict.faults.push_back("a request of no known page: " + printable(address, 300));
  if (const std::string commits = first_difference(recorded.commits, now.commits); !commits.empty())
    verdict.faults.push_back("what was committed differs: " + commits);
  if (now.kind == recorded.kind) {
    const std::string variables = first_difference(recorded.variables, now.variables);
    if (!variables.empty()) verdict.faults.push_back("what was read differs: " + variables);
  }
  const std::vector<recording::RecordedScript> today = recorded_scripts(scenario_);
  for (const recording::RecordedScript& script : recording_.scripts) {
    const bool changed = std::none_of(today.begin(), today.end(), [&](const auto& each) {
      return each.file == script.file && each.sha256 == script.sha256;
    });
    if (changed) verdict.notes.push_back(fmt::format("{} has changed since it was recorded", script.file));
  }
}

}  // namespace offstage::rehearsal
