#include <catch2/catch.hpp>

#include "base/text.h"
#include "console/heroku/seed.h"
#include "console/heroku/world.h"

namespace offstage::practice_world_test {

using practice_heroku::id_of;
using practice_heroku::Refusal;
using practice_heroku::World;
using practice_heroku::world_of;

namespace {

World small_world() {
  return world_of(JsonDocument::parse(R"({
    "automation": { "email": "root@example.com" },
    "enterprise_accounts": ["big-corp"],
    "teams": [
      { "name": "alpha",
        "members": [
          { "email": "root@example.com", "role": "admin" },
          { "email": "Ann@example.com" },
          { "email": "fed@example.com", "federated": true }
        ],
        "invitations": [{ "email": "new@example.com" }],
        "apps": [{ "name": "web", "collaborators": [{ "email": "ann@example.com" }, { "email": "out@example.org" }] }] },
      { "name": "beta", "members": [{ "email": "boss@example.com", "role": "admin" }, { "email": "root@example.com" }] },
      { "name": "gamma", "members": [{ "email": "boss@example.com", "role": "admin" }] }
    ] })",
                                      "small seed"));
}

const std::string root = "root@example.com";

int status_of(const World::Answer& answer) {
  const auto* refusal = std::get_if<Refusal>(&answer);
  return refusal == nullptr ? 200 : refusal->status;
}

std::vector<std::string> emails(const World::Answer& answer) {
  std::vector<std::string> out;
  for (const Json& entry : std::get<Json>(answer))
    out.push_back(entry.at("user").at("email").get<std::string>());
  return out;
}

using Emails = std::vector<std::string>;

}  // namespace

TEST_CASE("an admin removes a member, by address in any letter case", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_member(root, "alpha", "ann@EXAMPLE.com")) == 200);
  CHECK(emails(world.members(root, "alpha")) == Emails{"fed@example.com", "root@example.com"});
}

TEST_CASE("an admin removes a member by id", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_member(root, "alpha", id_of("user", "fed@example.com"))) == 200);
  CHECK(emails(world.members(root, "alpha")) == Emails{"Ann@example.com", "root@example.com"});
}

TEST_CASE("a member who is gone cannot be removed again", "[practice]") {
  World world = small_world();
  world.remove_member(root, "alpha", "fed@example.com");
  CHECK(status_of(world.remove_member(root, "alpha", "fed@example.com")) == 404);
}

TEST_CASE("a removed member loses the apps of that team, unless the switch says otherwise", "[practice]") {
  World world = small_world();
  world.remove_member(root, "alpha", "ann@example.com");
  CHECK(emails(world.collaborators(root, "web")) == Emails{"alpha@herokumanager.com", "out@example.org"});

  World kind = small_world();
  kind.quirks.keep_collaborations = true;
  kind.remove_member(root, "alpha", "ann@example.com");
  CHECK(emails(kind.collaborators(root, "web")).size() == 3);
}

TEST_CASE("who is no admin removes nobody but themselves", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_member("fed@example.com", "alpha", "ann@example.com")) == 403);
  CHECK(status_of(world.revoke_invitation("fed@example.com", "alpha", "new@example.com")) == 403);
  CHECK(status_of(world.remove_collaborator("fed@example.com", "web", "out@example.org")) == 403);
  CHECK(status_of(world.delete_team("fed@example.com", "alpha")) == 403);
  CHECK(status_of(world.remove_member("fed@example.com", "alpha", "fed@example.com")) == 200);
}

TEST_CASE("the last admin of a team stays, and stays admin", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_member(root, "alpha", root)) == 422);
  CHECK(status_of(world.change_role(root, "alpha", root, "member")) == 422);
  world.change_role(root, "alpha", "ann@example.com", "admin");
  CHECK(status_of(world.remove_member(root, "alpha", root)) == 200);
}

TEST_CASE("a team that one is not in looks forbidden, and one that is not there looks absent", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.members(root, "gamma")) == 403);
  CHECK(status_of(world.members(root, "nowhere")) == 404);
}

TEST_CASE("an enterprise account's name is no team's name", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.members(root, "big-corp")) == 403);
  world.quirks.enterprise_account = "alpha";
  CHECK(status_of(world.members(root, "alpha")) == 403);
}

TEST_CASE("an invitation is not among the members and is revoked on its own", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_member(root, "alpha", "new@example.com")) == 404);
  CHECK(emails(world.invitations(root, "alpha")) == Emails{"new@example.com"});
  CHECK(status_of(world.revoke_invitation(root, "alpha", "new@example.com")) == 200);
  CHECK(emails(world.invitations(root, "alpha")).empty());
}

TEST_CASE("a collaborator is removed from that app alone", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.remove_collaborator(root, "web", "out@example.org")) == 200);
  CHECK(emails(world.collaborators(root, "web")) == Emails{"alpha@herokumanager.com", "ann@example.com"});
  CHECK(emails(world.members(root, "alpha")).size() == 3);
}

TEST_CASE("a removed person is listed for as long as the lists lag, and is not there", "[practice]") {
  World world = small_world();
  world.quirks.lag = Milliseconds(60000);
  world.remove_member(root, "alpha", "fed@example.com");
  CHECK(emails(world.members(root, "alpha")).size() == 3);
  CHECK(status_of(world.remove_member(root, "alpha", "fed@example.com")) == 404);
  CHECK(world.state().dump().find("fed@example.com") == std::string::npos);
}

TEST_CASE("a removed member who signs on through SSO comes back when the switch says so", "[practice]") {
  World world = small_world();
  world.quirks.federated_return = true;
  world.remove_member(root, "alpha", "fed@example.com");
  world.remove_member(root, "alpha", "ann@example.com");
  CHECK(emails(world.members(root, "alpha")) == Emails{"fed@example.com", "root@example.com"});
}

TEST_CASE("a team with apps is not deleted, an empty one is", "[practice]") {
  World world = small_world();
  CHECK(status_of(world.delete_team(root, "alpha")) == 422);
  world.apps.clear();
  CHECK(status_of(world.delete_team(root, "alpha")) == 200);
  CHECK(std::get<Json>(world.list_teams(root)).size() == 1);
}

TEST_CASE("who signs on through SSO shows as without 2FA", "[practice]") {
  World world = small_world();
  const Json members = std::get<Json>(world.members(root, "alpha"));
  CHECK(members[0].at("two_factor_authentication") == true);
  CHECK(members[1].at("email") == "fed@example.com");
  CHECK(members[1].at("two_factor_authentication") == false);
}

}  // namespace offstage::practice_world_test
