#pragma once

#include <string>
#include <string_view>

#include "recording/snapshot_dom.h"

/// The ARIA role of an element, as runner/browser/inpage/roles.js gives it on a live page.
namespace offstage::recording::snapshot {

/// Roles that mean the same under one name; Chrome's own, which Recorder writes, as those of ARIA.
std::string canonical_role(std::string_view role);
/// "none" where the element says that it has no meaning, "generic" where it has none.
std::string role_of(const Document& document, const Node& element);

}  // namespace offstage::recording::snapshot
