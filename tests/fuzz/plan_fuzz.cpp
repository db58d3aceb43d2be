// Bytes as a saved plan, once as they are and once with the digest that their content should have. What is
// accepted has its own digest, is written and read again the same, and cannot be changed unseen.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/hash.h"
#include "fuzz/accepted.h"
#include "fuzz/require.h"
#include "offboarding/plan.h"

using namespace offstage;
using namespace offstage::offboarding;
using fuzz::require;

namespace {

std::optional<Plan> plan_or_refusal(const std::string& text) {
  try {
    return plan_from(JsonDocument::parse(text, "plan.json"));
  } catch (const Error& error) {
    require(error.kind() == Kind::usage || error.kind() == Kind::refused,
            "a plan is refused as a mistake or as changed");
    return std::nullopt;
  }
}

bool names_requester(const Json& verdict) {
  return text_of(verdict, "rule") == "other_approver" && text_of(verdict, "verdict") == "note";
}

/// The same plan with the digest of its content, which no fuzzer can guess, and made by whom its verdict
/// names.
std::string signed_anew(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return text;
  if (text_of(json, "requested_by").empty()) json["requested_by"] = "a fuzzer";
  Json digested{{"version", Plan::version}};
  for (const char* name : {"connector", "account", "request", "actions", "verdicts"})
    digested[name] = json.value(name, Json());
  json["digest"] = sha256(canonical(digested));
  bool refused = false;
  for (const Json& verdict : digested["verdicts"])
    refused = refused || text_of(verdict, "verdict") == "refuse";
  for (const Json& verdict : digested["verdicts"]) {
    if (names_requester(verdict)) json["requested_by"] = text_of(verdict, "about");
  }
  json["refused"] = refused;
  return json.dump();
}

void check_plan(const Plan& plan) {
  require(plan.digest == digest_of(plan), "a plan has the digest of its content");
  const Json json = as_json(plan);
  const std::optional<Plan> again = plan_or_refusal(json.dump());
  require(again && as_json(*again) == json, "a plan is read as it was written");
  check_same(plan, *again);
  for (const char* name : {"connector", "account", "digest"}) {
    Json changed = json;
    changed[name] = changed[name].get<std::string>() + "x";
    require(!plan_or_refusal(changed.dump()), "a plan that was changed is refused");
  }
  const Json& verdicts = json.at("verdicts");
  if (std::any_of(verdicts.begin(), verdicts.end(), names_requester)) {
    Json changed = json;
    changed["requested_by"] = plan.requested_by + "x";
    require(!plan_or_refusal(changed.dump()), "nobody can be put in the place of the person who asked");
  }
  for (std::size_t at = 0; at < plan.actions.size(); ++at) {
    Json changed = json;
    changed["actions"].erase(at);
    require(!plan_or_refusal(changed.dump()), "a plan that lost an action is refused");
  }
}

/// Whether it is a plan.
bool check(const std::string& text) {
  const std::optional<Plan> plan = plan_or_refusal(text);
  if (plan) check_plan(*plan);
  return plan.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  bool is_plan = check(text);
  // What is nested too deeply was refused, and is not for the harness's own reading.
  if (!nested_deeper(text, deepest_nesting)) is_plan = check(signed_anew(text)) || is_plan;
  if (is_plan) fuzz::accepted.one();
  return 0;
}
