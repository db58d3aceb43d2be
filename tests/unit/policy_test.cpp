#include "offboarding/policy.h"

#include <catch2/catch.hpp>

namespace offstage::policy_test {

using namespace offboarding;

namespace {

Policy parsed(const std::string& text) {
  return policy_from(JsonDocument::parse(text, "policy.json"));
}

std::string fault(const std::string& text) {
  try {
    parsed(text);
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::usage);
    return error.explain();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a policy's defaults are careful", "[policy]") {
  const Policy policy = parsed(R"({"version": 1})");
  CHECK(policy.removals == 25);
  CHECK(policy.share == 0.5);
  CHECK_FALSE(policy.unattended);
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

TEST_CASE("a misspelt member of a policy is refused with its line and what was meant", "[policy]") {
  const std::string words = fault("{\n \"version\": 1,\n \"protectd\": [\"root@example.com\"]\n}");
  CHECK_THAT(words, Catch::Contains("policy.json:3") && Catch::Contains("protected"));
  CHECK_THAT(fault("{\"version\": 1,\n\"limits\": {\"removal\": 1}}"), Catch::Contains("policy.json:2"));
}

TEST_CASE("a policy of the wrong shape is refused with its line", "[policy]") {
  CHECK_THAT(fault("{\n\"version\": 2}"), Catch::Contains("policy.json:2"));
  CHECK_THAT(fault("{\"version\": 1,\n\"limits\": {\n\"share\": 2}}"), Catch::Contains("policy.json:3"));
  CHECK_THAT(fault("{\"version\": 1,\n\"unattended\": \"yes\"}"), Catch::Contains("policy.json:2"));
  CHECK_THAT(fault("[]"), Catch::Contains("policy.json:1"));
}

}  // namespace offstage::policy_test
