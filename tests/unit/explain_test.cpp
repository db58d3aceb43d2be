#include "offboarding/explain.h"

#include <catch2/catch.hpp>

#include "bench.h"

namespace offstage::explain_test {

using namespace offboarding;
using test::Bench;
using Says = Explanation::Says;

namespace {

const LocalTime noon{1, 12 * 60, "CET"};

Policy policy(const std::string& members) {
  return policy_from(JsonDocument::parse("{\"version\": 1,\n" + members + "\n}", "policy.json"));
}

/// What a policy says of bob's plan, made under it.
std::vector<Explanation> explained(const Policy& given,
                                   const Request& request = RemoveUser{"bob@example.com", {}},
                                   const LocalTime& now = noon) {
  Bench bench;
  bench.policy = given;
  bench.request = request;
  return explain(bench.plan().plan, given, now);
}

Explanation of(const std::vector<Explanation>& rules, const std::string& rule) {
  for (const Explanation& each : rules) {
    if (each.rule == rule) return each;
  }
  FAIL("no rule " << rule);
  return {};
}

/// The rules that refuse, by name.
std::vector<std::string> refusing(const std::vector<Explanation>& rules) {
  std::vector<std::string> names;
  for (const Explanation& each : rules) {
    if (each.says == Says::refuses) names.push_back(each.rule);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("every rule of the policy is explained once, with what decides", "[explain]") {
  Names names;
  for (const Explanation& each : explained({})) {
    CAPTURE(each.rule);
    names.push_back(each.rule);
    CHECK_FALSE(each.text.empty());
    REQUIRE(each.settings.size() == 1);
    CHECK(each.settings[0].from == "default");
  }
  CHECK(names == Names{"protected_account", "protected_resource", "operation", "domain", "removals", "share",
                       "other_approver", "hours", "approval"});
}

TEST_CASE("a rule that refuses names the member of the file that decided, with its line", "[explain]") {
  const auto rules = explained(policy("\"protected\": [\n\"root@example.com\",\n\"bob@*\"]"));
  CHECK(refusing(rules) == Names{"protected_account"});
  const Explanation rule = of(rules, "protected_account");
  CHECK(rule.text == "bob@example.com is protected by the policy");
  REQUIRE(rule.settings.size() == 1);
  CHECK(rule.settings[0].member == "/protected/1");
  CHECK(rule.settings[0].value == "\"bob@*\"");
  CHECK(rule.settings[0].from == "policy.json:4");
}

TEST_CASE("a limit that the file does not name is explained by its default", "[explain]") {
  const auto rules = explained(policy(R"("limits": {"share": 0.25})"));
  CHECK(of(rules, "removals").settings[0].value == "25");
  CHECK(of(rules, "removals").settings[0].from == "default");
  CHECK(of(rules, "share").settings[0].value == "0.25");
  CHECK(of(rules, "share").settings[0].from == "policy.json:2");
}

TEST_CASE("each guard of the policy refuses in its explanation what it refuses in a plan", "[explain]") {
  const auto refused_by = [](const std::string& members) { return refusing(explained(policy(members))); };
  CHECK(refused_by(R"("protected_resources": ["gamma"])") == Names{"protected_resource"});
  CHECK(refused_by(R"("operations": ["delete_team"])") == Names{"operation"});
  CHECK(refused_by(R"("domains": ["example.org"])") == Names{"domain"});
  CHECK(refused_by(R"("limits": {"removals": 2})") == Names{"removals"});
  CHECK(refused_by(R"("limits": {"share": 0.2})") == Names{"share"});
  CHECK(refused_by(R"("other_approver": true)").empty());
}

TEST_CASE("the hours are explained as they are at this moment", "[explain]") {
  const Policy weekdays = policy(R"("hours": {"days": ["mon"], "from": "08:00", "to": "18:00"})");
  const RemoveUser bob{"bob@example.com", {}};
  CHECK_THAT(of(explained(weekdays, bob, noon), "hours").text, Catch::Contains("mon 12:00 CET"));
  CHECK(refusing(explained(weekdays, bob, noon)).empty());
  const auto late = explained(weekdays, bob, {1, 18 * 60, "CET"});
  CHECK(refusing(late) == Names{"hours"});
  CHECK_THAT(of(late, "hours").text,
             Catch::Contains("mon 18:00 CET") && Catch::Contains("from 08:00 to 18:00"));
  CHECK(of(late, "hours").settings[0].from == "policy.json:2");
}

TEST_CASE("who must approve is explained", "[explain]") {
  CHECK_THAT(of(explained({}), "approval").text, Catch::Contains("a person must approve it"));
  const Explanation unattended = of(explained(policy(R"("unattended": true)")), "approval");
  CHECK(unattended.says == Says::allows);
  CHECK_THAT(unattended.text, Catch::Contains("without approval"));
  CHECK_THAT(of(explained(policy(R"("unattended": true)"), RemoveTeam{"acme"}), "approval").text,
             Catch::Contains("a deletion is never unattended"));
  CHECK_THAT(of(explained(policy(R"("other_approver": true)")), "approval").text,
             Catch::Contains("a person other than asker"));
}

TEST_CASE("a plan made under another policy is refused where a rule now says otherwise", "[explain]") {
  Bench bench;
  const Plan plan = bench.plan().plan;
  const auto stricter = explain(plan, policy(R"("other_approver": true)"), noon);
  CHECK(refusing(stricter) == Names{"other_approver"});
  CHECK_THAT(of(stricter, "other_approver").text, Catch::Contains("made under another policy"));
  bench.policy.removals = 1;
  CHECK(refusing(explain(bench.plan().plan, {}, noon)) == Names{"removals"});
}

TEST_CASE("the guards that are no rules of the policy are told as recorded", "[explain]") {
  Bench bench;
  bench.console.unmanageable = {"id-acme"};
  bench.policy.removals = 1;
  const std::vector<Verdict> recorded = recorded_guards(bench.plan().plan);
  CHECK(refusals(recorded).size() == 1);
  CHECK(refusals(recorded).front().rule == "manageable");
  for (const Verdict& verdict : recorded)
    CHECK(verdict.rule != "removals");
}

TEST_CASE("nothing refuses a plan without actions", "[explain]") {
  const auto rules =
      explained(policy(R"("operations": ["delete_team"], "hours": {"from": "08:00", "to": "09:00"})"),
                RemoveUser{"nobody@example.com", {}});
  CHECK(refusing(rules).empty());
}

}  // namespace offstage::explain_test
