#include "base/fault_point.h"

#include <catch2/catch.hpp>

#include "bench.h"
#include "workflow/job_folder.h"

namespace offstage::fault_point_test {

using namespace offboarding;
using test::Bench;
using test::Killed;

namespace {

/// Strikes at the nth moment with the file system: the process dies there, or the disk is full.
class Strike final : public FaultPoints {
 public:
  Strike(int nth, bool full) : nth_(nth), full_(full) { set_fault_points(this); }
  Strike(const Strike&) = delete;
  Strike& operator=(const Strike&) = delete;
  ~Strike() override { set_fault_points(nullptr); }

  void reached(std::string_view what, const std::string& file) override {
    if (++met_ != nth_) return;
    where_ = std::string(what) + " " + file;
    if (!full_) throw Killed();
    throw Error(Kind::usage, "cannot write " + file + ": No space left on device");
  }
  int passing(bool, std::string&) override { return 1; }

  bool struck() const { return met_ >= nth_; }
  const std::string& where() const { return where_; }

 private:
  const int nth_;
  const bool full_;
  int met_ = 0;
  std::string where_;
};

struct Told {
  std::optional<Result> result;
  std::optional<Error> error;
  bool struck = false;
  std::string where;
};

Told struck_run(Bench& bench, const Planned& planned, int nth, bool full) {
  Told told;
  Strike strike(nth, full);
  try {
    told.result = bench.apply(planned);
  } catch (const Killed&) {
    // As if the process had died: nothing more is told.
  } catch (const Error& error) {
    told.error = error;
  }
  told.struck = strike.struck();
  told.where = strike.where();
  return told;
}

/// What each finished report says of an action, held against the console.
void check_truth(const Bench& bench, const Result& result) {
  for (const ActionResult& one : result.actions) {
    if (one.outcome != ActionResult::Outcome::verified) continue;
    for (const auto& [id, rows] : bench.console.rows) {
      for (const auto& row : rows) {
        const bool same_row = id == one.action.listed_on().id && row.user == one.action.target() &&
                              row.resource.id == one.action.resource.id;
        CHECK_FALSE(same_row);
      }
    }
  }
}

int try_every_moment(bool full) {
  int nth = 1;
  for (;; ++nth) {
    Bench bench;
    bench.limit = Milliseconds(3);
    const Planned planned = bench.plan();
    const Told told = struck_run(bench, planned, nth, full);
    CAPTURE(nth, told.where);
    if (told.result) check_truth(bench, *told.result);
    // Any other kind says that nothing was sent.
    if (told.error && !bench.console.changes.empty()) CHECK(told.error->kind() == Kind::unknown);
    if (!told.struck) return nth - 1;

    const Result result = bench.apply(planned);
    CHECK(result.exit_code() == 0);
    check_truth(bench, result);
    CHECK_FALSE(bench.bob_is_there());
    std::vector<std::string> once = bench.console.changes;
    std::sort(once.begin(), once.end());
    CHECK(std::adjacent_find(once.begin(), once.end()) == once.end());
    CHECK(once.size() == 3);
  }
}

/// What a worker does with each request it finds; its work is the result.
void work_on(const std::filesystem::path& folder) {
  Log log = Log::none();
  workflow::JobFolder inbox(folder, log);
  while (std::optional<workflow::JobFolder::Claim> claim = inbox.next())
    claim->finish("done " + read_file(claim->file()));
}

int strike_a_worker(bool full) {
  int nth = 1;
  for (;; ++nth) {
    const TemporaryFolder folder("offstage-test-");
    write_file(folder.path() / "leaver.json", "{}");
    bool struck = false;
    {
      const Strike strike(nth, full);
      try {
        work_on(folder.path());
      } catch (const Killed&) {
        // As if the process had died: the system lets go of its lock.
      } catch (const Error&) {
        // The disk was full.
      }
      struck = strike.struck();
    }
    work_on(folder.path());
    CAPTURE(nth, full);
    CHECK(read_file(folder.path() / "leaver.result.json") == "done {}");
    CHECK(std::filesystem::exists(folder.path() / "leaver.done"));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      files += entry.path().filename().string().find(".part-") == std::string::npos ? 1 : 0;
    CHECK(files == 2);
    if (!struck) return nth - 1;
  }
}

}  // namespace

TEST_CASE("a run that dies at any moment with its files is finished by the next, and nothing is sent twice",
          "[faults]") {
  const int tried = try_every_moment(false);
  // Three actions, each with its start, intent, report and proof, in two files, three moments each, and more.
  CHECK(tried > 3 * 4 * 2 * 3);
  WARN(tried << " moments tried");
}

TEST_CASE("a disk that is full at any moment ends or spares a run, and the next one finishes it",
          "[faults]") {
  const int tried = try_every_moment(true);
  CHECK(tried > 3 * 4 * 2 * 3);
  WARN(tried << " moments tried");
}

TEST_CASE(
    "a request is done and filed away, at whatever moment with its files a worker dies or finds no space",
    "[faults][job]") {
  // It is renamed, its result written and put in place, and it is renamed again.
  CHECK(strike_a_worker(false) == 2 + 4 + 2 + 2);
  CHECK(strike_a_worker(true) == 2 + 4 + 2 + 2);
}

}  // namespace offstage::fault_point_test
