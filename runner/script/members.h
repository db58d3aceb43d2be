#pragma once

#include <string>

#include "base/json.h"

namespace offstage::script {

// Members of what has passed its shape. A member that is null counts as absent, as it does in `walk`.

/// The member, or null when it is absent or this is no object.
const Json& member(const Json& json, const char* name);
bool has(const Json& json, const char* name);
std::string text_in(const Json& json, const char* name, std::string fallback = {});
bool flag_in(const Json& json, const char* name, bool fallback);
double number_in(const Json& json, const char* name, double fallback);

}  // namespace offstage::script
