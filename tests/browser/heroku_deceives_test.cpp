// Consoles that deceive: a whole removal (look, plan, approve by policy, apply, verify) in front of a
// practice console that lies, lags or changes under the reader's eyes. What must hold: nobody but the person
// named loses anything, and the result says what is so.
#include <set>

#include <catch2/catch.hpp>

#include "connector/practice.h"
#include "connector/registry.h"
#include "error_of.h"
#include "heroku_stage.h"
#include "offboarding/run.h"
#include "program.h"

namespace offstage::heroku_deceives_test {

using connector::Console;
using offboarding::ActionResult;
using offboarding::Result;
using test::error_of;
using test::Faults;
using test::HerokuStage;
using test::patience;
using Outcome = ActionResult::Outcome;

namespace {

const std::string dana = "dana.whitfield@example.com";

/// Removes a person from some teams as a policy allows it, in folders of its own.
class Removal {
 public:
  explicit Removal(Console& console) : Removal(console, silent_) {}
  Removal(Console& console, offboarding::Progress& progress) : console_(console), progress_(progress) {
    policy_.unattended = true;
    settings_.state = folder_.path() / "state";
    settings_.evidence = folder_.path() / "evidence";
    settings_.by = "a test";
    settings_.pace.limit = Milliseconds(6000);
  }
  Result run(const std::string& email, const std::vector<std::string>& teams) {
    const auto planned =
        make_plan(console_, offboarding::RemoveUser{email, teams}, "a test", policy_, progress_, patience());
    offboarding::Approver approver;
    approver.by = "a test";
    const auto approval = approve(planned.plan, approver, policy_);
    return apply_plan(console_, planned, approval, policy_, settings_, progress_, patience());
  }

 private:
  Console& console_;
  const test::Sandbox folder_;
  offboarding::Policy policy_;
  offboarding::RunSettings settings_;
  offboarding::Progress silent_;
  offboarding::Progress& progress_;
};

/// Goes into maintenance once the last look before a removal is over.
class MaintenanceAfterLook : public offboarding::Progress {
 public:
  explicit MaintenanceAfterLook(test::PracticeConsole& practice) : practice_(practice) {}
  void doing(const std::string& what) override {
    if (what.starts_with("removing ")) practice_.set_fault("maintenance", "on");
  }

