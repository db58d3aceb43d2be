#include "offboarding/policy.h"

#include <catch2/catch.hpp>

#include "error_of.h"

namespace offstage::policy_test {

using namespace offboarding;

namespace {

Policy parsed(const std::string& text) {
  return policy_from(JsonDocument::parse(text, "policy.json"));
}

std::string fault(const std::string& text) {
  const Error error = test::error_of([&] { parsed(text); });
  CHECK(error.kind() == Kind::usage);
  return error.explain();
}

}  // namespace

TEST_CASE("a policy's defaults are careful", "[policy]") {
  const Policy policy = parsed(R"({"version": 1})");
  CHECK(policy.removals == 25);
  CHECK(policy.share == 0.5);
  CHECK_FALSE(policy.unattended);
  CHECK_FALSE(policy.other_approver);
  CHECK_FALSE(policy.hours);
}

TEST_CASE("a policy is read whole", "[policy]") {
  const Policy policy = parsed(R"({"version": 1, "protected": ["Root@Example.com", "*@break-glass.example"],
    "protected_resources": ["prod*"], "limits": {"removals": 3, "share": 0.1}, "unattended": true})");
  CHECK(policy.protects_account("ROOT@example.com"));
  CHECK(policy.protects_account("one@break-glass.example"));
  CHECK_FALSE(policy.protects_account("root@example.com.evil.example"));
  CHECK(policy.protects_resource("production", "7"));
  CHECK(policy.protects_resource("x", "prod-7"));
  CHECK_FALSE(policy.protects_resource("Production", "7"));
  CHECK(policy.removals == 3);
  CHECK(policy.share == 0.1);
  CHECK(policy.unattended);
}

TEST_CASE("what a policy says of operations, domains, hours and approvers is read", "[policy]") {
  const Policy policy = parsed(R"({"version": 1, "operations": ["remove_user"], "domains": ["example.com"],
    "hours": {"from": "22:00", "to": "06:00"}, "other_approver": true})");
  CHECK(policy.operations == std::vector<std::string>{"remove_user"});
  CHECK(policy.domains == std::vector<std::string>{"example.com"});
  REQUIRE(policy.hours);
  CHECK(policy.hours->from == 22 * 60);
  CHECK(policy.other_approver);
}

TEST_CASE("a misspelt member of a policy is refused with its line and what was meant", "[policy]") {
  const std::string words = fault("{\n \"version\": 1,\n \"protectd\": [\"root@example.com\"]\n}");
  CHECK_THAT(words, Catch::Contains("policy.json:3") && Catch::Contains("protected"));
  CHECK_THAT(fault("{\"version\": 1,\n\"limits\": {\"removal\": 1}}"), Catch::Contains("policy.json:2"));
}

TEST_CASE("every misspelt member of a policy is refused with its line", "[policy]") {
  for (const char* member : {"operation", "domain", "hour", "other_aprover"}) {
    CAPTURE(member);
    CHECK_THAT(fault("{\"version\": 1,\n\"" + std::string(member) + "\": true}"),
               Catch::Contains("policy.json:2") && Catch::Contains("did you mean"));
  }
  CHECK_THAT(fault("{\"version\": 1, \"hours\": {\n\"day\": [], \"from\": \"08:00\", \"to\": \"09:00\"}}"),
             Catch::Contains("policy.json:2") && Catch::Contains("`days`"));
}

TEST_CASE("hours of a policy that no clock shows are refused with their line", "[policy]") {
  CHECK_THAT(fault("{\"version\": 1, \"hours\": {\"from\": \"08:00\",\n\"to\": \"25:00\"}}"),
             Catch::Contains("policy.json:2") && Catch::Contains("25:00"));
  CHECK_THAT(fault("{\"version\": 1, \"hours\": {\"from\": \"08:00\", \"to\": \"09:00\",\n\"days\": []}}"),
             Catch::Contains("policy.json:2"));
}

