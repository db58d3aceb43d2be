#include "offboarding/observe.h"

#include <thread>

#include <catch2/catch.hpp>

#include "error_of.h"
#include "fake_console.h"

namespace offstage::observe_test {

using namespace offboarding;
using test::console_with_bob;
using test::FakeConsole;

namespace {

Observation look(FakeConsole& console, const Request& request) {
  Progress silent;
  return observe(console, request, silent, Until::in(Milliseconds(1000)));
}

Error fault(FakeConsole& console, const Request& request) {
  return test::error_of([&] { look(console, request); });
}

/// A console whose own count is larger than what was read.
class ShortListing : public FakeConsole {
 public:
  Listing list_grants(const Resource& resource, const Until& until) override {
    Listing listing = FakeConsole::list_grants(resource, until);
    listing.console_total = static_cast<long>(listing.grants.size()) + 1;
    return listing;
  }
};

/// A console that shows another team than was asked for.
class WrongListing : public FakeConsole {
 public:
  Listing list_grants(const Resource& resource, const Until& until) override {
    Listing listing = FakeConsole::list_grants(resource, until);
    listing.resource.id = "other";
    return listing;
  }
};

/// A console that needs all the time there is for its third listing.
class SlowListing : public FakeConsole {
 public:
  Listing list_grants(const Resource& resource, const Until& until) override {
    if (++listed_ < 3) return FakeConsole::list_grants(resource, until);
    std::this_thread::sleep_until(until.deadline.at());
    throw Error(Kind::unreachable, "the time for the script is over");
  }

 private:
  int listed_ = 0;
};

}  // namespace

TEST_CASE("a console with more teams than there is time for is told with how far the listing came",
          "[observe]") {
  SlowListing console;
  for (int i = 0; i < 10'000; ++i)
    console.teams.push_back(test::team("t" + std::to_string(i)));
  Progress silent;
  try {
    observe(console, RemoveUser{"bob@example.com", {}}, silent, Until::in(Milliseconds(50)));
    FAIL("it was listed");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::unreachable);
    CHECK(error.message() == "time was over when 2 of 10000 teams were listed");
    CHECK_THAT(error.hint(), Catch::Contains("--team"));
  }
}

TEST_CASE("an observation holds the listing of every resource", "[observe]") {
  FakeConsole console = console_with_bob();
  const Observation seen = look(console, RemoveUser{"bob@example.com", {}});
  CHECK(seen.account == "admin@example.com");
  CHECK(seen.resources.size() == 4);
  REQUIRE(seen.listings.size() == 4);
  CHECK(seen.listings[0].grants.size() == 4);
  CHECK_FALSE(seen.observed_at.empty());
}

TEST_CASE("an observation can be narrowed to some resources, by name or id", "[observe]") {
  FakeConsole console = console_with_bob();
  const Observation seen = look(console, RemoveUser{"bob@example.com", {"id-gamma", "acme"}});
  REQUIRE(seen.listings.size() == 2);
  CHECK(seen.listings[0].resource.name == "acme");
  CHECK(seen.listings[1].resource.name == "gamma");
  CHECK(console.looks == 2);
}

TEST_CASE("a team that is not there is a usage error that names the nearest", "[observe]") {
  FakeConsole console = console_with_bob();
  const Error error = fault(console, RemoveUser{"bob@example.com", {"acmee"}});
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("acmee"));
  CHECK_THAT(error.hint(), Catch::Contains("did you mean \"acme\""));
}

TEST_CASE("two teams of one name have to be told apart by id", "[observe]") {
  FakeConsole console = console_with_bob();
  console.teams[1].name = "acme";
  CHECK(fault(console, RemoveUser{"bob@example.com", {"acme"}}).kind() == Kind::usage);
  CHECK(look(console, RemoveUser{"bob@example.com", {"id-acme"}}).listings.size() == 1);
}

TEST_CASE("a bad address is found before the console is asked anything", "[observe]") {
  FakeConsole console = console_with_bob();
  CHECK(fault(console, RemoveUser{"bob", {}}).kind() == Kind::usage);
  CHECK(console.looks == 0);
}

TEST_CASE("a listing shorter than the console's own count is drift, not a listing", "[observe]") {
  ShortListing console;
  console.teams = {test::team("acme")};
  CHECK(fault(console, RemoveUser{"bob@example.com", {}}).kind() == Kind::drift);
}

TEST_CASE("a listing of another resource than asked for is drift", "[observe]") {
  WrongListing console;
  console.teams = {test::team("acme")};
  CHECK(fault(console, RemoveUser{"bob@example.com", {}}).kind() == Kind::drift);
}

TEST_CASE("a console that does not say who is signed in is drift", "[observe]") {
  FakeConsole console = console_with_bob();
  console.account = "";
  CHECK(fault(console, RemoveUser{"bob@example.com", {}}).kind() == Kind::drift);
}

TEST_CASE("a listing that fails fails the observation", "[observe]") {
  FakeConsole console = console_with_bob();
  int looks = 0;
  console.at = [&](FakeConsole::Moment) {
    if (++looks == 3) throw Error(Kind::unreachable, "502");
  };
  const Error error = fault(console, RemoveUser{"bob@example.com", {}});
  CHECK(error.kind() == Kind::unreachable);
  CHECK_THAT(error.message(), Catch::Contains(label(console.teams[1]) + ": 502"));
}

TEST_CASE("an account that sees no team at all says nothing of anybody's access", "[observe]") {
  FakeConsole console = console_with_bob();
  console.teams.clear();
  const Error none = fault(console, RemoveUser{"bob@example.com", {}});
  CHECK(none.kind() == Kind::drift);
  CHECK_THAT(none.message(), Catch::Contains("no team at all to admin@example.com"));
  CHECK(fault(console, RemoveTeam{"acme"}).kind() == Kind::drift);
}

TEST_CASE("a word that is one team's name and another's id is two candidates, refused", "[observe]") {
  FakeConsole console = console_with_bob();
  console.teams[1].name = "id-acme";
  CHECK(fault(console, RemoveTeam{"id-acme"}).kind() == Kind::usage);
}

}  // namespace offstage::observe_test