 private:
  test::PracticeConsole& practice_;
};

}  // namespace

TEST_CASE("an answer that says done and did nothing is not believed", "[heroku][deceives]") {
  HerokuStage stage(Faults{{"remove-lies", "on"}});
  const Result result = Removal(stage.signed_in()).run(dana, {"acme-data"});
  REQUIRE(result.actions.size() == 1);
  CHECK(result.actions[0].outcome == Outcome::unknown);
  CHECK(result.kind() == Kind::unknown);
  CHECK(stage.practice.is_invited("acme-data", dana));
  CHECK(stage.practice.change_log().size() == 1);
}

TEST_CASE(
    "a session that ends between the confirmation and its click removes nobody, and is no obstacle later",
    "[heroku][deceives]") {
  HerokuStage stage(Faults{{"session-ends-at-removal", "on"}});
  const Result ended = Removal(stage.signed_in()).run(dana, {"acme-data"});
  REQUIRE(ended.actions.size() == 1);
  CHECK(ended.actions[0].outcome == Outcome::failed);
  // Known to have had no effect, it was announced once more after signing in again, and refused once more.
  const Json refused = stage.practice.change_log();
  CHECK(refused.size() == 2);
  for (const Json& request : refused)
    CHECK(request.at("status") == 401);
  CHECK(stage.practice.is_invited("acme-data", dana));
  stage.practice.set_fault("session-ends-at-removal", std::nullopt);
  const Result again = Removal(stage.signed_in()).run(dana, {"acme-data"});
  CHECK(again.actions.at(0).outcome == Outcome::verified);
  CHECK(stage.practice.change_log().size() == 3);
  CHECK_FALSE(stage.practice.is_invited("acme-data", dana));
}

TEST_CASE("a removal that shows only seconds later is waited for, and sent once", "[heroku][deceives]") {
  HerokuStage stage(Faults{{"rows-lag", "3"}});
  const Result result = Removal(stage.signed_in()).run(dana, {"acme-data"});
  CHECK(result.actions.at(0).outcome == Outcome::verified);
  CHECK(stage.practice.change_log().size() == 1);
}

TEST_CASE("a console that goes into maintenance between the last look and the click is sent nothing",
          "[heroku][deceives]") {
  HerokuStage stage;
  MaintenanceAfterLook progress(stage.practice);
  const Result result = Removal(stage.signed_in(), progress).run(dana, {"acme-data"});
  REQUIRE(result.actions.size() == 1);
  INFO(result.actions[0].text);
  CHECK(result.actions[0].outcome == Outcome::failed);
  CHECK(result.kind() == Kind::unreachable);
  CHECK(result.actions[0].committed_at.empty());
  CHECK(stage.practice.is_invited("acme-data", dana));
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("access that single sign-on gives back at once is not taken for gone", "[heroku][deceives]") {
  HerokuStage stage(Faults{{"sso-members", "on"}, {"jit-return", "on"}});
  const Result result = Removal(stage.signed_in()).run("paula.jimenez@example.com", {"acme-solo"});
  REQUIRE(result.actions.size() == 1);
  CHECK(result.actions[0].outcome == Outcome::unknown);
  CHECK(stage.practice.is_member("acme-solo", "paula.jimenez@example.com"));
  CHECK(stage.practice.change_log().size() == 1);
}

TEST_CASE("a second account whose address differs only by case stops the removal", "[heroku][deceives]") {
  HerokuStage stage(Faults{{"capital-twin", "on"}});
  const Error error =
      error_of([&] { Removal(stage.signed_in()).run("paula.jimenez@example.com", {"acme-solo"}); });
  INFO(error.explain());
  CHECK(error.kind() == Kind::refused);
  CHECK_THAT(error.explain(), Catch::Contains("is there 2 times"));
  CHECK(stage.practice.change_log().empty());
}

TEST_CASE("a list that shifts while it is read is never used", "[heroku][deceives]") {
  for (const char* way : {"joins", "leaves"}) {
    INFO(way);
    HerokuStage stage(Faults{{"list-shifts", way}});
    const Error error = error_of([&] { Removal(stage.signed_in()).run(dana, {"acme-platform"}); });
    INFO(error.explain());
    CHECK(error.kind() == Kind::unreachable);
    CHECK(stage.practice.change_log().empty());
  }
}

TEST_CASE("addresses that only look the same belong to others, who stay and are told of",
          "[heroku][deceives]") {
  const std::vector<std::string> others{
      "dana@example.com.au",           // longer
      "adana@example.com",             // the address is inside it
      "dana+x@example.com",            // a plus tag
      "d\xD0\xB0na@example.com",       // a Cyrillic letter
      "dana\xE2\x80\x8B@example.com",  // a zero-width space
      "dana@xn--exmple-cua.com",       // punycode
      "dana@examp1e.com",              // a digit for a letter
  };
  Json members = Json::array({{{"email", "offstage@example.com"}, {"role", "admin"}},
                              {{"email", "priya.raman@example.com"}, {"role", "admin"}},
                              {{"email", "dana@example.com"}}});
  for (const std::string& other : others)
    members.push_back({{"email", other}});
  const Json seed{{"automation", {{"email", "offstage@example.com"}}},
                  {"teams", Json::array({{{"name", "acme-core"}, {"members", members}}})}};
  const test::Sandbox folder;
  const test::PracticeConsole practice({"--seed", folder.write("seed.json", seed.dump()).string(), "--fault",
                                        "mfa=none", "--fault", "cookie-banner=off"});
  SecretStore secrets;
  secrets.add_folder(practice.secrets());
  Log log = Log::none();
  script::Observer progress;
  connector::ScriptedConsole console(
      connector::Registry::standard({}).find("heroku"),
      [&](const browser::Fence& fence, const Until& until) {
        browser::LaunchOptions options;
        options.fence = fence;
        options.mapping = connector::load_practice(practice.description_file()).mapping;
        return browser::Browser::launch(options, until);
      },
      secrets, log, progress);
  const Result result = Removal(console).run("dana@example.com", {});
  REQUIRE(result.actions.size() == 1);
  CHECK(result.actions[0].outcome == Outcome::verified);
  CHECK_FALSE(practice.is_member("acme-core", "dana@example.com"));
  for (const std::string& other : others) {
    INFO(other);
    CHECK(practice.is_member("acme-core", other));
  }
  CHECK(practice.change_log().size() == 1);
  std::set<std::string> told;
  for (const offboarding::Verdict& verdict : result.plan.verdicts) {
    if (verdict.rule == "look_alike" && !verdict.about.empty()) told.insert(verdict.about);
  }
  // The one with a letter more looks like another to whoever reads it.
  std::set<std::string> expected(others.begin(), others.end());
  expected.erase("adana@example.com");
  CHECK(told == expected);
}

}  // namespace offstage::heroku_deceives_test
