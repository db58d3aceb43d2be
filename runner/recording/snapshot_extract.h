#pragma once

#include "base/json.h"
#include "browser/query.h"
#include "recording/snapshot_query.h"

/// Reading rows of fields from a snapshot, as runner/browser/inpage/extract.js reads them.
namespace offstage::recording::snapshot {

/// Throws Error{drift} naming row and field when one cannot be read, Error{usage} for a rule that is not
/// valid.
Json rows_of(const Ground& ground, const browser::Extraction& extraction);

}  // namespace offstage::recording::snapshot
