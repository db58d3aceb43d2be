#pragma once

#include <string>
#include <string_view>

#include "script/placeholders.h"

namespace offstage::script {

/// An XPath with its placeholders replaced, each within a string, so that no value can end it. Throws
/// Error{usage} for one that stands outside of quotes.
std::string fill_xpath(std::string_view xpath, const Writer& write);

/// What follows `aria/`. A name with a bracket in it would be read as an attribute: it is written as
/// [name="…"] instead.
std::string fill_aria(const std::string& aria, const Writer& write);

}  // namespace offstage::script
