#pragma once

#include <string>

#include "base/json.h"

namespace offstage::recording {

/// JSON laid out for people who read differences: whatever fits stands on one line of at most 120 columns,
/// the rest one member a line, two spaces deeper each; a new line at the end. The same value, the same text.
/// Throws Json::exception when a string in it is not UTF-8.
std::string laid_out(const Json& value);

}  // namespace offstage::recording
