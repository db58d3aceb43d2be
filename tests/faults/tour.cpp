// Disturbs a removal at each of its moments, in each way that fits; fault_tour --help tells more. Ends with 1
// when a removal went wrong, was sent twice, was reported falsely, was not finished or did not end in its
// time.
#include <algorithm>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "faults/attempt.h"

namespace offstage::faults {
namespace {

const std::vector<std::string> message_faults{"kill",     "stop", "delay",  "chrome",
                                              "renderer", "drop", "double", "corrupt"};
const std::vector<std::string> file_faults{"kill", "stop", "full"};
const std::vector<std::string> exchange_faults{"kill", "stop", "delay"};

bool is_file(const std::string& moment) {
  return moment.starts_with("file ");
}

bool is_exchange(const std::string& moment) {
  return moment.starts_with("exchange ");
}

bool is_taken(const std::string& moment) {
  return moment.starts_with("take ");
}

const std::vector<std::string>& faults_of(const std::string& moment) {
  return is_file(moment) ? file_faults : is_exchange(moment) ? exchange_faults : message_faults;
}

/// Whether a moment lies between the announcement of the commit and the look that proves it.
std::vector<bool> around_commit(const std::vector<std::string>& moments) {
  // The intent is the journal's fourth line, and each line is three moments in each of its two files.
  constexpr int moments_of_lines_before = 3 * 2 * 3;
  constexpr int moments_until_verified = 3 * 2 * 4;
  std::vector<bool> near(moments.size(), false);
  int journal = 0;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (is_file(moments[i]) && moments[i].find(".jsonl") != std::string::npos) ++journal;
    near[i] =
        journal > moments_of_lines_before && journal <= moments_of_lines_before + moments_until_verified;
  }
  return near;
}

/// Whether a fault leaves behind what the same fault leaves at the moment before: nothing went out in
/// between, neither to Chrome nor to a file, and a run that ends does not care which message it was taking.
/// Not so around the commit, where the console changes while Offstage only takes.
bool repeats(const std::vector<std::string>& moments, std::size_t i, const std::string& fault) {
  const bool depends_on_message = fault == "drop" || fault == "double" || fault == "delay";
  return i > 0 && is_taken(moments[i]) && is_taken(moments[i - 1]) && !depends_on_message;
}

/// All that can go wrong: the moments around the commit first, then the others, and last those that repeat.
/// With `most` about so many, of both the same share and none that repeats.
std::vector<Disturbance> disturbances(const std::vector<std::string>& moments, std::size_t most,
                                      const std::string& where, bool only_near) {
  const std::vector<bool> near = around_commit(moments);
  std::vector<Disturbance> first;
  std::vector<Disturbance> rest;
  std::vector<Disturbance> again;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    for (const std::string& fault : faults_of(moments[i])) {
      const Disturbance one{static_cast<long>(i) + 1, fault, moments[i].substr(0, 60)};
      if ((near[i] || !only_near) && one.name().find(where) != std::string::npos)
        (near[i] ? first : repeats(moments, i, fault) ? again : rest).push_back(one);
    }
  }
  const auto thin = [](const std::vector<Disturbance>& all, std::size_t count) {
    if (all.size() <= count) return all;
    std::vector<Disturbance> some;
    // A step that shares no divisor with the number of faults brings each of them, not one again and again.
    for (std::size_t i = 0; i < count; ++i)
      some.push_back(all[i * all.size() / count + i % (all.size() / count)]);
    return some;
  };
  if (most != 0) {
    first = thin(first, std::max<std::size_t>(1, most * 2 / 3));
    rest = thin(rest, most - std::min(most, first.size()));
    again.clear();
  }
  first.insert(first.end(), rest.begin(), rest.end());
  first.insert(first.end(), again.begin(), again.end());
  return first;
}

struct Counts {
  int tried = 0;
  int not_reached = 0;
  int wrong = 0;
  int twice = 0;
  int untrue = 0;
  int unfinished = 0;
  int late = 0;
  Milliseconds longest{0};
  std::string slowest;  ///< the disturbance of the run that took so long
};

class Tour {
 public:
  Tour(std::vector<Disturbance> all, Way way) : all_(std::move(all)), way_(way) {}

  void work() {
    Ground ground(way_);
    for (std::size_t index = take(); index < all_.size(); index = take())
      judge(all_[index], ground.attempt(all_[index]));
  }

  const Counts& counts() const { return counts_; }

 private:
  std::size_t take() {
    const std::lock_guard lock(mutex_);
    return next_ < all_.size() ? next_++ : all_.size();
  }

