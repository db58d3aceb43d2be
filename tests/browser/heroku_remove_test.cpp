#include <atomic>

#include <catch2/catch.hpp>

#include "base/fault_point.h"
#include "base/text.h"
#include "error_of.h"
#include "heroku_stage.h"

namespace offstage::heroku_remove_test {

using namespace std::chrono_literals;

using connector::Grant;
using connector::ScriptedConsole;
using script::CommitReport;
using test::error_of;
using test::Fault;
using test::Faults;
using test::HerokuStage;
using test::patience;

namespace {

constexpr const char* dana = "dana.whitfield@example.com";

/// Everything of the practice console's people and teams, without one person's access somewhere.
Json without(Json state, const char* list, const std::string& place, const char* kind,
             const std::string& email) {
  for (Json& entry : state.at(list)) {
    if (entry.at("name") != place) continue;
    Json kept = Json::array();
    for (const Json& person : entry.at(kind)) {
      if (person.at("email") != email) kept.push_back(person);
    }
    entry[kind] = kept;
  }
  return state;
}

/// Tries to take away somebody's membership in acme-platform under these faults, and returns what was thrown.
Error removal_error(HerokuStage& stage, const Faults& faults, const std::string& user = dana) {
  ScriptedConsole& console = stage.signed_in();
  const Grant grant = stage.grant(console, "acme-platform", user);
  for (const auto& [name, value] : faults)
    stage.practice.set_fault(name, value);
  return error_of([&] { console.revoke(grant, stage.witness, patience()); });
}

/// Loses the next command of this name on its way to Chrome, once.
class LosesOne final : public FaultPoints {
 public:
  explicit LosesOne(std::string method) : name_("\"" + std::move(method) + "\"") { set_fault_points(this); }
  ~LosesOne() override { set_fault_points(nullptr); }
  LosesOne(const LosesOne&) = delete;
  LosesOne& operator=(const LosesOne&) = delete;

  void reached(std::string_view /*what*/, const std::string& /*file*/) override {}
  int passing(bool to_chrome, std::string& message) override {
    return to_chrome && message.find(name_) != std::string::npos && !lost.exchange(true) ? 0 : 1;
  }

  std::atomic<bool> lost = false;

 private:
  std::string name_;
};

}  // namespace

TEST_CASE("a member is removed with one request, and nobody else", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  const Json before = stage.practice.state();
  console.revoke(stage.grant(console, "acme-platform", dana), stage.witness, patience());

  CHECK(stage.practice.state().at("teams") ==
        without(before, "teams", "acme-platform", "members", dana).at("teams"));
  const Json log = stage.practice.change_log();
  REQUIRE(log.size() == 1);
  CHECK(log[0].at("method") == "DELETE");
  CHECK(offstage::url_decoded(log[0].at("path").get<std::string>()) ==
        std::string("/teams/acme-platform/members/") + dana);
  REQUIRE(stage.witness.intents.size() == 1);
  CHECK(stage.witness.intents[0].target == dana);
  REQUIRE(stage.witness.reports.size() == 1);
  CHECK(stage.witness.reports[0].outcome == CommitReport::Outcome::done);
  CHECK(stage.witness.captures == std::vector<std::string>{"before", "after"});
}

TEST_CASE("a page whose requests nobody lets go any more is given up for another", "[heroku][remove]") {
  HerokuStage stage;
  const std::unique_ptr<ScriptedConsole> console = stage.console();
  const Grant grant = stage.grant(*console, "acme-platform", dana);
  {
    // Without it Chrome goes on holding each request of the page back.
    const LosesOne command("Fetch.disable");
    console->revoke(grant, stage.witness, patience());
    REQUIRE(command.lost);
  }
  const Error error = error_of([&] { console->list_grants(stage.team("acme-platform"), Until::in(3s)); });
  CHECK(error.kind() == Kind::unreachable);
  CHECK(console->list_grants(stage.team("acme-platform"), patience()).grants.size() > 1);
}

TEST_CASE("a member beyond the first page, and one with a plus in the address, are found",
          "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  for (const char* user : {"sam.rivers@example.com", "dana.whitfield+test@example.com"}) {
    console.revoke(stage.grant(console, "acme-platform", user), stage.witness, patience());
    CHECK_FALSE(stage.practice.is_member("acme-platform", user));
  }
  CHECK(stage.practice.is_member("acme-platform", dana));
  CHECK(stage.practice.is_member("acme-platform", "adana.whitfield@example.com"));
  CHECK(stage.practice.change_log().size() == 2);
}

