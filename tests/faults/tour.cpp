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
#include "faults/moments.h"

namespace offstage::faults {
namespace {

struct Counts {
  int tried = 0;
  int not_reached = 0;
  int wrong = 0;
  int twice = 0;
  int untrue = 0;
  int unfinished = 0;
  int late = 0;
  Milliseconds longest{0};
  std::string slowest;           ///< the disturbance of the run that took so long
  Milliseconds longest_stop{0};  ///< from a request to stop to the end, away from any commit
  std::string slowest_stop;
};

class Tour {
 public:
  Tour(std::vector<Disturbance> all, Way way) : all_(std::move(all)), way_(way) {}

  void work() {
    Ground ground(way_);
    for (std::size_t index = take(); index < all_.size(); index = take())
      judge(all_[index], ground.attempt(all_[index], begun_));
  }

  const Counts& counts() const { return counts_; }
  /// How many different states second runs began with, and ended well.
  std::size_t beginnings() const { return begun_.size(); }

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
    if (!disturbance.near_commit && verdict.stop > counts_.longest_stop) {
      counts_.longest_stop = verdict.stop;
      counts_.slowest_stop = disturbance.name();
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
  Beginnings begun_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  Counts counts_;
};

/// What is to be tried, and by how many at once.
struct Wishes {
  Choice choice;
  std::size_t part = 1;
  std::size_t parts = 1;
  std::size_t from = 1;
  Way way;
  int workers = 3 * std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
};

void add_options(CLI::App& line, Wishes& wishes) {
  line.add_option("--most", wishes.choice.most,
                  "About so many, spread over the whole run, those around the commit first; all if absent");
  line.add_option("--round", wishes.choice.round,
                  "One of each kind of moment in each stage of the run: the Nth of its kind, going round")
      ->check(CLI::PositiveNumber);
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
  line.add_flag("--once", wishes.way.once, "Run again only from what no earlier second run began with");
  line.add_flag("--commit", wishes.choice.only_near, "Only from the announcement of the commit to its proof");
  line.add_flag("--sign-in", wishes.choice.only_sign_in,
                "Only until the first page after the sign-in is asked for");
  line.add_option("--where", wishes.choice.where,
                  "Only those whose name holds this: \"drop at\", \"Fetch.\"");
  line.add_option("--workers", wishes.workers, "How many at once")->check(CLI::PositiveNumber);
}

int tour(const Wishes& wishes) {
  Choice every;
  every.only_near = wishes.choice.only_near;
  every.only_sign_in = wishes.choice.only_sign_in;
  const std::vector<Moment> moments = moments_of(Ground(wishes.way).moments());
  const std::vector<Disturbance> all = disturbances(moments, wishes.choice);
  std::vector<Disturbance> chosen;
  for (std::size_t i = wishes.part - 1 + (wishes.from - 1) * wishes.parts; i < all.size(); i += wishes.parts)
    chosen.push_back(all[i]);
  fmt::print(stderr, "{} of {} faults to be tried\n", chosen.size(), all.size());
  Tour tour(chosen, wishes.way);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < wishes.workers; ++i)
      threads.emplace_back([&tour] { tour.work(); });
  }
  const Counts& counts = tour.counts();
  fmt::print("moments of a removal {}, fault points {}, tried {} ({} not reached again)\n", moments.size(),
             disturbances(moments, every).size(), counts.tried, counts.not_reached);
  fmt::print("second runs began with {} different states\n", tour.beginnings());
  fmt::print("wrong removals {}, double removals {}, false reports {}, unfinished {}, late {}\n",
             counts.wrong, counts.twice, counts.untrue, counts.unfinished, counts.late);
  fmt::print("the longest run took {:.1f} s: {}\n", static_cast<double>(counts.longest.count()) / 1000,
             counts.slowest);
  if (!counts.slowest_stop.empty()) {
    fmt::print("the longest stop away from the commit took {:.1f} s: {}\n",
               static_cast<double>(counts.longest_stop.count()) / 1000, counts.slowest_stop);
  }
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
