#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "recording/body_store.h"
#include "recording/recording.h"

namespace offstage::recording {

/// Parses a recording's text; `name` is what errors call it. Throws Error{usage} with line, column and what
/// to do when it is no JSON.
std::shared_ptr<const JsonDocument> recording_document(std::string text, const std::string& name);

/// The recording that a document holds, with its bodies from `bodies`. Throws Error{usage}, naming line and
/// path, for anything that is not as `har_of` writes it.
Recording recording_from(const std::shared_ptr<const JsonDocument>& document, const BodyLookup& bodies);

}  // namespace offstage::recording
