#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace offstage::offboarding {

/// Fills a page's template: `{{name}}` becomes the value of that name, printable and escaped for HTML;
/// `{{{name}}}` the value as it stands, for what Offstage itself made; `{{#name}}…{{/name}}` is repeated for
/// each element of an array, shown once for an object or a value that is neither false, null nor "";
/// `{{^name}}…{{/name}}` is shown when the other would not be. Names are looked up from the innermost element
/// outwards. Throws Error{internal} on a name that is not there or a section that is not closed.
std::string render(std::string_view page, const Json& data);

}  // namespace offstage::offboarding
