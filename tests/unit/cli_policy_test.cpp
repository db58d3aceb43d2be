#include <ctime>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "bench.h"
#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_policy_test {

namespace {

using namespace test;

/// Runs `policy explain` on bob's plan, as it is made under `made_under`, with `policy` (JSON; "": none).
class Explained {
 public:
  explicit Explained(const offboarding::Policy& made_under = {}) {
    Bench bench;
    bench.policy = made_under;
    sandbox.write("plan.json", offboarding::pretty(as_json(bench.plan().plan)));
  }

  Finished run(const std::string& policy = "", const std::vector<std::string>& more = {},
               const std::map<std::string, std::string>& variables = {}) const {
    std::vector<std::string> arguments{"policy", "explain", "plan.json"};
    if (!policy.empty()) {
      sandbox.write("policy.json", policy);
      arguments.insert(arguments.end(), {"--policy", "policy.json"});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    Start start;
    start.folder = sandbox.path();
    start.variables = variables;
    return run_offstage(arguments, start);
  }

  Sandbox sandbox;
};

TEST_CASE("a plan that nothing refuses is explained rule by rule, and ends well", "[cli][policy]") {
  const Finished end = Explained().run();
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 0);
  CHECK(has(end.out, "Fake: remove bob@example.com, asked for by asker"));
  CHECK(has(end.out, "removals"));
  CHECK(has(end.out, "25 (default)"));
  CHECK(has(end.out, "as recorded when the plan was made"));
  CHECK(has(end.out, "last_privileged"));
  CHECK(has(end.out, "Nothing refuses the plan."));
}

TEST_CASE("a rule that refuses a plan is shown with file and line, and ends as refused", "[cli][policy]") {
  offboarding::Policy made_under;
  made_under.domains = {"example.org"};
  const Finished end =
      Explained(made_under).run("{\n  \"version\": 1,\n  \"domains\": [\"example.org\"]\n}\n");
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 4);
  CHECK(has(end.out, "refuses"));
  CHECK(has(end.out, "[\"example.org\"] (policy.json:3)"));
  CHECK(has(end.out, "Refused by 1"));
}

TEST_CASE("what a guard refused when the plan was made ends the explanation as refused", "[cli][policy]") {
  const Sandbox sandbox;
  Bench bench;
  bench.console.unmanageable = {"id-acme"};
  sandbox.write("plan.json", offboarding::pretty(as_json(bench.plan().plan)));
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"policy", "explain", "plan.json"}, start);
  CHECK(end.exit_code == 4);
  CHECK(has(end.out, "cannot manage team acme"));
}

TEST_CASE("an explanation is a document as its schema says", "[cli][policy]") {
  const Explained scene;
  const Finished fine = scene.run("", {"--output", "json"});
  CHECK(fine.exit_code == 0);
  const Json document = fine.document();
  follow_schema(document, "output.json");
  CHECK(document.at("command") == "policy explain");
  CHECK(document.at("allowed") == true);
  CHECK(document.at("requested_by") == "asker");
  CHECK(document.at("rules").size() == 9);
  const Finished refused = scene.run(R"({"version": 1, "limits": {"removals": 2}})", {"--output", "json"});
  CHECK(refused.exit_code == 4);
  follow_schema(refused.document(), "output.json");
  CHECK(refused.document().at("allowed") == false);
}

TEST_CASE("the policy's hours are those of the machine's own clock", "[cli][policy]") {
  const std::time_t now = std::time(nullptr);
  const auto clock = [&](std::time_t at) {
    const auto minute = (at / 60) % (24L * 60);
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
  };
  const std::string policy = fmt::format(R"({{"version": 1, "hours": {{"from": "{}", "to": "{}"}}}})",
                                         clock(now - 3600), clock(now + 3600));
  const Explained scene;
  CHECK(scene.run(policy, {}, {{"TZ", "UTC0"}}).exit_code == 0);
  const Finished elsewhere = scene.run(policy, {}, {{"TZ", "FAR-6"}});
  CHECK(elsewhere.exit_code == 4);
  CHECK(has(elsewhere.out, clock(now + 6L * 3600).substr(0, 2)));
  CHECK(has(elsewhere.out, " FAR here"));
}

TEST_CASE("a plan that was edited is not explained", "[cli][policy]") {
  const Explained scene;
  std::string text = read_file(scene.sandbox.path() / "plan.json");
  text.replace(text.find("bob@example.com"), 3, "eve");
  scene.sandbox.write("plan.json", text);
  const Finished end = scene.run();
  CHECK(end.exit_code == 4);
  CHECK(has(end.err, "plan.json:"));
  CHECK(has(end.err, "changed after it was made"));
}

TEST_CASE("a plan that is not there is not explained", "[cli][policy]") {
  const Explained scene;
  std::filesystem::remove(scene.sandbox.path() / "plan.json");
  const Finished end = scene.run();
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "plan.json"));
}

TEST_CASE("a policy file that is wrong is named with its line", "[cli][policy]") {
  const Finished end = Explained().run("{\n\"version\": 1,\n\"domain\": [\"example.com\"]\n}");
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "policy.json:3"));
  CHECK(has(end.err, "domains"));
}

}  // namespace

}  // namespace offstage::cli_policy_test
