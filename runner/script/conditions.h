#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "browser/query.h"
#include "script/template.h"

namespace offstage::script {

/// What selectors and conditions are filled and narrowed with.
struct Surroundings {
  Values values;
  std::vector<browser::Within> within;
};

/// Recorder's notation with its placeholders filled.
browser::Selectors selectors_from(const Json& list, const Values& values);
browser::Selectors filled(const browser::Selectors& selectors, const Values& values);

/// The text of a member with its placeholders filled; nothing when it is absent.
std::optional<std::string> filled_text(const Json& json, const char* name, const Values& values);

/// A condition of docs/scripts.md. Throws Error{usage} for one that `condition_fault` finds fault with.
browser::Condition condition_from(const Json& json, const Surroundings& around);
/// One condition or a list of them.
std::vector<browser::Condition> conditions_from(const Json& json, const Surroundings& around);

/// Whether a test looks at a variable instead of the page, and whether that holds.
bool is_variable_test(const Json& test);
bool variable_test_holds(const Json& test, const Values& values);

/// What is wrong with a condition (or test) of the right shape; empty: nothing. `in_row`: it stands inside a
/// `within`, where the row itself can be meant.
std::string condition_fault(const Json& json, bool in_row);

}  // namespace offstage::script
