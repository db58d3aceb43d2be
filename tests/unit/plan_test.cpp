#include "offboarding/plan.h"

#include <catch2/catch.hpp>

#include "error_of.h"
#include "fake_console.h"

namespace offstage::plan_test {

using namespace offboarding;
using test::console_with_bob;
using test::FakeConsole;
using test::member;

namespace {

Plan plan_of(FakeConsole& console, const Request& request = RemoveUser{"bob@example.com", {}}) {
  Progress silent;
  const Observation seen = observe(console, request, silent, Until::in(Milliseconds(1000)));
  return plan_for(seen, request, "asker", Policy{}, console);
}

Error fault(const std::string& text) {
  return test::error_of([&] { plan_from(JsonDocument::parse(text, "plan.json")); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("the plan for a person has an action for every row of that person", "[plan]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  REQUIRE(plan.actions.size() == 3);
  CHECK(plan.actions[0].resource.name == "acme");
  CHECK(plan.actions[1].grant->state == "pending");
  CHECK(plan.actions[2].resource.type == "app");
  CHECK_FALSE(plan.deletes());
}

TEST_CASE("the rows of a person are those of the whole address, not of one that it is part of", "[plan]") {
  const Resource acme{"team", "id-acme", "acme"};
  Listing listing;
  listing.resource = acme;
  for (const char* user : {"abob@example.com", "bob@example.com", "bob@example.com.au", "bob+x@example.com"})
    listing.grants.push_back(test::member(acme, user));
  const std::vector<const Grant*> rows = rows_of(listing, "Bob@Example.com", acme);
  REQUIRE(rows.size() == 1);
  CHECK(rows.front()->user == "bob@example.com");
}

TEST_CASE("a person without a row makes a plan without actions that says so", "[plan]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console, RemoveUser{"nobody@example.com", {}});
  CHECK(plan.actions.empty());
  REQUIRE(plan.verdicts.size() == 1);
  CHECK(plan.verdicts[0].rule == "absent");
}

TEST_CASE("a team that is not there makes a plan without actions that names the nearest", "[plan]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console, RemoveTeam{"acmee"});
  CHECK(plan.actions.empty());
  CHECK_THAT(plan.verdicts[0].text, Catch::Contains("there is a \"acme\""));
}

TEST_CASE("the same state of the console has the same digest", "[plan]") {
  FakeConsole console = console_with_bob();
  const std::string digest = plan_of(console).digest;
  CHECK(digest.size() == 64);
  CHECK(plan_of(console).digest == digest);
  // Somebody else's coming and going does not void an approval.
  console.rows["id-delta"].push_back(member(console.teams[3], "erin@example.com"));
  CHECK(plan_of(console).digest == digest);
}

TEST_CASE("what a plan is about changes its digest", "[plan]") {
  FakeConsole console = console_with_bob();
  const std::string digest = plan_of(console).digest;
  SECTION("a role") {
    console.rows["id-acme"].back().role = "viewer";
  }
  SECTION("a row less") {
    console.rows["id-acme"].pop_back();
  }
  SECTION("a row more") {
    console.rows["id-delta"].push_back(member(console.teams[3], "bob@example.com"));
  }
  SECTION("the account") {
    console.account = "carol@example.com";
  }
  SECTION("a guard's verdict") {
    console.unmanageable = {"id-acme"};
  }
  CHECK(plan_of(console).digest != digest);
}

TEST_CASE("the digest of a deletion changes with who would lose access", "[plan]") {
  FakeConsole console = console_with_bob();
  const std::string digest = plan_of(console, RemoveTeam{"acme"}).digest;
  console.rows["id-acme"].push_back(member(console.teams[0], "erin@example.com"));
  CHECK(plan_of(console, RemoveTeam{"acme"}).digest != digest);
}

TEST_CASE("a plan survives being written and read", "[plan]") {
  FakeConsole console = console_with_bob();
  for (const Request& request :
       {Request(RemoveUser{"bob@example.com", {"acme", "beta"}}), Request(RemoveTeam{"acme"})}) {
    const Plan plan = plan_of(console, request);
    const Plan read = plan_from(JsonDocument::parse(pretty(as_json(plan)), "plan.json"));
    CHECK(as_json(read) == as_json(plan));
  }
}

TEST_CASE("a plan that was changed after it was made is refused", "[plan]") {
  FakeConsole console = console_with_bob();
  console.unmanageable = {"id-acme"};
  const std::string text = pretty(as_json(plan_of(console)));
  CHECK(fault(replaced(text, "bob@example.com", "carol@example.com")).kind() == Kind::refused);
  CHECK(fault(replaced(text, "\"verdict\": \"refuse\"", "\"verdict\": \"pass\"")).kind() == Kind::refused);
  CHECK(fault(replaced(text, "\"refused\": true", "\"refused\": false")).kind() == Kind::refused);
}

TEST_CASE("a malformed plan is a usage error with its line", "[plan]") {
  FakeConsole console = console_with_bob();
  const std::string text = pretty(as_json(plan_of(console)));
  CHECK_THAT(fault(replaced(text, "\"version\": 1", "\"version\": 9")).message(),
             Catch::Contains("plan.json:2"));
  CHECK_THAT(fault(replaced(text, "\"connector\": \"fake\"", "\"connector\": 5")).message(),
             Catch::Contains("plan.json:3"));
  CHECK_THAT(fault(replaced(text, "\"kind\": \"revoke\"", "\"kind\": \"erase\"")).message(),
             Catch::Contains("plan.json:"));
  CHECK(fault("{").kind() == Kind::usage);
  CHECK(fault("[]").kind() == Kind::usage);
}

TEST_CASE("a plan that no longer holds is refused with what is different", "[plan]") {
  FakeConsole console = console_with_bob();
  const Plan saved = plan_of(console);
  console.rows["id-acme"].back().role = "viewer";
  console.rows["id-beta"].pop_back();
  console.rows["id-delta"].push_back(member(console.teams[3], "bob@example.com"));
  const Error error = test::error_of([&] { check_same(saved, plan_of(console)); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.message(), Catch::Contains("~ bob@example.com from team acme (member, active): now") &&
                                  Catch::Contains("viewer") &&
                                  Catch::Contains("- bob@example.com from team beta") &&
                                  Catch::Contains("+ bob@example.com from team delta"));
  CHECK_NOTHROW(check_same(saved, saved));
}

}  // namespace offstage::plan_test
