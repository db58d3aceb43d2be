#pragma once

#include <string>

#include "base/json.h"

namespace offstage::cdp {

/// A DevTools message as JSON; discarded (not an object) when it is none, or nested deeper than Chrome writes
/// any. A lone surrogate escape, which a page can put into its strings and JSON libraries refuse, is read as
/// U+FFFD.
Json parse_message(const std::string& text);

}  // namespace offstage::cdp
