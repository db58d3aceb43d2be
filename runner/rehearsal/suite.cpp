#include "rehearsal/suite.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::rehearsal {
namespace {

/// How long one replay may take: nothing in it waits for anything but a page.
constexpr Milliseconds longest_case{120'000};

/// The browser that the cases share. Each case holds on to the one that it runs in.
class Stage {
 public:
  Stage(const browser::LaunchOptions& options, const Until& until) : options_(options), until_(until) {}

  struct House {
    std::unique_ptr<browser::Browser> browser;
    std::unique_ptr<recording::Traffic> traffic;
    ~House() { traffic.reset(); }
  };

  std::shared_ptr<House> house() {
    const std::lock_guard lock(mutex_);
    if (house_ && house_->browser->client().connected()) return house_;
    auto fresh = std::make_shared<House>();
    fresh->browser = launch_offline(options_, until_);
    fresh->traffic = std::make_unique<recording::Traffic>(*fresh->browser, false, until_);
    house_ = fresh;
    return house_;
  }

 private:
  const browser::LaunchOptions& options_;
  const Until& until_;
  std::mutex mutex_;
  std::shared_ptr<House> house_;
};

class Run {
 public:
  Run(const std::vector<Case>& cases, const browser::LaunchOptions& options, SuiteObserver& observer,
      const Until& until)
      : cases_(cases), observer_(observer), until_(until), stage_(options, until), results_(cases.size()) {
    order_.resize(cases.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return cases[a].weight > cases[b].weight; });
  }

  /// Takes cases until none is left. On a thread of its own.
  void work() {
    for (std::size_t index = take(); index < cases_.size(); index = take())
      play(index);
  }

  std::vector<Result> results() { return std::move(results_); }

 private:
  std::size_t take() {
    const std::lock_guard lock(mutex_);
    if (until_.over()) return cases_.size();
    if (next_ == order_.size()) return cases_.size();
    const std::size_t index = order_[next_++];
    observer_.started(cases_[index].name);
    return index;
  }

  void play(std::size_t index) {
    Result result;
    result.name = cases_[index].name;
    try {
      const std::shared_ptr<Stage::House> house = stage_.house();
      result.verdict = cases_[index].run(*house->browser, *house->traffic, until_.within(longest_case));
    } catch (const Error& error) {
      result.error = error;
    } catch (const std::exception& error) {
      result.error = Error(Kind::internal, error.what());
    }
    const std::lock_guard lock(mutex_);
    results_[index] = std::move(result);
    observer_.finished(results_[index], ++done_, cases_.size());
  }

  const std::vector<Case>& cases_;
  SuiteObserver& observer_;
  const Until& until_;
  Stage stage_;
  std::mutex mutex_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::vector<Result> results_;
};

}  // namespace

std::vector<Result> run_cases(const std::vector<Case>& cases, const browser::LaunchOptions& options,
                              int at_once, SuiteObserver& observer, const Until& until) {
  Run run(cases, options, observer, until);
  {
    std::vector<std::jthread> workers;
    const std::size_t count = std::min(cases.size(), static_cast<std::size_t>(std::max(at_once, 1)));
    for (std::size_t i = 0; i < count; ++i)
      workers.emplace_back([&run] { run.work(); });
  }
  if (until.stop.stop_requested())
    throw Error(Kind::interrupted, "stopped before every recording was replayed");
  if (until.deadline.passed()) {
    throw Error(Kind::unreachable, "there was no time left to replay every recording",
                "give more with --timeout, or fewer recordings");
  }
  return run.results();
}

std::vector<std::filesystem::path> recordings_in(const std::vector<std::string>& places) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const std::string& place : places) {
    std::error_code none;
    if (fs::is_regular_file(place, none)) {
      files.emplace_back(place);
      continue;
    }
    if (!fs::is_directory(place, none)) {
      throw Error(Kind::usage, fmt::format("{} is neither a recording nor a folder", printable(place, 200)),
                  "name a .har file, or a folder that holds some");
    }
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(place)) {
      if (entry.is_regular_file() && entry.path().extension() == ".har") found.push_back(entry.path());
    }
    if (found.empty()) {
      throw Error(Kind::usage, fmt::format("{} holds no recording", printable(place, 200)),
                  "`offstage record` makes them");
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace offstage::rehearsal
