#include "script/commit_rules.h"

#include <algorithm>

#include "script/members.h"
#include "script/selectors.h"

namespace offstage::script {

browser::Selectors commit_selectors(const browser::Selectors& selectors) {
  browser::Selectors used;
  for (const browser::SelectorChain& chain : selectors) {
    if (used.empty() || (is_by_label(used.front()) && is_by_label(chain))) used.push_back(chain);
  }
  return used;
}

bool identifies(const browser::Condition& condition, const std::string& target) {
  // What also holds when nothing matches names nobody.
  const bool some = condition.comparison != browser::Condition::Count::at_most && condition.count > 0;
  if (condition.negate || !some) return false;
  if (condition.names == target || condition.text_equals == target) return true;
  return std::any_of(condition.properties.begin(), condition.properties.end(),
                     [&target](const Json& value) { return value == target; });
}

bool names_target(const Json& condition, const std::string& target) {
  const bool some = text_in(condition, "operator") != "<=" && number_in(condition, "count", 1) > 0;
  if (flag_in(condition, "absent", false) || !some) return false;
  const auto is_target = [&target](const Json& owner, const char* name) {
    return has(owner, name) && text_in(owner, name) == target;
  };
  if (is_target(condition, "names") || is_target(condition, "text")) return true;
  return is_target(member(condition, "properties"), "value");
}

bool is_expected_status(const Json& expected, int status) {
  if (expected.is_number()) return expected.get<int>() == status;
  if (!expected.is_array() || expected.empty()) return status >= 200 && status < 300;
  return std::any_of(expected.begin(), expected.end(),
                     [status](const Json& one) { return one.get<int>() == status; });
}

std::optional<Kind> kind_of_refusal(int status) {
  switch (status) {
    case 401:
      return Kind::unreachable;
    case 429:
      return Kind::busy;
    case 402:
    case 403:
    case 422:
      return Kind::refused;
    default:
      return std::nullopt;
  }
}

std::string words_in_body(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  for (const char* name : {"message", "error_message", "reason", "error"}) {
    if (std::string text = text_in(json, name); !text.empty()) return text;
  }
  return {};
}

}  // namespace offstage::script
