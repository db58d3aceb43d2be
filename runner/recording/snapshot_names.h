#pragma once

#include <map>
#include <string>

#include "recording/snapshot_dom.h"

/// The accessible name of an element, as runner/browser/inpage/accessible_name.js computes it on a live page:
/// what an `aria/` selector is compared with. What style sheets alone say is not known here: `::before` and
/// `::after`, and capitals.
namespace offstage::recording::snapshot {

/// What is known already of elements, while many are asked about.
using HiddenMemory = std::map<const Node*, bool>;

/// Whether Chrome's accessibility tree leaves the element out with all that is in it, or as it is hidden.
bool is_ignored(const Node& element, HiddenMemory* memory = nullptr);
/// The name of an element, its white space folded; "" when it has none.
std::string accessible_name(const Document& document, const Node& element);

}  // namespace offstage::recording::snapshot
