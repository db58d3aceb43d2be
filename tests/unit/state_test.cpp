#include "offboarding/state.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "memory_folder.h"

namespace offstage::state_test {

using namespace offboarding;

TEST_CASE("two runs on one account exclude each other", "[state]") {
  const TemporaryFolder folder = test::memory_folder();
  {
    const AccountState first(folder.path() / "s", "fake", "here", "admin@example.com");
    try {
      const AccountState second(folder.path() / "s", "fake", "here", "Admin@example.com");
      FAIL("two runs hold the lock");
    } catch (const Error& error) {
      CHECK(error.kind() == Kind::busy);
      CHECK_THAT(error.message(), Catch::Contains(std::to_string(::getpid())));
    }
    CHECK_NOTHROW(AccountState(folder.path() / "s", "fake", "here", "other@example.com"));
    CHECK_NOTHROW(AccountState(folder.path() / "s", "other", "here", "admin@example.com"));
  }
  CHECK_NOTHROW(AccountState(folder.path() / "s", "fake", "here", "admin@example.com"));
}

TEST_CASE("a run's id sorts after those of all earlier runs, whatever the clock says", "[state]") {
  const TemporaryFolder folder = test::memory_folder();
  const AccountState state(folder.path() / "s", "fake", "here", "admin@example.com");
  std::string last;
  for (const char* at : {"2026-01-31T09:30:00.123Z", "2026-01-31T09:30:00.123Z", "2026-01-30T09:30:00.000Z",
                         "2026-02-01T00:00:00.000Z"}) {
    const std::string id = state.new_run(at);
    INFO(id);
    CHECK(id > last);
    AppendFile(state.journal_of(id)).append("{}");
    last = id;
  }
  CHECK(last.starts_with("20260201T"));
}

TEST_CASE("the lock of a process that dies is free", "[state]") {
  const TemporaryFolder folder = test::memory_folder();
  int ready[2] = {};
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const AccountState held(folder.path() / "s", "fake", "here", "admin@example.com");
    const char byte = 'x';
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_THROWS_AS(AccountState(folder.path() / "s", "fake", "here", "admin@example.com"), Error);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_NOTHROW(AccountState(folder.path() / "s", "fake", "here", "admin@example.com"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("state is for its owner's eyes only and tells no address by its names", "[state]") {
  const TemporaryFolder folder = test::memory_folder();
  const AccountState state(folder.path() / "s", "fake", "here", "admin@example.com");
  struct stat info {};
  REQUIRE(::stat(state.folder().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
  CHECK_THAT(state.folder().string(), !Catch::Contains("admin"));
}

TEST_CASE("what earlier runs left open is found in their journals, oldest first", "[state]") {
  const TemporaryFolder folder = test::memory_folder();
  const AccountState state(folder.path() / "s", "fake", "here", "admin@example.com");
  CHECK(recover(state.entries()).empty());
  Journal first("20260101T000000000Z-a", {state.journal_of("20260101T000000000Z-a")});
  first.write(Event::intent, "x");
  first.write(Event::intent, "y");
  Journal second("20260102T000000000Z-b", {state.journal_of("20260102T000000000Z-b")});
  second.write(Event::already_absent, "x");
  const std::vector<Unresolved> open = recover(state.entries());
  REQUIRE(open.size() == 1);
  CHECK(open[0].action == "y");
  CHECK(open[0].run == "20260101T000000000Z-a");
}

}  // namespace offstage::state_test
