#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "console/heroku/faults.h"

namespace offstage::practice_faults_test {

using Catch::Contains;
using practice_heroku::fault_table;
using practice_heroku::FaultInfo;
using practice_heroku::Faults;

TEST_CASE("a fault that nobody switched on is off, or what its preset says", "[practice]") {
  const Faults faults;
  CHECK_FALSE(faults.on("remove-lies"));
  CHECK(faults.text("mfa") == "totp");
  CHECK(faults.number("code-late") == 700);
  CHECK_FALSE(faults.number("rows-lag").has_value());
}

TEST_CASE("a fault named alone takes the value that its name implies", "[practice]") {
  Faults faults;
  faults.set("rows-lag");
  faults.set("remove-lies");
  CHECK(faults.number("rows-lag") == 10);
  CHECK(faults.on("remove-lies"));
}

TEST_CASE("a fault without a value goes back to its preset", "[practice]") {
  Faults faults;
  faults.set("mfa=none");
  faults.set("mfa", std::nullopt);
  CHECK(faults.text("mfa") == "totp");
  CHECK(faults.changed().empty());
}

TEST_CASE("an unknown fault is refused with the nearest name", "[practice]") {
  Faults faults;
  try {
    faults.set("wrong-model");
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.kind() == offstage::Kind::usage);
    CHECK_THAT(error.hint(), Contains("wrong-modal"));
  }
}

TEST_CASE("a value that a fault does not take is refused", "[practice]") {
  Faults faults;
  CHECK_THROWS_AS(faults.set("mfa=sms"), Error);
  CHECK_THROWS_AS(faults.set("rows-lag=soon"), Error);
  CHECK_THROWS_AS(faults.set("remove-status=200"), Error);
  CHECK_THROWS_AS(faults.set("remove-status"), Error);
  CHECK_THROWS_AS(faults.set("remove-lies=maybe"), Error);
}

TEST_CASE("a status fault with a count is over after that many answers", "[practice]") {
  Faults faults;
  faults.set("api-status=503:2");
  CHECK(faults.take_status("api-status") == 503);
  CHECK(faults.take_status("api-status") == 503);
  CHECK_FALSE(faults.take_status("api-status").has_value());
}

TEST_CASE("a status fault without a count stays", "[practice]") {
  Faults faults;
  faults.set("api-status=429");
  for (int i = 0; i < 5; ++i)
    CHECK(faults.take_status("api-status") == 429);
}

TEST_CASE("every fault is told in docs/practice.md, and no other", "[practice]") {
  const std::string page = offstage::read_file(OFFSTAGE_SOURCE_DIR "/docs/practice.md");
  std::set<std::string> told;
  std::istringstream lines(page.substr(page.find("## Faults")));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `")) told.insert(line.substr(3, line.find_first_of("`=[", 3) - 3));
  }
  std::set<std::string> known;
  for (const FaultInfo& fault : fault_table())
    known.emplace(fault.name);
  CHECK(told == known);
}

}  // namespace offstage::practice_faults_test
