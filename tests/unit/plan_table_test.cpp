#include "offboarding/plan_table.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "fake_console.h"
#include "offboarding/paint.h"

namespace offstage::plan_table_test {

using namespace offboarding;
using test::console_with_bob;
using test::FakeConsole;

namespace {

Plan plan_of(FakeConsole& console, const Request& request = RemoveUser{"bob@example.com", {}}) {
  Progress silent;
  const Observation seen = observe(console, request, silent, Until::in(Milliseconds(1000)));
  return plan_for(seen, request, "asker", Policy{}, console);
}

}  // namespace

TEST_CASE("a plan's table says what, where, as what, and its digest", "[plan_table]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  const std::string table = plan_table(plan, {});
  CHECK_THAT(table, Catch::Contains("Fake: remove bob@example.com"));
  CHECK_THAT(table, Catch::Contains("  -   team acme"));
  CHECK_THAT(table, Catch::Contains("app shop on team gamma"));
  CHECK_THAT(table, Catch::Contains("pending"));
  CHECK_THAT(table, Catch::Contains("3 to remove.") && Catch::Contains(plan.digest.substr(0, 12)));
  CHECK_THAT(table, !Catch::Contains("\x1b"));
}

TEST_CASE("a refused plan's table says by what and that nothing will be done", "[plan_table]") {
  FakeConsole console = console_with_bob();
  console.unmanageable = {"id-acme"};
  const std::string table = plan_table(plan_of(console), {});
  CHECK_THAT(table, Catch::Contains("✗ manageable: admin@example.com cannot manage team acme"));
  CHECK_THAT(table, Catch::Contains("Refused by 1 guard: nothing will be done."));
}

TEST_CASE("a plan without actions says that there is nothing to do", "[plan_table]") {
  FakeConsole console = console_with_bob();
  const std::string table = plan_table(plan_of(console, RemoveUser{"nobody@example.com", {}}), {});
  CHECK_THAT(table, Catch::Contains("Nothing to do."));
}

TEST_CASE("where there is no room, who is removed stands in the heading alone and nothing is cut for it",
          "[plan_table]") {
  FakeConsole console = console_with_bob();
  console.teams[0].name = std::string(30, 'x');
  console.rows["id-acme"].back().resource.name = std::string(30, 'x');
  console.rows["id-acme"].back().listed_on.name = std::string(30, 'x');
  const Plan plan = plan_of(console);
  CHECK_THAT(plan_table(plan, {100, false}), Catch::Contains("WHO"));
  const std::string narrow = plan_table(plan, {72, false});
  CHECK_THAT(narrow, Catch::Contains("remove bob@example.com") && !Catch::Contains("WHO"));
  CHECK_THAT(narrow, Catch::Contains(std::string(30, 'x')));
}

TEST_CASE("no line of a plan's table is wider than asked for", "[plan_table]") {
  FakeConsole console = console_with_bob();
  console.teams[0].name = std::string(90, 'x');
  console.rows["id-acme"].back().resource.name = std::string(90, 'x');
  console.rows["id-acme"].back().listed_on.name = std::string(90, 'x');
  const std::string table = plan_table(plan_of(console), {80, false, true});
  for (const std::string& line : split(table, '\n')) {
    INFO(line);
    CHECK(columns(line) <= 80);
  }
}

TEST_CASE("what a guard says goes on below between words on a terminal, and stays on one line in a file",
          "[plan_table]") {
  FakeConsole console = console_with_bob();
  console.unmanageable = {"id-acme"};
  Plan plan = plan_of(console);
  for (Verdict& verdict : plan.verdicts)
    verdict.text += " and more words, which do not fit";
  const std::string words = "cannot manage team acme and more words, which do not fit";
  CHECK_THAT(plan_table(plan, {60, false, false}), Catch::Contains(words));
  const std::string terminal = plan_table(plan, {60, false, true});
  const std::size_t said = terminal.find("✗");
  const std::string guards = terminal.substr(said, terminal.find("\n\n", said) - said);
  CHECK(split(guards, '\n').size() > 1);
  for (const std::string& line : split(guards, '\n'))
    CHECK(columns(line) <= 60);
}

TEST_CASE("text from a page cannot speak to the terminal", "[plan_table]") {
  FakeConsole console = console_with_bob();
  for (Grant& grant : console.rows["id-acme"])
    grant.role = "member\x1b[2J\u202e";
  const std::string table = plan_table(plan_of(console), {});
  CHECK_THAT(table, !Catch::Contains("\x1b") && !Catch::Contains("\u202e"));
}

}  // namespace offstage::plan_table_test
