#include "workflow/job_folder.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "memory_folder.h"

namespace offstage::job_folder_test {

namespace fs = std::filesystem;
using workflow::JobFolder;

namespace {

struct Inbox {
  TemporaryFolder folder = test::memory_folder();
  Log log = Log::none();
  JobFolder worker{folder.path(), log};
  JobFolder other{folder.path(), log};

  void drop(const std::string& name, const std::string& content = "{}") const {
    write_file(folder.path() / name, content);
  }
  bool holds(const std::string& name) const { return fs::exists(folder.path() / name); }
};

}  // namespace

TEST_CASE("requests are taken by name, each by one worker, and filed away with their results", "[job]") {
  Inbox inbox;
  inbox.drop("b.json", R"("second")");
  inbox.drop("a.json", R"("first")");
  auto first = inbox.worker.next();
  auto second = inbox.other.next();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->name() == "a");
  CHECK(read_file(second->file()) == R"("second")");
  CHECK_FALSE(inbox.worker.next());
  first->finish("result");
  CHECK(read_file(inbox.folder.path() / "a.result.json") == "result");
  CHECK(inbox.holds("a.done"));
  CHECK_FALSE(inbox.holds("a.working"));
  first.reset();
  CHECK_FALSE(inbox.worker.next());
}

TEST_CASE("a request that a worker left behind is taken up again", "[job]") {
  Inbox inbox;
  inbox.drop("a.json");
  inbox.drop("b.json");
  inbox.worker.next();
  CHECK(inbox.holds("a.working"));
  const auto again = inbox.other.next();
  REQUIRE(again);
  CHECK(again->name() == "a");
}

TEST_CASE("a request with the name of one that is being done waits for its end", "[job]") {
  Inbox inbox;
  inbox.drop("a.json", R"("one")");
  auto first = inbox.worker.next();
  inbox.drop("a.json", R"("two")");
  CHECK_FALSE(inbox.other.next());
  CHECK(read_file(first->file()) == R"("one")");
  first->finish("result");
  first.reset();
  const auto second = inbox.other.next();
  REQUIRE(second);
  CHECK(read_file(second->file()) == R"("two")");
}

TEST_CASE("a request that is still being written waits until it is whole, or is written no more", "[job]") {
  Inbox inbox;
  inbox.drop("a.json", "{\"version\": 1,");
  CHECK_FALSE(inbox.worker.next());
  inbox.drop("a.json", "{\"version\": 1}");
  REQUIRE(inbox.worker.next());
  inbox.drop("b.json", "{");
  const fs::path file = inbox.folder.path() / "b.json";
  fs::last_write_time(file, fs::last_write_time(file) - std::chrono::seconds(11));
  fs::remove(inbox.folder.path() / "a.working");
  CHECK(inbox.worker.next());
}

TEST_CASE("what is no request is left alone", "[job]") {
  Inbox inbox;
  for (const char* name : {"a.json.part", ".hidden.json", "a.result.json", "notes.txt"})
    inbox.drop(name);
  CHECK_FALSE(inbox.worker.next());
  CHECK_THROWS_AS(JobFolder(inbox.folder.path() / "missing", inbox.log), Error);
}

TEST_CASE("a request that cannot be read is left under its name, and keeps no other from being done",
          "[job]") {
  Inbox inbox;
  fs::create_symlink("a.json", inbox.folder.path() / "a.json");
  REQUIRE(::mkfifo((inbox.folder.path() / "b.json").c_str(), 0600) == 0);
  inbox.drop("c.json");
  const auto claim = inbox.worker.next();
  REQUIRE(claim);
  CHECK(claim->name() == "c");
  CHECK(fs::is_symlink(inbox.folder.path() / "a.json"));
  CHECK(inbox.holds("b.json"));
}

TEST_CASE("how many times a request has been begun is counted over the deaths of those who did", "[job]") {
  Inbox inbox;
  inbox.drop("a.json");
  for (long tries = 1; tries <= 3; ++tries) {
    const auto claim = inbox.worker.next();
    REQUIRE(claim);
    CHECK(claim->tries() == tries);
  }
  // Whoever lets go of it in order has not died of it.
  inbox.other.next()->leave();
  auto fourth = inbox.other.next();
  REQUIRE(fourth);
  CHECK(fourth->tries() == 4);
  fourth->finish("result");
  fourth.reset();
  inbox.drop("a.json");
  CHECK(inbox.worker.next()->tries() == 1);
}

TEST_CASE("a link in the place of a result is replaced and not followed", "[job]") {
  Inbox inbox;
  inbox.drop("a.json");
  inbox.drop("precious", "kept");
  fs::create_symlink("precious", inbox.folder.path() / "a.result.json");
  inbox.worker.next()->finish("result");
  CHECK(read_file(inbox.folder.path() / "precious") == "kept");
  CHECK(read_file(inbox.folder.path() / "a.result.json") == "result");
}

}  // namespace offstage::job_folder_test