TEST_CASE("an operation that there is not is refused with its line", "[policy]") {
  CHECK_THAT(fault("{\"version\": 1,\n\"operations\": [\"remove_team\"]}"), Catch::Contains("policy.json:2"));
}

TEST_CASE("a list that would allow nothing is refused with its line", "[policy]") {
  CHECK_THAT(fault("{\"version\": 1,\n\"operations\": []}"), Catch::Contains("policy.json:2"));
  CHECK_THAT(fault("{\"version\": 1,\n\"domains\": []}"), Catch::Contains("policy.json:2"));
}

TEST_CASE("an address where a domain should stand is refused with its line", "[policy]") {
  CHECK_THAT(fault("{\"version\": 1,\n\"domains\": [\"bob@example.com\"]}"),
             Catch::Contains("policy.json:2"));
}

TEST_CASE("a policy that approves by itself cannot want another approver, refused with its line",
          "[policy]") {
  CHECK_THAT(fault("{\"version\": 1, \"other_approver\": true,\n\"unattended\": true}"),
             Catch::Contains("policy.json:2") && Catch::Contains("other_approver"));
  CHECK_NOTHROW(parsed(R"({"version": 1, "other_approver": true, "unattended": false})"));
}

TEST_CASE("a domain is what stands after the last @, compared whole and without regard to case", "[policy]") {
  Policy policy;
  policy.domains = {"Example.com", "*.contractor.example"};
  for (const char* address :
       {"bob@example.com", "bob@EXAMPLE.COM", "bob@a.contractor.example", "\"x@evil.example\"@example.com"}) {
    CAPTURE(address);
    CHECK(policy.domain_pattern(address));
  }
}

TEST_CASE("a domain that only looks like an allowed one is not it", "[policy]") {
  Policy policy;
  policy.domains = {"example.com", "*.contractor.example"};
  for (const char* address :
       {"bob@example.com.evil.example", "bob@notexample.com", "bob@example.co", "bob@example.com.",
        "bob@ex\u0430mple.com", "bob@example.com ", "bob@example.com@evil.example", "bob@contractor.example",
        "bob@x.contractor.example.evil.example", "bob", "example.com", "bob@", ""}) {
    CAPTURE(address);
    CHECK_FALSE(policy.domain_pattern(address));
  }
}

TEST_CASE("a policy of the wrong shape is refused with its line", "[policy]") {
  CHECK_THAT(fault("{\n\"version\": 2}"), Catch::Contains("policy.json:2"));
  CHECK_THAT(fault("{\"version\": 1,\n\"limits\": {\n\"share\": 2}}"), Catch::Contains("policy.json:3"));
  CHECK_THAT(fault("{\"version\": 1,\n\"unattended\": \"yes\"}"), Catch::Contains("policy.json:2"));
  CHECK_THAT(fault("[]"), Catch::Contains("policy.json:1"));
}

TEST_CASE("a policy with two lists of one name loses neither in silence", "[policy]") {
  CHECK_THAT(
      fault("{\"version\": 1,\n\"protected\": [\"root@example.com\"],\n\"protected\": [\"b@example.com\"]}"),
      Catch::Contains("policy.json:3") && Catch::Contains("`protected` twice"));
}

TEST_CASE("a domain of a million letters is a long domain, and one with an @ or a space is none",
          "[policy]") {
  const std::string letters(1'000'000, 'a');
  const auto domain = [](const std::string& name) {
    return "{\"version\": 1, \"domains\": [\"" + name + "\"]}";
  };
  CHECK(parsed(domain(letters)).domains == std::vector<std::string>{letters});
  CHECK_THAT(fault(domain(letters + "@example.com")), Catch::Contains("/domains/0"));
  CHECK_THAT(fault(domain("")), Catch::Contains("/domains/0"));
  CHECK_THAT(fault(domain("example com")), Catch::Contains("/domains/0"));
}

}  // namespace offstage::policy_test
