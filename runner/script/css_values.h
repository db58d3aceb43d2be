#pragma once

#include <string>
#include <string_view>

namespace offstage::script {

/// A value, not empty, written so that it stays one name or a part of one string of a CSS selector, whichever
/// `before`, the selector up to it, asks for; nothing within a comment. Throws Error{usage} that calls it
/// `name` where an escape would take its beginning.
std::string css_value(std::string_view before, std::string_view name, std::string_view value);

}  // namespace offstage::script
