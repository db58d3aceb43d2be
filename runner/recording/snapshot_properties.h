#pragma once

#include <string>

#include "base/json.h"
#include "recording/snapshot_dom.h"

namespace offstage::recording::snapshot {

/// Whether an element has everything that `expected` says of its DOM properties (1 is not "1"), as far as
/// HTML tells them. Throws CannotJudge for a property that a snapshot does not know.
bool holds_properties(const Node& element, const Json& expected);
/// One property of an element.
bool holds_property(const Node& element, const std::string& name, const Json& expected);

}  // namespace offstage::recording::snapshot
