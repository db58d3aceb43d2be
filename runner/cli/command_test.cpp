#include <algorithm>
#include <charconv>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/live_line.h"
#include "cli/rehearsal_output.h"
#include "recording/har.h"
#include "rehearsal/mutations.h"
#include "rehearsal/reports.h"
#include "rehearsal/snapshot_check.h"
#include "rehearsal/suite.h"
#include "rehearsal/update.h"

namespace offstage::cli {
namespace {

namespace fs = std::filesystem;

struct TestOptions {
  std::vector<std::string> places;
  std::string filter;
  int repeat = 1;
  std::string shard;
  int workers = 0;  ///< 0: as many as suit the machine
  bool snapshots = false;
  bool mutate = false;
  bool update = false;
  std::string junit;
  std::string tap;
};

/// "2/5" as two numbers. Throws Error{usage}.
std::pair<std::size_t, std::size_t> shard_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto number = [&](std::string_view digits) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
  };
  if (slash != std::string::npos) {
    const std::size_t index = number(std::string_view(text).substr(0, slash));
    const std::size_t count = number(std::string_view(text).substr(slash + 1));
    if (index >= 1 && count >= index) return {index, count};
  }
  throw Error(Kind::usage, fmt::format("--shard {}: is not written as PART/PARTS", printable(text, 40)),
              "the second of five parts is --shard 2/5");
}

/// One recording and what it is played with; shared by its cases.
struct Loaded {
  fs::path file;
  recording::Recording recording;
  rehearsal::Scenario scenario;
};

/// Shows results as they come: a line each, and on a terminal what is being done below them.
class Reporter final : public rehearsal::SuiteObserver {
 public:
  explicit Reporter(Run& run) : run_(run) {
    const bool live =
        ::isatty(STDERR_FILENO) == 1 && !run.settings.quiet && wants_colour(Colour::automatic, STDERR_FILENO);
    if (live) line_ = std::make_unique<LiveLine>();
  }
  void started(const std::string& name) override {
    if (line_) line_->show(fmt::format("{} of {}: {}", done_ + 1, all_, printable(name, 100)));
  }
  void finished(const rehearsal::Result& result, std::size_t done, std::size_t all) override {
    done_ = done;
    all_ = all;
    const auto print = [&] { print_result(run_.output, result); };
    if (line_) {
      line_->around(print);
    } else {
      print();
    }
  }
  void expect(std::size_t all) { all_ = all; }

 private:
  Run& run_;
  std::unique_ptr<LiveLine> line_;
  std::size_t done_ = 0;
  std::size_t all_ = 0;
};

/// Replays wait for pages more than they compute.
int usual_workers() {
  return 3 * std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
}

/// A script that does not find what it looks for waits; any other takes as long as its requests.
std::size_t weight_of(const recording::Recording& recording) {
  constexpr std::size_t waits = 100'000;
  return recording.exchanges.size() + (rehearsal::waited_in_vain(recording.ending) ? waits : 0);
}

std::vector<rehearsal::Case> replay_cases(const std::vector<std::shared_ptr<const Loaded>>& all, int repeat) {
  std::vector<rehearsal::Case> cases;
  for (int round = 1; round <= repeat; ++round) {
    for (const auto& loaded : all) {
      const std::string name =
          repeat == 1 ? loaded->file.string() : fmt::format("{} (round {})", loaded->file.string(), round);
      cases.push_back({name, loaded->file,
                       [loaded](browser::Browser& browser, recording::Traffic& traffic, const Until& until) {
                         return rehearsal::replayed(browser, traffic, loaded->recording, loaded->scenario,
                                                    until);
                       },
                       weight_of(loaded->recording)});
    }
  }
  return cases;
}

