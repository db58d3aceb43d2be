#include <catch2/catch.hpp>

#include "fake_console.h"
#include "offboarding/plan.h"

namespace offstage::guards_test {

using namespace offboarding;
using test::collaborator;
using test::console_with_bob;
using test::FakeConsole;
using test::member;

namespace {

Plan plan_of(FakeConsole& console, const Request& request, const Policy& policy = {}) {
  Progress silent;
  const Observation seen = observe(console, request, silent, Until::in(Milliseconds(1000)));
  return plan_for(seen, request, "asker", policy, console);
}

Plan plan_of(FakeConsole& console, const Policy& policy = {}) {
  return plan_of(console, RemoveUser{"bob@example.com", {}}, policy);
}

/// The guards that refuse, by name.
std::vector<std::string> refused_by(const Plan& plan) {
  std::vector<std::string> rules;
  for (const Verdict& verdict : refusals(plan.verdicts))
    rules.push_back(verdict.rule);
  return rules;
}

std::vector<std::string> noted(const Plan& plan, const std::string& rule) {
  std::vector<std::string> about;
  for (const Verdict& verdict : plan.verdicts) {
    if (verdict.judgement == Verdict::Judgement::note && verdict.rule == rule) about.push_back(verdict.about);
  }
  return about;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("an ordinary plan passes every guard", "[guards]") {
  FakeConsole console = console_with_bob();
  const Plan plan = plan_of(console);
  CHECK(plan.actions.size() == 3);
  CHECK(refused_by(plan).empty());
}

TEST_CASE("an address that is there twice is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(member(console.teams[0], "bob@example.com", "viewer"));
  CHECK(refused_by(plan_of(console)) == Rules{"one_row", "one_row"});
}

TEST_CASE("what is refused of several actions in the same words is told once", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(console.rows["id-acme"].back());
  const Plan plan = plan_of(console);
  CHECK(refusals(plan.verdicts).size() == 2);
  const std::vector<Verdict> told = told_refusals(plan.verdicts);
  REQUIRE(told.size() == 1);
  CHECK(told[0].rule == "one_row");
}

TEST_CASE("two addresses that differ by case alone are two candidates, refused", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(member(console.teams[0], "Bob@example.com"));
  CHECK(refused_by(plan_of(console)) == Rules{"one_row", "one_row"});
}

TEST_CASE("an address written in other letters is the same one, and acted on as the console writes it",
          "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].back().user = "Bob@Example.com";
  const Plan plan = plan_of(console);
  CHECK(refused_by(plan).empty());
  CHECK(plan.actions[0].grant->user == "Bob@Example.com");
  CHECK(noted(plan, "spelling") == Rules{plan.actions[0].id});
}

TEST_CASE("the same person as member and as collaborator of an app is no double", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(collaborator(console.teams[0], "blog", "bob@example.com"));
  const Plan plan = plan_of(console);
  CHECK(plan.actions.size() == 4);
  CHECK(refused_by(plan).empty());
}

TEST_CASE("an action on another person than the one asked for is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  Plan plan = plan_of(console);
  plan.actions[0].grant->user = "carol@example.com";
  const std::vector<Listing> listings{{console.teams[0], console.rows["id-acme"], "", {}, true},
                                      {console.teams[1], console.rows["id-beta"], "", {}, true},
                                      {console.teams[2], console.rows["id-gamma"], "", {}, true}};
  const Policy policy;
  plan.verdicts =
      judge({plan.request, plan.requested_by, plan.account, listings, plan.actions, policy, console});
  CHECK(refused_by(plan) == Rules{"target"});
}

TEST_CASE("look-alikes are noted, never acted on, never in the way", "[guards]") {
  FakeConsole console = console_with_bob();
  for (const char* other : {"bob+test@example.com", "b0b@example.com", "b\u043eb@example.com",
                            "bob@example.org", "bobby@example.com"}) {
    console.rows["id-delta"].push_back(member(console.teams[3], other));
  }
  const Plan plan = plan_of(console);
  CHECK(plan.actions.size() == 3);
  CHECK(refused_by(plan).empty());
  CHECK(noted(plan, "look_alike") ==
        Rules{"bob+test@example.com", "b0b@example.com", "b\u043eb@example.com", "bob@example.org"});
}

TEST_CASE("an address with characters that nobody sees looks like the one without, and is another",
          "[guards]") {
  FakeConsole console = console_with_bob();
  Rules others;
  for (const char* hidden : {"\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\U000e0061"}) {
    others.push_back("bo" + std::string(hidden) + "b@example.com");
    console.rows["id-delta"].push_back(member(console.teams[3], others.back()));
  }
  const Plan plan = plan_of(console);
  CHECK(plan.actions.size() == 3);
  CHECK(noted(plan, "look_alike") == others);
  CHECK(look_alike("ker\u200bnel@example.com", "kemel@example.com"));
}

TEST_CASE("a domain and its punycode are two accounts that look alike, and only the one asked for is removed",
          "[guards]") {
  const std::string unicode = "bob@m\u00fcnchen.example";
  const std::string punycode = "bob@xn--mnchen-3ya.example";
  FakeConsole console = console_with_bob();
  for (const std::string& user : {unicode, punycode})
    console.rows["id-delta"].push_back(member(console.teams[3], user));
  const Plan plan = plan_of(console, RemoveUser{punycode, {}});
  REQUIRE(plan.actions.size() == 1);
  CHECK(plan.actions[0].grant->user == punycode);
  CHECK(refused_by(plan).empty());
  CHECK(noted(plan, "look_alike") == Rules{"bob@example.com", unicode});
}

TEST_CASE("a protected account is never touched", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.protected_accounts = {"BOB@*"};
  CHECK(refused_by(plan_of(console, policy)) ==
        Rules{"protected_account", "protected_account", "protected_account"});
}

TEST_CASE("the account signed in is never touched", "[guards]") {
  FakeConsole console = console_with_bob();
  console.account = "BOB@example.com";
  CHECK(refused_by(plan_of(console)) == Rules{"own_account", "own_account", "own_account"});
}

TEST_CASE("a protected resource is never touched, nor an app listed on it", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.protected_resources = {"gamma", "id-acm*"};
  CHECK(refused_by(plan_of(console, policy)) == Rules{"protected_resource", "protected_resource"});
}

TEST_CASE("the last active admin of a team is never removed", "[guards]") {
  FakeConsole console = console_with_bob();
  console.account = "other@example.com";
  // Another admin whose invitation is open cannot run the team yet.
  console.rows["id-acme"] = {member(console.teams[0], "bob@example.com", "admin"),
                             member(console.teams[0], "carol@example.com"),
                             member(console.teams[0], "dave@example.com", "admin", "pending")};
  CHECK(refused_by(plan_of(console)) == Rules{"last_privileged"});
  console.rows["id-acme"][2].state = "active";
  CHECK(refused_by(plan_of(console)).empty());
}

TEST_CASE("an open invitation of an admin can be revoked although nobody else is one", "[guards]") {
  FakeConsole console = console_with_bob();
  console.account = "other@example.com";
  console.rows["id-beta"] = {member(console.teams[1], "bob@example.com", "admin", "pending"),
                             member(console.teams[1], "carol@example.com")};
  CHECK(refused_by(plan_of(console)).empty());
}

TEST_CASE("a plan with more actions than the policy allows is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.removals = 3;
  CHECK(refused_by(plan_of(console, policy)).empty());
  policy.removals = 2;
  CHECK(refused_by(plan_of(console, policy)) == Rules{"removals"});
}

TEST_CASE("a plan that removes too large a share of a team's people is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.share = 0.25;
  CHECK(refused_by(plan_of(console, policy)).empty());
  console.rows["id-acme"].erase(console.rows["id-acme"].begin() + 1);
  CHECK(refused_by(plan_of(console, policy)) == Rules{"share"});
}

TEST_CASE("an operation that the policy does not allow is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.operations = {"delete_team"};
  CHECK(refused_by(plan_of(console, policy)) == Rules{"operation"});
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"}, policy)).empty());
  policy.operations = {"remove_user"};
  CHECK(refused_by(plan_of(console, policy)).empty());
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"}, policy)) == Rules{"operation"});
}

TEST_CASE("people of a domain that the policy does not allow are refused", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.domains = {"contractor.example"};
  CHECK(refused_by(plan_of(console, policy)) == Rules{"domain", "domain", "domain"});
  policy.domains = {"EXAMPLE.com"};
  CHECK(refused_by(plan_of(console, policy)).empty());
}

TEST_CASE("the policy's domains are about people, not about teams that are deleted", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.domains = {"contractor.example"};
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"}, policy)).empty());
}

TEST_CASE("a plan without actions is refused by nothing", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.operations = {"delete_team"};
  policy.domains = {"contractor.example"};
  policy.other_approver = true;
  CHECK(plan_of(console, RemoveUser{"nobody@example.com", {}}, policy).verdicts.size() == 1);
}

TEST_CASE("a team that the account cannot manage is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  console.unmanageable = {"id-beta", "id-delta"};
  const Plan plan = plan_of(console);
  REQUIRE(refused_by(plan) == Rules{"manageable"});
  CHECK(refusals(plan.verdicts)[0].about == plan.actions[1].id);
}

TEST_CASE("what the connector has no script for is refused", "[guards]") {
  FakeConsole console = console_with_bob();
  console.supports_pending = false;
  CHECK(refused_by(plan_of(console)) == Rules{"supported"});
  console.supports_deletion = false;
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"})) == Rules{"supported"});
}

TEST_CASE("a team is deleted when it is asked for by its name, and by nothing else", "[guards]") {
  FakeConsole console = console_with_bob();
  Plan plan = plan_of(console, RemoveTeam{"acme"});
  REQUIRE(plan.actions.size() == 1);
  CHECK(plan.deletes());
  CHECK(refused_by(plan).empty());

  const std::vector<Listing> listings{{console.teams[0], console.rows["id-acme"], "", {}, true}};
  const Policy policy;
  for (const Request& request : {Request(RemoveUser{"bob@example.com", {}}), Request(RemoveTeam{"acm"})}) {
    plan.verdicts =
        judge({request, plan.requested_by, plan.account, listings, plan.actions, policy, console});
    CHECK(refused_by(plan) == Rules{"deletion"});
  }
}

TEST_CASE("removing a team removes nobody one by one", "[guards]") {
  FakeConsole console = console_with_bob();
  Plan plan = plan_of(console, RemoveUser{"bob@example.com", {"acme"}});
  const std::vector<Listing> listings{{console.teams[0], console.rows["id-acme"], "", {}, true}};
  const Request request = RemoveTeam{"acme"};
  const Policy policy;
  plan.verdicts = judge({request, plan.requested_by, plan.account, listings, plan.actions, policy, console});
  CHECK(refused_by(plan) == Rules{"target"});
}

TEST_CASE("a deletion names the protected accounts that lose the team", "[guards]") {
  FakeConsole console = console_with_bob();
  Policy policy;
  policy.protected_accounts = {"carol@example.com"};
  const Plan plan = plan_of(console, RemoveTeam{"acme"}, policy);
  CHECK(refused_by(plan).empty());
  CHECK(noted(plan, "deletion_people") == Rules{"carol@example.com"});
}

TEST_CASE("a team is not deleted while it holds what the policy protects", "[guards]") {
  FakeConsole console = console_with_bob();
  Grant app = member(console.teams[0], "carol@example.com");
  app.resource = {"app", "id-billing", "billing"};
  console.rows["id-acme"].push_back(app);
  Policy policy;
  policy.protected_resources = {"bill*"};
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"}, policy)) == Rules{"deletion_content"});
  policy.protected_resources = {"acme"};
  CHECK(refused_by(plan_of(console, RemoveTeam{"acme"}, policy)) == Rules{"protected_resource"});
}

TEST_CASE("of many people each is looked for in each listing, and nobody else is touched", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(member(console.teams[0], "eve@example.com"));
  console.rows["id-acme"].push_back(member(console.teams[0], "eva@example.com"));
  const int looks = console.looks;
  Policy policy;
  policy.share = 1;
  const Plan plan =
      plan_of(console, RemoveUsers{{"bob@example.com", "eve@example.com", "x@example.com"}, {}}, policy);
  CHECK(console.looks - looks == static_cast<int>(console.teams.size()));
  CHECK(plan.actions.size() == 4);
  CHECK(refused_by(plan).empty());
  Plan wrong = plan;
  wrong.actions[0].grant->user = "eva@example.com";
  const std::vector<Verdict> verdicts =
      judge({wrong.request, "asker", wrong.account, {}, wrong.actions, Policy{}, console});
  CHECK(std::any_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
    return verdict.rule == "target" && verdict.judgement == Verdict::Judgement::refuse;
  }));
}

TEST_CASE("all admins of a team at once are refused, although each alone would leave another", "[guards]") {
  FakeConsole console = console_with_bob();
  console.account = "ops@example.com";
  console.rows["id-acme"] = {member(console.teams[0], "one@example.com", "admin"),
                             member(console.teams[0], "two@example.com", "admin"),
                             member(console.teams[0], "ops@example.com")};
  Policy policy;
  policy.share = 1;
  CHECK(refused_by(plan_of(console, RemoveUser{"one@example.com", {"acme"}}, policy)).empty());
  CHECK(refused_by(plan_of(console, RemoveUsers{{"one@example.com", "two@example.com"}, {"acme"}}, policy)) ==
        Rules{"last_privileged", "last_privileged"});
}

TEST_CASE("people who look alike and are all asked for are not noted as staying", "[guards]") {
  FakeConsole console = console_with_bob();
  console.rows["id-acme"].push_back(member(console.teams[0], "bob+test@example.com"));
  CHECK(noted(plan_of(console), "look_alike") == Rules{"bob+test@example.com"});
  const Plan both = plan_of(console, RemoveUsers{{"bob@example.com", "bob+test@example.com"}, {}});
  CHECK(noted(both, "look_alike").empty());
}

TEST_CASE("a team in which nobody seems to be an admin is refused: its roles are called otherwise",
          "[guards]") {
  FakeConsole console = console_with_bob();
  for (connector::Grant& row : console.rows["id-acme"]) {
    row.privileged = false;
    row.role = "Team owner";
  }
  CHECK(refused_by(plan_of(console)) == Rules{"last_privileged"});
}

}  // namespace offstage::guards_test
