#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"

namespace offstage::script {

/// What `{{…}}` stands for while a script runs. Refers to the variables of a run, which must outlive it.
class Values {
 public:
  explicit Values(const std::map<std::string, Json>& variables) : variables_(&variables) {}

  /// The value of a name, with dots for members and numbers for elements ("row.user", "rows.0"); nullptr:
  /// there is none.
  const Json* find(std::string_view name) const;
  const Json& at(std::string_view name) const;  ///< throws Error{usage} when there is none
  /// The same as text. Throws Error{usage} when it is null, a list or an object.
  std::string text(std::string_view name) const;

 private:
  const std::map<std::string, Json>* variables_;
};

}  // namespace offstage::script
