#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "console/heroku/http.h"

namespace offstage::practice_heroku {

using Values = std::map<std::string, std::string>;

/// A file of tests/console/heroku/pages, with each {{name}} replaced by its value, escaped for HTML, and each
/// {{{name}}} by its value as it stands. Throws Error{internal} when there is no such file or value.
std::string page(std::string_view file, const Values& values = {});

/// The script, style sheet or image of that name, or nothing when there is none.
std::optional<Response> asset(std::string_view file);

}  // namespace offstage::practice_heroku