TEST_CASE("an invitation is revoked, and the like address of another domain stays invited",
          "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  console.revoke(stage.grant(console, "acme-data", dana), stage.witness, patience());
  CHECK_FALSE(stage.practice.is_invited("acme-data", dana));
  CHECK(stage.practice.is_invited("acme-data", "Dana.Whitfield@example.org"));
  CHECK(stage.practice.change_log().size() == 1);
}

TEST_CASE("a collaborator of one app is taken off it, and the namesakes stay", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  const Grant grant = stage.grant(console, "acme-retail", dana);
  CHECK(grant.resource.id == "storefront-api");
  console.revoke(grant, stage.witness, patience());
  CHECK_FALSE(stage.practice.is_collaborator("storefront-api", dana));
  CHECK(stage.practice.is_collaborator("storefront-api", "dana.whitfield+test@example.com"));
  CHECK(stage.practice.is_collaborator("checkout-web", "Dana.Whitfield@example.org"));
  CHECK(stage.practice.change_log().size() == 1);
  CHECK(stage.witness.intents.at(0).target == dana);
}

TEST_CASE("a team is deleted, and only that one", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  console.delete_resource(stage.team("acme-scratch"), stage.witness, patience());
  CHECK_FALSE(stage.practice.has_team("acme-scratch"));
  CHECK(stage.practice.has_team("acme-solo"));
  CHECK(stage.practice.change_log().size() == 1);
  CHECK(stage.witness.intents.at(0).target == "acme-scratch");
}

TEST_CASE("the dashboard may use its older words", "[heroku][remove]") {
  HerokuStage stage(Faults{}, "2015");
  ScriptedConsole& console = stage.signed_in();
  CHECK(console.list_grants(stage.team("acme-platform"), patience()).manageable);
  console.revoke(stage.grant(console, "acme-platform", dana), stage.witness, patience());
  CHECK_FALSE(stage.practice.is_member("acme-platform", dana));
  console.revoke(stage.grant(console, "acme-data", dana), stage.witness, patience());
  CHECK_FALSE(stage.practice.is_invited("acme-data", dana));
  console.delete_resource(stage.team("acme-scratch"), stage.witness, patience());
  CHECK_FALSE(stage.practice.has_team("acme-scratch"));
  CHECK(stage.practice.change_log().size() == 3);
}

TEST_CASE("a team that the account may not delete is refused in Heroku's words", "[heroku][remove]") {
  HerokuStage stage;
  const Error error = error_of(
      [&] { stage.signed_in().delete_resource(stage.team("acme-legacy"), stage.witness, patience()); });
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.explain(), Catch::Contains("Only an admin of this team can delete it."));
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("nothing is sent when the confirmation names somebody else", "[heroku][remove]") {
  HerokuStage stage;
  const Error error = removal_error(stage, {{"wrong-modal", "on"}});
  INFO(error.explain());
  CHECK(error.kind() == Kind::drift);
  CHECK(stage.practice.change_log().empty());
  CHECK(stage.witness.reports.empty());
}

TEST_CASE("a request that would remove somebody else never leaves the browser", "[heroku][remove]") {
  HerokuStage stage;
  const Error error = removal_error(stage, {{"wrong-request", "on"}});
  INFO(error.explain());
  CHECK(error.kind() == Kind::drift);
  CHECK(stage.practice.change_log().empty());
  REQUIRE(stage.witness.reports.size() == 1);
  CHECK(stage.witness.reports[0].outcome == CommitReport::Outcome::not_sent);
}

TEST_CASE("a collaborator's panel that names or sends somebody else removes nobody", "[heroku][remove]") {
  for (const char* fault : {"wrong-modal", "wrong-request"}) {
    INFO(fault);
    HerokuStage stage;
    ScriptedConsole& console = stage.signed_in();
    const Grant grant = stage.grant(console, "acme-retail", dana);
    stage.practice.set_fault(fault, "on");
    const Error error = error_of([&] { console.revoke(grant, stage.witness, patience()); });
    INFO(error.explain());
    CHECK(error.kind() == Kind::drift);
    CHECK(stage.practice.change_log().empty());
  }
}

