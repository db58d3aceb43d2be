#include "script/conditions.h"

#include <array>

#include <fmt/format.h>

#include "script/members.h"
#include "script/selectors.h"

namespace offstage::script {
namespace {

browser::Condition::Count comparison_of(const Json& json) {
  const std::string word = text_in(json, "operator");
  if (word == "==") return browser::Condition::Count::exactly;
  if (word == "<=") return browser::Condition::Count::at_most;
  return browser::Condition::Count::at_least;
}

}  // namespace

std::optional<std::string> filled_text(const Json& json, const char* name, const Values& values) {
  if (!has(json, name)) return std::nullopt;
  return fill_plain(text_in(json, name), values);
}

browser::Selectors filled(const browser::Selectors& selectors, const Values& values) {
  browser::Selectors out = selectors;
  for (browser::SelectorChain& chain : out) {
    for (std::string& part : chain)
      part = fill_selector(part, values);
  }
  return out;
}

browser::Selectors selectors_from(const Json& list, const Values& values) {
  return filled(parse_selectors(list), values);
}

std::string condition_fault(const Json& json, bool in_row) {
  if (has(json, "variable") || has(json, "equals")) {
    if (!has(json, "variable") || !has(json, "equals")) return "`variable` and `equals` belong together";
    if (json.size() != 2U + (has(json, "message") ? 1U : 0U)) {
      return "looks at a variable and at the page: make it two";
    }
    return {};
  }
  const bool looks = has(json, "selectors");
  if (looks && parse_selectors(json.at("selectors")).empty()) return "has no selector";
  constexpr std::array<const char*, 9> about_matches{
      "count", "operator", "visible", "absent", "text", "contains", "names", "attributes", "properties"};
  for (const char* name : about_matches) {
    if (has(json, name) && !looks && !in_row) return fmt::format("has `{}` but no `selectors`", name);
  }
  if (!looks && !in_row && !has(json, "url")) return "says nothing: give it `selectors` or `url`";
  if (flag_in(json, "absent", false)) {
    for (const char* name : {"count", "operator", "visible", "attributes", "properties", "url"}) {
      if (has(json, name)) return fmt::format("`absent` cannot stand beside `{}`", name);
    }
  }
  return {};
}

browser::Condition condition_from(const Json& json, const Surroundings& around) {
  if (const std::string fault = condition_fault(json, !around.within.empty()); !fault.empty()) {
    throw Error(Kind::usage, "a condition " + fault);
  }
  browser::Condition condition;
  condition.query.within = around.within;
  if (has(json, "selectors")) condition.query.selectors = selectors_from(json.at("selectors"), around.values);
  condition.comparison = comparison_of(json);
  condition.count = static_cast<int>(number_in(json, "count", 1));
  condition.must_be_visible = flag_in(json, "visible", true);
  condition.negate = flag_in(json, "absent", false);
  // An address alone asks for no element.
  if (condition.query.selectors.empty() && around.within.empty()) condition.count = 0;
  if (has(json, "attributes")) condition.attributes = fill_json(json.at("attributes"), around.values);
  if (has(json, "properties")) condition.properties = fill_json(json.at("properties"), around.values);
  condition.text_equals = filled_text(json, "text", around.values);
  condition.text_contains = filled_text(json, "contains", around.values);
  condition.names = filled_text(json, "names", around.values);
  if (has(json, "url")) condition.url = fill_pattern(json.at("url").get<std::string>(), around.values);
  return condition;
}

std::vector<browser::Condition> conditions_from(const Json& json, const Surroundings& around) {
  std::vector<browser::Condition> out;
  if (json.is_array()) {
    for (const Json& one : json)
      out.push_back(condition_from(one, around));
  } else if (json.is_object()) {
    out.push_back(condition_from(json, around));
  }
  return out;
}

bool is_variable_test(const Json& test) {
  return has(test, "variable");
}

bool variable_test_holds(const Json& test, const Values& values) {
  const Json& value = values.at(test.at("variable").get<std::string>());
  const std::string expected = fill_plain(test.at("equals").get<std::string>(), values);
  if (value.is_string()) return value.get<std::string>() == expected;
  if (value.is_null()) return expected.empty();
  return !value.is_structured() && value.dump() == expected;
}

}  // namespace offstage::script
