#include <algorithm>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "console/heroku/one_time_code.h"
#include "console/heroku/seed.h"
#include "error_of.h"

namespace offstage::practice_seed_test {

using Catch::Contains;
using practice_heroku::default_seed;
using practice_heroku::Member;
using practice_heroku::Team;
using practice_heroku::World;
using practice_heroku::world_of;

namespace {

World seeded(const std::string& text) {
  return world_of(JsonDocument::parse(text, "seed.json"));
}

/// What is wrong with a seed.
std::string complaint(const std::string& text) {
  const Error error = test::error_of([&] { seeded(text); });
  CHECK(error.kind() == Kind::usage);
  return error.message();
}

const Team& team(const World& world, const std::string& name) {
  return *std::find_if(world.teams.begin(), world.teams.end(),
                       [&](const Team& each) { return each.name == name; });
}

}  // namespace

TEST_CASE("the built-in seed holds the person to remove beyond the first page of a team", "[practice]") {
  const World world = world_of(default_seed());
  std::vector<std::string> emails;
  for (const Member& member : team(world, "acme-platform").members)
    emails.push_back(member.email);
  std::sort(emails.begin(), emails.end());
  const auto place = std::find(emails.begin(), emails.end(), "dana.whitfield@example.com") - emails.begin();
  CHECK(place >= 25);
  CHECK(place < static_cast<long>(emails.size()));
}

TEST_CASE("the built-in seed holds a pending invitation and a collaboration of the same person",
          "[practice]") {
  const World world = world_of(default_seed());
  const auto& invitations = team(world, "acme-data").invitations;
  CHECK(std::any_of(invitations.begin(), invitations.end(),
                    [](const auto& each) { return each.email == "dana.whitfield@example.com"; }));
  const auto app = std::find_if(world.apps.begin(), world.apps.end(),
                                [](const auto& each) { return each.name == "storefront-api"; });
  REQUIRE(app != world.apps.end());
  CHECK(std::any_of(app->collaborators.begin(), app->collaborators.end(),
                    [](const auto& each) { return each.email == "dana.whitfield@example.com"; }));
}

TEST_CASE("the automation account gets a password and a key when the seed has none", "[practice]") {
  const std::string seed = R"({"automation":{"email":"a@example.com"},"teams":[]})";
  const World one = seeded(seed);
  const World two = seeded(seed);
  CHECK(offstage::practice_heroku::is_key(one.account("a@example.com")->totp_key));
  CHECK(one.account("a@example.com")->password.size() >= 16);
  CHECK(one.account("a@example.com")->password != two.account("a@example.com")->password);
}

TEST_CASE("a seed that is no JSON is refused with its line", "[practice]") {
  CHECK_THAT(complaint("{\n  \"automation\": }"), Contains("seed.json:2:"));
}

TEST_CASE("a seed that breaks its schema is refused with the line and path", "[practice]") {
  const std::string text = complaint(R"({"automation":{"email":"a@example.com"},
 "teams":[
  {"name":"acme","members":[{"email":"b@example.com","role":"king"}]}]})");
  CHECK_THAT(text, Contains("seed.json:3:") && Contains("/teams/0/members/0/role"));
}

TEST_CASE("a seed with an address that is none is refused where it stands", "[practice]") {
  const std::string text = complaint(R"({"automation":{"email":"a@example.com"},"teams":[
  {"name":"acme","members":[{"email":"b at example"}]}]})");
  CHECK_THAT(text, Contains("seed.json:2: /teams/0/members/0/email: \"b at example\" is no e-mail address"));
}

TEST_CASE("a seed with a person twice in a team is refused, letter case aside", "[practice]") {
  const std::string text = complaint(R"({"automation":{"email":"a@example.com"},"teams":[
  {"name":"acme","members":[{"email":"b@example.com"},
   {"email":"B@example.com"}]}]})");
  CHECK_THAT(text, Contains("seed.json:3:") && Contains("is there twice"));
}

TEST_CASE("a seed with a team or an app twice is refused", "[practice]") {
  CHECK_THAT(complaint(R"({"automation":{"email":"a@example.com"},"teams":[
  {"name":"acme","members":[]},{"name":"acme","members":[]}]})"),
             Contains("/teams/1/name"));
  CHECK_THAT(complaint(R"({"automation":{"email":"a@example.com"},"teams":[
  {"name":"acme","members":[],"apps":[{"name":"web"},{"name":"web"}]}]})"),
             Contains("/teams/0/apps/1/name"));
}

TEST_CASE("a seed that invites into an enterprise team is refused", "[practice]") {
  CHECK_THAT(complaint(R"({"automation":{"email":"a@example.com"},"teams":[
  {"name":"acme","type":"enterprise","members":[],"invitations":[{"email":"b@example.com"}]}]})"),
             Contains("/teams/0/invitations"));
}

}  // namespace offstage::practice_seed_test
