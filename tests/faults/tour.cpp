// Disturbs a removal at each of its moments, in each way that fits:
// fault_tour [--most N] [--part I/N] [--from N] [--signed-in] [--commit] [--once] [--workers N] [--where
// TEXT] Without --most all are tried; with it about so many, spread over the whole run, but the moments
// around the commit first. Those that leave behind what another leaves come last. --part: every Nth of these,
// from the Ith. --from: from the Nth of these, to go on with a tour that was cut off. --signed-in: those of a
// run that begins with a session that was kept. --commit: only those from the announcement of the commit to
// its proof.
// --once: a run that ended with 0 is not repeated. --where: only those whose name holds TEXT, such as "drop
// at" or "Fetch.". Ends with 1 when a removal went wrong, was sent twice, was reported falsely, was not
// finished or did not end in its time.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "base/error.h"
#include "faults/attempt.h"

namespace offstage::faults {
namespace {

const std::vector<std::string> message_faults{"kill",     "stop", "delay",  "chrome",
                                              "renderer", "drop", "double", "corrupt"};
const std::vector<std::string> file_faults{"kill", "stop", "full"};

bool is_file(const std::string& moment) {
  return moment.starts_with("file ");
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

bool is_taken(const std::string& moment) {
  return moment.starts_with("take ");
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
    for (const std::string& fault : is_file(moments[i]) ? file_faults : message_faults) {
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
  Tour(std::vector<Disturbance> all, bool signed_in, Repeat repeat)
      : all_(std::move(all)), signed_in_(signed_in), repeat_(repeat) {}

  void work() {
    Ground ground(signed_in_, repeat_);
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
  const bool signed_in_;
  const Repeat repeat_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  Counts counts_;
};

/// What is to be tried, and by how many at once.
struct Wishes {
  std::size_t most = 0;  ///< 0: all
  std::size_t part = 1;
  std::size_t parts = 1;
  std::size_t from = 1;
  bool signed_in = false;
  bool commit = false;
  Repeat repeat = Repeat::always;
  int workers = 3 * std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::string where;
};

Wishes wishes_of(const std::vector<std::string>& words) {
  Wishes wishes;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string value = i + 1 < words.size() ? words[i + 1] : "";
    if (words[i] == "--signed-in" || words[i] == "--commit") {
      (words[i] == "--commit" ? wishes.commit : wishes.signed_in) = true;
      continue;
    }
    if (words[i] == "--once") {
      wishes.repeat = Repeat::unfinished;
      continue;
    }
    if (words[i] == "--from") wishes.from = std::stoul(value);
    if (words[i] == "--most") wishes.most = std::stoul(value);
    if (words[i] == "--workers") wishes.workers = std::stoi(value);
    if (words[i] == "--where") wishes.where = value;
    if (words[i] == "--part") {
      wishes.part = std::stoul(value);
      wishes.parts = std::stoul(value.substr(value.find('/') + 1));
    }
    ++i;
  }
  if (wishes.part < 1 || wishes.part > wishes.parts) throw Error(Kind::usage, "there is no such --part");
  if (wishes.from < 1) throw Error(Kind::usage, "--from counts from 1");
  return wishes;
}

int tour(const Wishes& wishes) {
  const std::vector<std::string> moments = Ground(wishes.signed_in).moments();
  const std::vector<Disturbance> all = disturbances(moments, wishes.most, wishes.where, wishes.commit);
  std::vector<Disturbance> chosen;
  for (std::size_t i = wishes.part - 1; i < all.size(); i += wishes.parts)
    chosen.push_back(all[i]);
  chosen.erase(chosen.begin(),
               chosen.begin() + static_cast<std::ptrdiff_t>(std::min(wishes.from - 1, chosen.size())));
  Tour tour(chosen, wishes.signed_in, wishes.repeat);
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
  try {
    return offstage::faults::tour(offstage::faults::wishes_of({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    fmt::print(stderr, "fault_tour: {}\n", error.what());
    return 1;
  }
}
