#pragma once

#include <set>
#include <string>
#include <vector>

#include "script/script.h"

namespace offstage::script {

/// One use of a name that no argument and no step before it sets.
struct NameUse {
  std::string name;     ///< its first part
  std::string pointer;  ///< where it stands
};

/// Follows the steps of a script in order. A name that any branch sets counts as set after it.
std::vector<NameUse> unset_names(const Script& script, const std::set<std::string>& arguments);

/// The names that its steps set, at any depth, the items of a `forEach` left out.
std::set<std::string> names_set(const Script& script);

}  // namespace offstage::script