  void judge(const Disturbance& disturbance, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    ++counts_.tried;
    if (!verdict.reached) ++counts_.not_reached;
    counts_.wrong += verdict.wrong.empty() ? 0 : 1;
    counts_.twice += verdict.twice.empty() ? 0 : 1;
    counts_.untrue += verdict.untrue.empty() ? 0 : 1;
    counts_.unfinished += verdict.unfinished.empty() ? 0 : 1;
    counts_.late += verdict.late.empty() ? 0 : 1;
    if (verdict.longest > counts_.longest) {
      counts_.longest = verdict.longest;
      counts_.slowest = disturbance.name();
    }
    if (verdict.good()) {
      if (counts_.tried % 20 == 0) fmt::print(stderr, "{} of {} tried\n", counts_.tried, all_.size());
      return;
    }
    fmt::print("{}:\n", disturbance.name());
    for (const auto* list :
         {&verdict.wrong, &verdict.twice, &verdict.untrue, &verdict.unfinished, &verdict.late}) {
      for (const std::string& each : *list)
        fmt::print("    {}\n", each);
    }
    fmt::print("{}\n", verdict.told);
    std::fflush(stdout);
  }

  const std::vector<Disturbance> all_;
  const Way way_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  Counts counts_;
};

/// What is to be tried, and by how many at once.
struct Wishes {
  std::size_t most = 0;
  std::size_t part = 1;
  std::size_t parts = 1;
  std::size_t from = 1;
  bool commit = false;
  Way way;
  int workers = 3 * std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::string where;
};

void add_options(CLI::App& line, Wishes& wishes) {
  line.add_option("--most", wishes.most,
                  "About so many, spread over the whole run, those around the commit first; all if absent");
  line.add_option_function<std::string>(
      "--part",
      [&wishes](const std::string& part) {
        std::istringstream words(part);
        char slash = 0;
        if (!(words >> wishes.part >> slash >> wishes.parts) || wishes.part < 1 || wishes.part > wishes.parts)
          throw CLI::ValidationError("--part", "I/N with I from 1 to N is wanted");
      },
      "I/N: every Nth of these, from the Ith");
  line.add_option("--from", wishes.from, "From this one of these, counted from 1: to go on with a tour")
      ->check(CLI::PositiveNumber);
  line.add_flag("--signed-in", wishes.way.signed_in, "Of a run that begins with a session that was kept");
  line.add_flag("--job", wishes.way.job, "Of a job that tells its result at an address");
  line.add_flag("--once", wishes.way.once, "Do not run again what ended with 0");
  line.add_flag("--commit", wishes.commit, "Only from the announcement of the commit to its proof");
  line.add_option("--where", wishes.where, "Only those whose name holds this: \"drop at\", \"Fetch.\"");
  line.add_option("--workers", wishes.workers, "How many at once")->check(CLI::PositiveNumber);
}

int tour(const Wishes& wishes) {
  const std::vector<std::string> moments = Ground(wishes.way).moments();
  const std::vector<Disturbance> all = disturbances(moments, wishes.most, wishes.where, wishes.commit);
  std::vector<Disturbance> chosen;
  for (std::size_t i = wishes.part - 1 + (wishes.from - 1) * wishes.parts; i < all.size(); i += wishes.parts)
    chosen.push_back(all[i]);
  Tour tour(chosen, wishes.way);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < wishes.workers; ++i)
      threads.emplace_back([&tour] { tour.work(); });
  }
  const Counts& counts = tour.counts();
  fmt::print("moments of a removal {}, fault points {}, tried {} ({} not reached again)\n", moments.size(),
             disturbances(moments, 0, "", wishes.commit).size(), counts.tried, counts.not_reached);
  fmt::print("wrong removals {}, double removals {}, false reports {}, unfinished {}, late {}\n",
             counts.wrong, counts.twice, counts.untrue, counts.unfinished, counts.late);
  fmt::print("the longest run took {:.1f} s: {}\n", static_cast<double>(counts.longest.count()) / 1000,
             counts.slowest);
  return counts.wrong + counts.twice + counts.untrue + counts.unfinished + counts.late == 0 ? 0 : 1;
}

}  // namespace
}  // namespace offstage::faults

int main(int argc, char** argv) {
  CLI::App line("Disturbs a removal at each of its moments, in each way that fits");
  offstage::faults::Wishes wishes;
  offstage::faults::add_options(line, wishes);
  CLI11_PARSE(line, argc, argv);
  try {
    return offstage::faults::tour(wishes);
  } catch (const std::exception& error) {
    fmt::print(stderr, "fault_tour: {}\n", error.what());
    return 1;
  }
}