std::vector<rehearsal::Case> mutated_cases(const std::vector<std::shared_ptr<const Loaded>>& all) {
  std::vector<rehearsal::Case> cases;
  for (const auto& loaded : all) {
    for (rehearsal::Mutation& mutation : rehearsal::mutations_of(loaded->recording, loaded->scenario)) {
      const std::string name = fmt::format("{}: {}", loaded->file.string(), mutation.what);
      const auto shared = std::make_shared<const rehearsal::Mutation>(std::move(mutation));
      cases.push_back(
          {name, loaded->file,
           [loaded, shared](browser::Browser& browser, recording::Traffic& traffic, const Until& until) {
             return rehearsal::play_mutated(browser, traffic, *shared, loaded->scenario, until);
           },
           weight_of(loaded->recording)});
    }
  }
  return cases;
}

std::vector<rehearsal::Result> check_snapshots(const std::vector<std::shared_ptr<const Loaded>>& all,
                                               Reporter& reporter) {
  std::vector<rehearsal::Result> results;
  for (const auto& loaded : all) {
    rehearsal::Result result;
    result.name = loaded->file.string();
    try {
      result.verdict = rehearsal::check_snapshots(loaded->recording, loaded->scenario);
    } catch (const Error& error) {
      result.error = error;
    }
    results.push_back(std::move(result));
    reporter.finished(results.back(), results.size(), all.size());
  }
  return results;
}

/// Replays once more with all looks kept, and writes what has changed, after having shown it. What could not
/// be read, or must be recorded anew, is a failure.
std::optional<Kind> update_all(Run& run, const std::vector<std::shared_ptr<const Loaded>>& all,
                               const std::vector<rehearsal::Result>& unreadable, const Until& until) {
  Json document{{"version", 1}, {"command", "test --update"}, {"recordings", Json::array()}};
  bool good = unreadable.empty();
  const auto tell = [&](const std::string& name, const std::string& outcome, const Json& differences) {
    document["recordings"].push_back({{"name", name}, {"outcome", outcome}, {"differences", differences}});
    run.output.line(fmt::format("{}: {}", name, outcome));
  };
  for (const rehearsal::Result& result : unreadable)
    tell(result.name, "cannot be read: " + printable(result.error->message()), Json::array());
  const auto browser = rehearsal::launch_offline(launch_options(run.settings), until);
  recording::Traffic traffic(*browser, false, until);
  for (const auto& loaded : all) {
    const rehearsal::Update update =
        rehearsal::updated(*browser, traffic, loaded->recording, loaded->scenario, until);
    for (const std::string& difference : update.differences)
      run.output.line("    " + difference);
    std::string outcome = "as it was";
    if (!update.obstacle.empty()) {
      outcome = "not written: " + update.obstacle;
      good = false;
    } else if (!update.differences.empty()) {
      recording::save(update.recording, loaded->file);
      outcome = "written";
    }
    tell(loaded->file.string(), outcome, update.differences);
  }
  if (run.output.json()) run.output.document(document);
  if (good) return {};
  return Kind::failed;
}

