#include "connector/rows.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "error_of.h"

namespace offstage::rows_test {

using connector::account_from;
using connector::Grant;
using connector::Listing;
using connector::listing_from;
using connector::Manifest;
using connector::Resource;
using connector::resources_from;
using connector::ResourceType;

namespace {

const Resource ops{"team", "ops", "Ops"};

Manifest manifest() {
  Manifest out;
  ResourceType team;
  team.type = "team";
  team.privileged_roles = {"admin"};
  ResourceType app;
  app.type = "app";
  out.resources = {team, app};
  return out;
}

Listing listing(const char* rows, const char* about = nullptr) {
  const Json grants = Json::parse(rows);
  const Json page = about == nullptr ? Json() : Json::parse(about);
  return listing_from(&grants, about == nullptr ? nullptr : &page, ops, manifest(), "access.json");
}

template <typename Call>
std::string drift_of(Call call) {
  const Error error = test::error_of(call);
  CHECK(error.kind() == Kind::drift);
  return error.message();
}

}  // namespace

TEST_CASE("a member's row becomes a grant on the listed resource", "[rows]") {
  const Listing read = listing(R"([{"user": "Ann@x.org", "role": "admin", "state": "active", "tfa": null}])");
  REQUIRE(read.grants.size() == 1);
  const Grant& grant = read.grants.front();
  CHECK(grant.user == "Ann@x.org");
  CHECK(grant.resource == ops);
  CHECK(grant.listed_on == ops);
  CHECK(grant.state == "active");
  CHECK(grant.privileged);
  CHECK(grant.marks.empty());
  CHECK(read.resource == ops);
  CHECK_FALSE(read.taken_at.empty());
  CHECK(read.manageable);
}

TEST_CASE("a row of its own type becomes a grant on that resource, listed on the other", "[rows]") {
  const Listing read =
      listing(R"([{"user": "b@x.org", "role": "collaborator", "type": "app", "id": "shop"}])");
  const Grant& grant = read.grants.front();
  CHECK(grant.resource == Resource{"app", "shop", "shop"});
  CHECK(grant.listed_on == ops);
  CHECK_FALSE(grant.privileged);
}

TEST_CASE("every further field that has a value is a mark", "[rows]") {
  const Listing read = listing(
      R"([{"user": "c@x.org", "role": "member", "tfa": "2FA not enabled", "sso": null, "note": ""}])");
  CHECK(read.grants.front().marks == std::vector<std::string>{"2FA not enabled"});
}

TEST_CASE("two rows of one person stay two grants", "[rows]") {
  CHECK(listing(R"([{"user": "d@x.org", "role": "member"}, {"user": "d@x.org", "role": "member"}])")
            .grants.size() == 2);
}

TEST_CASE("a row without a user or a role is drift and named", "[rows]") {
  CHECK_THAT(drift_of([] { listing(R"([{"user": "a@x.org", "role": "member"}, {"role": "member"}])"); }),
             Catch::Contains("access.json: row 2") && Catch::Contains("\"user\" is missing"));
  CHECK_THAT(drift_of([] { listing(R"([{"user": "a@x.org", "role": " "}])"); }),
             Catch::Contains("\"role\" is missing"));
  CHECK_THAT(drift_of([] { listing(R"([{"user": "a@x.org", "role": "r", "type": "app"}])"); }),
             Catch::Contains("\"id\" is missing"));
}

TEST_CASE("a state or type that nobody knows is drift", "[rows]") {
  CHECK_THAT(drift_of([] { listing(R"([{"user": "a@x.org", "role": "r", "state": "frozen"}])"); }),
             Catch::Contains("\"frozen\""));
  CHECK_THAT(drift_of([] { listing(R"([{"user": "a@x.org", "role": "r", "type": "space", "id": "s"}])"); }),
             Catch::Contains("\"space\""));
}

TEST_CASE("a field that is no text is drift", "[rows]") {
  CHECK_THAT(drift_of([] { listing(R"([{"user": 7, "role": "r"}])"); }), Catch::Contains("is not text"));
  CHECK_THAT(drift_of([] { listing(R"(["a@x.org"])"); }), Catch::Contains("is not a row"));
}

TEST_CASE("a list that was never read is drift, not an empty list", "[rows]") {
  CHECK_THAT(drift_of([] { listing_from(nullptr, nullptr, ops, manifest(), "access.json"); }),
             Catch::Contains("without reading a list"));
  CHECK(listing("[]").grants.empty());
}

TEST_CASE("the console's own total and whether the page can be managed are read", "[rows]") {
  const Listing read = listing("[]", R"([{"total": "257", "manageable": "no"}])");
  CHECK(read.console_total == 257);
  CHECK_FALSE(read.manageable);
  CHECK_FALSE(listing("[]", R"([{"total": null, "manageable": "yes"}])").console_total.has_value());
  CHECK_THAT(drift_of([] { listing("[]", R"([{"total": "many"}])"); }), Catch::Contains("\"many\""));
  CHECK_THAT(drift_of([] { listing("[]", "[]"); }), Catch::Contains("0 rows about the page"));
}

TEST_CASE("resources have an id, and a name that may be the same", "[rows]") {
  const Json rows = Json::parse(R"([{"id": "ops", "name": "Ops"}, {"id": "web"}])");
  CHECK(resources_from(&rows, "team", "list.json") == std::vector<Resource>{ops, {"team", "web", "web"}});
}

TEST_CASE("a resource that is listed twice is drift", "[rows]") {
  const Json rows = Json::parse(R"([{"id": "ops"}, {"id": "ops"}])");
  CHECK_THAT(drift_of([&] { resources_from(&rows, "team", "list.json"); }),
             Catch::Contains("list.json: row 2") && Catch::Contains("\"ops\""));
}

TEST_CASE("exactly one account is signed in", "[rows]") {
  const Json one = Json::parse(R"([{"user": "bot@x.org"}])");
  CHECK(account_from(&one, "sign-in.json") == "bot@x.org");
  const Json none = Json::array();
  CHECK_THAT(drift_of([&] { account_from(&none, "sign-in.json"); }), Catch::Contains("0 accounts"));
  CHECK_THAT(drift_of([] { account_from(nullptr, "sign-in.json"); }), Catch::Contains("without reading"));
}

TEST_CASE("a role is privileged whatever its letters' case", "[rows]") {
  const Listing read =
      listing(R"([{"user": "a@x.com", "role": "ADMIN"}, {"user": "b@x.com", "role": "member"}])");
  CHECK(read.grants[0].privileged);
  CHECK_FALSE(read.grants[1].privileged);
}

}  // namespace offstage::rows_test
