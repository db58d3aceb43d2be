#pragma once

#include <optional>
#include <string>

#include "recording/snapshot_query.h"

/// Conditions of a snapshot, as runner/browser/inpage/conditions.js looks at them.
namespace offstage::recording::snapshot {

/// Empty when it holds.
std::optional<browser::Miss> look_at(const Ground& ground, const std::string& url,
                                     const browser::Condition& condition);

}  // namespace offstage::recording::snapshot