std::optional<Kind> test(Run& run, const TestOptions& options) {
  const Until until = run.until(Milliseconds(60 * 60'000));
  const Clock::time_point start = Clock::now();
  const connector::Registry connectors = registry(run.settings);
  std::vector<fs::path> files = rehearsal::recordings_in(
      options.places.empty() ? std::vector<std::string>{"recordings"} : options.places);
  if (!options.filter.empty()) {
    std::erase_if(files, [&](const fs::path& file) {
      return !matches_glob("*" + options.filter + "*", file.string());
    });
    if (files.empty()) {
      throw Error(Kind::usage,
                  fmt::format("no recording matches --filter {}", printable(options.filter, 80)));
    }
  }
  std::optional<std::pair<std::size_t, std::size_t>> part;
  if (!options.shard.empty()) part = shard_of(options.shard);
  // A mutation is a test of its own: those of one recording are shared out as well.
  if (part && !options.mutate) files = rehearsal::shard(files, part->first, part->second);
  std::vector<std::shared_ptr<const Loaded>> all;
  std::vector<rehearsal::Result> unreadable;
  for (const fs::path& file : files) {
    try {
      auto loaded = std::make_shared<Loaded>();
      loaded->file = file;
      loaded->recording = recording::load(file);
      loaded->scenario = rehearsal::scenario_of(loaded->recording, file, connectors);
      all.push_back(std::move(loaded));
    } catch (const Error& error) {
      unreadable.push_back({file.string(), {}, error});
    }
  }
  if (options.update) return update_all(run, all, unreadable, until);

  std::vector<rehearsal::Result> results;
  {
    Reporter reporter(run);
    reporter.expect(all.size());
    for (const rehearsal::Result& result : unreadable)
      reporter.finished(result, 0, all.size());
    if (options.snapshots) {
      results = check_snapshots(all, reporter);
    } else {
      std::vector<rehearsal::Case> cases =
          options.mutate ? mutated_cases(all) : replay_cases(all, options.repeat);
      if (part && options.mutate) {
        cases = rehearsal::shard(cases, part->first, part->second);
        if (part->first != 1) unreadable.clear();
      }
      reporter.expect(cases.size());
      results =
          rehearsal::run_cases(cases, launch_options(run.settings),
                               options.workers > 0 ? options.workers : usual_workers(), reporter, until);
    }
  }
  results.insert(results.begin(), unreadable.begin(), unreadable.end());
  if (!options.junit.empty()) write_file(options.junit, rehearsal::junit_xml(results), 0644);
  if (!options.tap.empty()) write_file(options.tap, rehearsal::tap(results), 0644);
  const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
  if (run.output.json()) {
    Json document{
        {"version", 1}, {"command", "test"}, {"milliseconds", took.count()}, {"recordings", Json::array()}};
    for (const rehearsal::Result& result : results)
      document["recordings"].push_back(result_json(result));
    run.output.document(document);
  } else {
    print_summary(run.output, results, took);
  }
  if (std::all_of(results.begin(), results.end(), [](const auto& each) { return each.passed(); })) return {};
  return Kind::failed;
}

}  // namespace

void add_test(CommandLine& line) {
  const auto options = std::make_shared<TestOptions>();
  CLI::App& command =
      line.command(line.root(), "test",
                   "Replay recordings and say which still come to what was recorded; needs no network",
                   {"test", "test recordings/{app} --filter remove", "test --snapshots",
                    "test --mutate --junit report.xml"},
                   [options](Run& run) { return test(run, *options); });
  command
      .add_option("PLACE", options->places, "Recordings, or folders that hold them; \"recordings\" if absent")
      ->type_name("DIR|FILE");
  command
      .add_option("--filter", options->filter, "Only those whose path holds this; * is any run of characters")
      ->type_name("TEXT");
  command.add_option("--repeat", options->repeat, "Replay each this many times")
      ->type_name("N")
      ->check(CLI::Range(1, 10000));
  command.add_option("--shard", options->shard, "Only one part of all, to share them out")
      ->type_name("PART/PARTS");
  command.add_option("--workers", options->workers, "How many at once; three for each core if absent")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  CLI::Option* snapshots = command.add_flag("--snapshots", options->snapshots,
                                            "Hold the scripts against the pages kept, without a browser");
  CLI::Option* mutate =
      command.add_flag("--mutate", options->mutate,
                       "Replay each with one thing wrong at a time: none may end as if it had gone well");
  CLI::Option* update = command.add_flag("--update", options->update,
                                         "Show what today's scripts come to, and make that what is expected");
  snapshots->excludes(mutate)->excludes(update);
  mutate->excludes(update);
  command.add_option("--junit", options->junit, "Write the results as JUnit XML, too")->type_name("FILE");
  command.add_option("--tap", options->tap, "Write the results in the Test Anything Protocol, too")
      ->type_name("FILE");
}

}  // namespace offstage::cli
