#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "script/script.h"
#include "script/shapes.h"

namespace offstage::script {

/// The word for a type in the file: "doubleClick".
std::string_view word_of(StepType type);
std::optional<StepType> type_named(std::string_view word);
/// All fourteen words, in Recorder's order.
std::vector<std::string> type_words();

/// Whether Recorder asks for selectors in a step of this type.
bool takes_selectors(StepType type);

/// The members of an entry of this type, beside those of `common_shape`.
const Shape& shape_of(StepType type);

/// What Offstage takes in the `parameters` of a customStep of this name; nullptr: there is no such step.
const Shape* parameters_of(std::string_view custom_name);
std::vector<std::string> custom_names();

}  // namespace offstage::script
