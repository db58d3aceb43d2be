#include "script/sight.h"

#include "script/commit_rules.h"
#include "script/members.h"
#include "script/selectors.h"

namespace offstage::script {
namespace {

browser::Extraction::Field field_from(const std::string& name, const Json& json, const Values& values) {
  browser::Extraction::Field field;
  field.name = name;
  if (has(json, "selectors")) field.selectors = selectors_from(json.at("selectors"), values);
  if (has(json, "read")) field.read = text_in(json, "read");
  field.optional = flag_in(json, "optional", false) || has(json, "default");
  field.match = fill_regex(text_in(json, "match"), values);
  if (has(json, "constant")) field.constant = fill_plain(text_in(json, "constant"), values);
  if (has(json, "map")) field.map = fill_json(json.at("map"), values);
  return field;
}

const Step* step_below(const std::vector<Step>& steps, const std::string& path) {
  for (const Step& step : steps) {
    if (step.path == path) return &step;
    for (const auto& [member, children] : step.nested) {
      if (const Step* found = step_below(children, path)) return found;
    }
  }
  return nullptr;
}

}  // namespace

Json Reading::with_defaults(Json rows) const {
  for (Json& row : rows) {
    for (const auto& [name, value] : defaults) {
      if (!row.contains(name) || row[name].is_null()) row[name] = value;
    }
  }
  return rows;
}

Reading reading_from(const Json& parameters, const Surroundings& around) {
  Reading reading;
  reading.extraction.within = around.within;
  reading.extraction.rows = selectors_from(parameters.at("rows"), around.values);
  for (const auto& [name, field] : parameters.at("fields").items()) {
    reading.extraction.fields.push_back(field_from(name, field, around.values));
    if (has(field, "default")) {
      reading.defaults.emplace_back(name, fill_plain(text_in(field, "default"), around.values));
    }
  }
  return reading;
}

browser::Within within_from(const Json& parameters, const Values& values) {
  browser::Within within;
  within.rows = selectors_from(member(parameters, "rows"), values);
  within.field = selectors_from(member(parameters, "field"), values);
  within.equals = fill_plain(text_in(parameters, "equals"), values);
  return within;
}

browser::Condition row_condition(const browser::Within& within, const Surroundings& around) {
  browser::Condition one_row;
  one_row.query.within = around.within;
  one_row.query.within.push_back(within);
  return one_row;
}

browser::Condition element_condition(const Step& step, const Surroundings& around) {
  browser::Condition condition;
  condition.query.within = around.within;
  condition.query.selectors = filled(step.selectors, around.values);
  const std::string comparison = text_in(step.fields, "operator");
  condition.comparison = comparison == "=="   ? browser::Condition::Count::exactly
                         : comparison == "<=" ? browser::Condition::Count::at_most
                                              : browser::Condition::Count::at_least;
  condition.count = static_cast<int>(number_in(step.fields, "count", 1));
  // What Recorder calls `visible` asks for the opposite of all the rest, not for what can be seen.
  condition.negate = !flag_in(step.fields, "visible", true);
  for (const char* name : {"attributes", "properties"}) {
    const auto found = step.fields.find(name);
    if (found == step.fields.end() || !found->is_object()) continue;
    (std::string_view(name) == "attributes" ? condition.attributes : condition.properties) =
        fill_json(*found, around.values);
  }
  return condition;
}

browser::Query commit_query(const Step& action, const Surroundings& around) {
  browser::Query query;
  query.within = around.within;
  query.selectors = filled(commit_selectors(action.selectors), around.values);
  query.unique = true;
  return query;
}

std::vector<browser::Condition> confirmations(const Json& parameters, const Surroundings& around) {
  std::vector<browser::Condition> confirm = conditions_from(parameters.at("confirm"), around);
  for (browser::Condition& condition : confirm)
    condition.must_be_visible = true;
  return confirm;
}

Sight sight_of(const Step& step, const Surroundings& around) {
  Sight sight;
  if (step.type == StepType::wait_for_element) {
    sight.conditions.push_back(element_condition(step, around));
    return sight;
  }
  if (step.type != StepType::custom) {
    if (step.selectors.empty()) return sight;
    browser::Condition target;
    target.query.within = around.within;
    target.query.selectors = filled(step.selectors, around.values);
    target.must_be_visible = true;
    sight.conditions.push_back(std::move(target));
    return sight;
  }
  const Json& parameters = member(step.fields, "parameters");
  if (step.name == "within") {
    sight.conditions.push_back(row_condition(within_from(parameters, around.values), around));
  } else if (step.name == "expect" && !is_variable_test(parameters)) {
    sight.conditions.push_back(condition_from(parameters, around));
  } else if (step.name == "extract") {
    sight.reading = reading_from(parameters, around);
  } else if (step.name == "commit") {
    sight.conditions = confirmations(parameters, around);
    browser::Condition button;
    button.query = commit_query(step.children("action")->front(), around);
    button.must_be_visible = true;
    sight.conditions.push_back(std::move(button));
  }
  return sight;
}

const Step* step_at(const Script& script, const std::string& path) {
  return step_below(script.steps, path);
}

}  // namespace offstage::script
