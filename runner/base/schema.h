#pragma once

#include <string_view>

#include "base/json.h"

namespace offstage {

/// Holds a document against a JSON Schema (draft 7). Throws Error{usage} naming file, line, path and the
/// first rule that is broken. `schema` is the schema's text; a schema that is itself bad throws
/// Error{internal}.
void validate(const JsonDocument& document, std::string_view schema);

}  // namespace offstage
