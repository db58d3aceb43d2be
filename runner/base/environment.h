#pragma once

#include <string>

namespace offstage {

/// The value of an environment variable; "" when it is not set, which means the same everywhere here.
std::string environment(const std::string& name);

}  // namespace offstage
