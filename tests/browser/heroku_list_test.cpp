#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "error_of.h"
#include "heroku_stage.h"

namespace offstage::heroku_list_test {

using connector::Grant;
using connector::Listing;
using connector::Resource;
using connector::ScriptedConsole;
using test::error_of;
using test::Faults;
using test::HerokuStage;
using test::patience;

namespace {

const Json& team_of(const Json& state, const std::string& name) {
  for (const Json& team : state.at("teams")) {
    if (team.at("name") == name) return team;
  }
  throw Error(Kind::internal, "no such team in the practice console: " + name);
}

/// "user|type|id|role|state" of every grant that the practice console knows of on a team's page.
std::multiset<std::string> expected_grants(const Json& state, const std::string& name) {
  std::multiset<std::string> out;
  std::set<std::string> members;
  const Json& team = team_of(state, name);
  for (const Json& member : team.at("members")) {
    const std::string email = member.at("email");
    members.insert(email);
    out.insert(email + "|team|" + name + "|" + member.value("role", "member") + "|active");
  }
  for (const Json& invited : team.value("invitations", Json::array())) {
    out.insert(invited.at("email").get<std::string>() + "|team|" + name + "|" +
               invited.value("role", "member") + "|pending");
  }
  for (const Json& app : state.at("apps")) {
    if (app.value("team", "") != name) continue;
    for (const Json& user : app.value("collaborators", Json::array())) {
      const std::string email = user.at("email");
      if (members.contains(email)) continue;
      out.insert(email + "|app|" + app.at("name").get<std::string>() + "|collaborator|active");
    }
  }
  return out;
}

std::multiset<std::string> grants_in(const Listing& listing) {
  std::multiset<std::string> out;
  for (const Grant& grant : listing.grants) {
    out.insert(grant.user + "|" + grant.resource.type + "|" + grant.resource.id + "|" + grant.role + "|" +
               grant.state);
  }
  return out;
}

}  // namespace

TEST_CASE("every team that the account is in is listed", "[heroku][list]") {
  HerokuStage stage;
  std::vector<std::string> names;
  for (const Resource& team : stage.signed_in().list_resources(patience())) {
    CHECK(team.type == "team");
    CHECK(team.id == team.name);
    names.push_back(team.name);
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> wanted;
  const Json state = stage.practice.state();
  for (const Json& team : state.at("teams")) {
    for (const Json& member : team.at("members")) {
      if (member.at("email") == "offstage@example.com") wanted.push_back(team.at("name"));
    }
  }
  std::sort(wanted.begin(), wanted.end());
  CHECK(names == wanted);
  CHECK(names.size() > 3);
}

TEST_CASE("everybody with access through a team is listed: all pages, invitations, collaborators of its apps",
          "[heroku][list]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  const Json state = stage.practice.state();
  for (const char* name : {"acme-platform", "acme-data", "acme-retail"}) {
    INFO(name);
    const Listing listing = console.list_grants(stage.team(name), patience());
    CHECK(grants_in(listing) == expected_grants(state, name));
    CHECK(listing.manageable);
    for (const Grant& grant : listing.grants) {
      CHECK(grant.listed_on == stage.team(name));
      CHECK(grant.privileged == (grant.role == "admin"));
    }
  }
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("what a row says about somebody's security becomes marks", "[heroku][list]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  CHECK(stage.grant(console, "acme-platform", "amir.haddad@example.com").marks ==
        std::vector<std::string>{"2FA not enabled", "SSO"});
  CHECK(stage.grant(console, "acme-platform", "grace.chen@example.com").marks ==
        std::vector<std::string>{"2FA not enabled"});
  CHECK(stage.grant(console, "acme-platform", "sam.rivers@example.com").marks.empty());
}

TEST_CASE("a team that the account only belongs to is listed as not manageable", "[heroku][list]") {
  HerokuStage stage;
  const Listing listing = stage.signed_in().list_grants(stage.team("acme-legacy"), patience());
  CHECK_FALSE(listing.manageable);
  CHECK(grants_in(listing) == expected_grants(stage.practice.state(), "acme-legacy"));
}

TEST_CASE("a page that is slow, restless or full of strange names is read rightly", "[heroku][list]") {
  for (const auto& [fault, value] : Faults{{"slow-render", "1500"},
                                           {"row-moves", "1500"},
                                           {"hostile-names", "on"},
                                           {"github-warning", "on"}}) {
    INFO(fault);
    HerokuStage stage(Faults{{fault, value}});
    const Listing listing = stage.signed_in().list_grants(stage.team("acme-platform"), patience());
    CHECK(grants_in(listing) == expected_grants(stage.practice.state(), "acme-platform"));
  }
}

TEST_CASE("an address that is there twice is listed twice", "[heroku][list]") {
  HerokuStage stage(Faults{{"duplicate-row", "on"}});
  const Listing listing = stage.signed_in().list_grants(stage.team("acme-solo"), patience());
  CHECK(std::count_if(listing.grants.begin(), listing.grants.end(),
                      [](const Grant& grant) { return grant.user == "paula.jimenez@example.com"; }) == 2);
}

TEST_CASE("a list that does not add up to the console's own count is refused", "[heroku][list]") {
  HerokuStage stage(Faults{{"total-lies", "on"}});
  const Error error =
      error_of([&] { stage.signed_in().list_grants(stage.team("acme-platform"), patience()); });
  CHECK(error.kind() == Kind::drift);
  CHECK_THAT(error.explain(), Catch::Contains("41 rows were read, but the console counts 42"));
}

TEST_CASE("a team's page that does not come is told as its kind, in Heroku's words", "[heroku][list]") {
  struct Way {
    const char* fault;
    const char* value;
    Kind kind;
    const char* words;
  };
  for (const Way& way : std::vector<Way>{
           {"enterprise-account", "acme-data", Kind::refused, "no such page"},
           {"delinquent", "acme-data", Kind::refused, "balance"},
           {"api-status", "503", Kind::unreachable, "temporarily unavailable"},
           {"api-status", "500", Kind::unreachable, "internal error"},
           {"api-status", "429", Kind::busy, "rate limit"},
           {"maintenance", "on", Kind::unreachable, "undergoing maintenance"},
           {"two-factor-catch-all", "on", Kind::human, "two-factor"},
       }) {
    INFO(way.fault << "=" << way.value);
    HerokuStage stage;
    ScriptedConsole& console = stage.signed_in();
    console.sign_in(patience());
    stage.practice.set_fault(way.fault, way.value);
    const Error error = error_of([&] { console.list_grants(stage.team("acme-data"), patience()); });
    INFO(error.explain());
    CHECK(error.kind() == way.kind);
    CHECK_THAT(error.explain(), Catch::Contains(way.words));
  }
}

TEST_CASE("a team that is not there is refused", "[heroku][list]") {
  HerokuStage stage;
  const Error error =
      error_of([&] { stage.signed_in().list_grants(stage.team("acme-nowhere"), patience()); });
  CHECK(error.kind() == Kind::refused);
}

TEST_CASE("a console that never answers is unreachable once the time is up", "[heroku][list]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  console.sign_in(patience());
  stage.practice.set_fault("api-silent", "on");
  const Error error =
      error_of([&] { console.list_grants(stage.team("acme-data"), Until::in(Milliseconds(3000))); });
  INFO(error.explain());
  CHECK(error.kind() == Kind::unreachable);
}

TEST_CASE("a session that ends while listing is opened again", "[heroku][list]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  console.list_grants(stage.team("acme-data"), patience());
  stage.practice.set_fault("session-ends-after", "12");
  for (int i = 0; i < 3; ++i) {
    CHECK(grants_in(console.list_grants(stage.team("acme-data"), patience())) ==
          expected_grants(stage.practice.state(), "acme-data"));
  }
}

}  // namespace offstage::heroku_list_test