TEST_CASE("a second row with the same address stops the removal", "[heroku][remove]") {
  HerokuStage stage;
  const Error error = removal_error(stage, {{"duplicate-row", "on"}});
  INFO(error.explain());
  CHECK(error.kind() == Kind::drift);
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("an overlay that stays keeps the removal from happening", "[heroku][remove]") {
  HerokuStage stage;
  const Error error = removal_error(stage, {{"cover", "0"}});
  INFO(error.explain());
  CHECK(error.kind() == Kind::drift);
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("a page that is slow, moves, turns round or is covered for a while is waited for",
          "[heroku][remove]") {
  for (const auto& [fault, value] : Faults{{"slow-render", "800"},
                                           {"row-moves", "1500"},
                                           {"resort", "on"},
                                           {"cover", "1200"},
                                           {"hostile-names", "on"}}) {
    INFO(fault);
    HerokuStage stage;
    ScriptedConsole& console = stage.signed_in();
    const Grant grant = stage.grant(console, "acme-platform", dana);
    stage.practice.set_fault(fault, value);
    console.revoke(grant, stage.witness, patience());
    CHECK_FALSE(stage.practice.is_member("acme-platform", dana));
    CHECK(stage.practice.change_log().size() == 1);
  }
}

TEST_CASE("what Heroku answers to a removal decides its kind, and its words are kept", "[heroku][remove]") {
  struct Way {
    const char* status;
    Kind kind;
    CommitReport::Outcome outcome;
    const char* words;
  };
  using Outcome = CommitReport::Outcome;
  for (const Way& way : std::vector<Way>{
           {"402", Kind::refused, Outcome::refused, "Delinquent account"},
           {"403", Kind::refused, Outcome::refused, "do not have access"},
           {"404", Kind::unknown, Outcome::lost, "Couldn't find that user"},
           {"422", Kind::refused, Outcome::refused, "last administrator"},
           {"429", Kind::busy, Outcome::refused, "rate limit"},
           {"500", Kind::unknown, Outcome::lost, "internal error"},
           {"503", Kind::unknown, Outcome::lost, "temporarily unavailable"},
       }) {
    INFO(way.status);
    HerokuStage stage;
    const Error error = removal_error(stage, {{"remove-status", way.status}});
    INFO(error.explain());
    CHECK(error.kind() == way.kind);
    CHECK_THAT(error.explain(), Catch::Contains(way.words));
    REQUIRE(stage.witness.reports.size() == 1);
    CHECK(stage.witness.reports[0].outcome == way.outcome);
    CHECK(stage.practice.change_log().size() == 1);
  }
}

TEST_CASE("an answer that never comes, or is lost on the way, leaves the effect unknown",
          "[heroku][remove]") {
  SECTION("lost on the way: it happened all the same") {
    HerokuStage stage;
    const Error error = removal_error(stage, {{"delete-answer-lost", "on"}});
    INFO(error.explain());
    CHECK(error.kind() == Kind::unknown);
    CHECK(stage.witness.reports.at(0).outcome == CommitReport::Outcome::lost);
    CHECK_FALSE(stage.practice.is_member("acme-platform", dana));
  }
  SECTION("never: nothing happened") {
    HerokuStage stage;
    ScriptedConsole& console = stage.signed_in();
    const Grant grant = stage.grant(console, "acme-platform", dana);
    stage.practice.set_fault("remove-silent", "on");
    const Error error =
        error_of([&] { console.revoke(grant, stage.witness, Until::in(Milliseconds(8000))); });
    INFO(error.explain());
    CHECK(error.kind() == Kind::unknown);
    CHECK(stage.practice.is_member("acme-platform", dana));
    CHECK(stage.practice.change_log().size() == 1);
  }
}

TEST_CASE("a removal that met an ended session is done after signing in again", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  const Grant grant = stage.grant(console, "acme-platform", dana);
  stage.practice.set_fault("remove-status", "401:1");
  console.revoke(grant, stage.witness, patience());
  CHECK_FALSE(stage.practice.is_member("acme-platform", dana));
  REQUIRE(stage.witness.reports.size() == 2);
  CHECK(stage.witness.reports[0].status == 401);
  CHECK(stage.witness.reports[1].outcome == CommitReport::Outcome::done);
}

TEST_CASE("somebody who is gone already is drift, not a second removal", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  const Grant grant = stage.grant(console, "acme-platform", dana);
  console.revoke(grant, stage.witness, patience());
  const Error error = error_of([&] { console.revoke(grant, stage.witness, patience()); });
  CHECK(error.kind() == Kind::drift);
  CHECK(stage.practice.change_log().size() == 1);
}

TEST_CASE("pictures of the console keep only those that are named and the account", "[heroku][remove]") {
  HerokuStage stage;
  ScriptedConsole& console = stage.signed_in();
  console.list_grants(stage.team("acme-solo"), patience());
  CHECK_THAT(console.screenshot({dana}, patience()), Catch::StartsWith("\x89PNG"));
  const Json versions = console.versions();
  CHECK(versions.at("connector").at("id") == "heroku");
  CHECK_THAT(versions.at("scripts").at("remove-member.json").get<std::string>(),
             Catch::StartsWith("sha256:"));
  CHECK(versions.at("browser").at("sandboxed") == true);
}

}  // namespace offstage::heroku_remove_test
