#include "offboarding/journal.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "error_of.h"
#include "memory_folder.h"

namespace offstage::journal_test {

using namespace offboarding;

namespace {

Error fault(const std::filesystem::path& file) {
  return test::error_of([&] { read_journal(file); });
}

void put(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

Entry entry(Event event, const std::string& action, Json data = Json::object()) {
  return {1, "2026-01-31T09:30:00.000Z", "run", event, action, std::move(data)};
}

}  // namespace

TEST_CASE("a journal is read back as it was written, from each of its files", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  Journal journal("r1", {folder.path() / "a", folder.path() / "b"});
  journal.write(Event::run_started, "", {{"by", "ops"}});
  journal.write(Event::intent, "action", {{"target", "b\xc3\xb6"}});
  for (const char* name : {"a", "b"}) {
    const std::vector<Entry> read = read_journal(folder.path() / name);
    REQUIRE(read.size() == 2);
    CHECK(read[1].event == Event::intent);
    CHECK(read[1].action == "action");
    CHECK(read[1].run == "r1");
    CHECK(read[1].number == 2);
    CHECK(read[1].data["target"] == "b\xc3\xb6");
  }
}

TEST_CASE("each line is on the disk before write returns", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  Journal journal("r1", {folder.path() / "a"});
  journal.write(Event::intent, "x");
  CHECK(read_journal(folder.path() / "a").size() == 1);
}

TEST_CASE("a torn last line is left out", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  const auto file = folder.path() / "a";
  {
    Journal journal("r1", {file});
    journal.write(Event::run_started);
    journal.write(Event::intent, "x");
  }
  const std::string whole = read_file(file);
  put(file, whole.substr(0, whole.size() - 10));
  CHECK(read_journal(file).size() == 1);
  put(file, whole.substr(0, whole.size() - 10) + "\n");
  CHECK(read_journal(file).size() == 1);
}

TEST_CASE("a changed, lost or moved line is found, with its number", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  const auto file = folder.path() / "a";
  {
    Journal journal("r1", {file});
    for (const char* action : {"one", "two", "six"})
      journal.write(Event::intent, action);
  }
  const std::vector<std::string> lines = split(read_file(file), '\n');
  std::string changed = lines[1];
  changed.replace(changed.find("two"), 3, "ten");
  put(file, lines[0] + "\n" + changed + "\n" + lines[2] + "\n");
  CHECK_THAT(fault(file).message(), Catch::Contains("a:3: does not follow"));
  put(file, lines[0] + "\n" + lines[2] + "\n");
  CHECK_THAT(fault(file).message(), Catch::Contains("a:2: does not follow"));
  put(file, lines[0] + "\nrubbish\n" + lines[1] + "\n");
  CHECK_THAT(fault(file).message(), Catch::Contains("a:2: not a journal's line"));
}

TEST_CASE("a journal is never written over another", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  put(folder.path() / "a", "");
  CHECK_THROWS_AS(Journal("r1", {folder.path() / "a"}), Error);
}

TEST_CASE("an intent without an outcome is unresolved", "[journal]") {
  CHECK(recover({entry(Event::action_started, "x")}).empty());
  CHECK(recover({entry(Event::intent, "x")}).size() == 1);
  CHECK(recover({entry(Event::intent, "x"), entry(Event::reported, "x")}).size() == 1);
  CHECK(recover({entry(Event::intent, "x"), entry(Event::failed, "x", {{"settled", false}})}).size() == 1);
  CHECK(recover({entry(Event::intent, "x"), entry(Event::verified, "y")}).size() == 1);
}

TEST_CASE("an intent is resolved by what proves how it ended, in its own run or a later one", "[journal]") {
  CHECK(recover({entry(Event::intent, "x"), entry(Event::verified, "x")}).empty());
  CHECK(recover({entry(Event::intent, "x"), entry(Event::already_absent, "x")}).empty());
  CHECK(recover({entry(Event::intent, "x"), entry(Event::failed, "x", {{"settled", true}})}).empty());
  CHECK(recover({entry(Event::verified, "x"), entry(Event::intent, "x")}).size() == 1);
}

TEST_CASE("a line whose data is no object, or whose number is none, is no journal's line", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  const auto file = folder.path() / "a";
  const std::string end = ",\"prev\":\"" + std::string(64, '0') + "\"}\n";
  const std::string begin = R"({"at":"","run":"r","event":"failed")";
  put(file, begin + R"(,"n":1,"data":[])" + end);
  CHECK_THAT(fault(file).message(), Catch::Contains("a:1: its data is no object"));
  put(file, begin + R"(,"n":1e300,"data":{})" + end);
  CHECK_THAT(fault(file).message(), Catch::Contains("a:1: its number is none"));
}

TEST_CASE("a line nested deeply enough to exhaust the stack is a torn one", "[journal]") {
  const TemporaryFolder folder = test::memory_folder();
  put(folder.path() / "a", R"({"prev":)" + std::string(500'000, '[') + std::string(500'000, ']') + "}\n");
  CHECK(read_journal(folder.path() / "a").empty());
}

TEST_CASE("a failure that says something odd of being settled settles nothing", "[journal]") {
  CHECK(recover({entry(Event::intent, "x"), entry(Event::failed, "x", {{"settled", "yes"}})}).size() == 1);
}

}  // namespace offstage::journal_test
