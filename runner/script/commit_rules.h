#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "browser/query.h"
#include "script/script.h"

namespace offstage::script {

/// The selectors of a commit's action that are used: the first, and, when that goes by what people read
/// (`aria/`, `text/`), the others that do. They are the author's names for one thing; what Recorder writes
/// after them (CSS, XPath, pierce) would find whatever stands in its place.
browser::Selectors commit_selectors(const browser::Selectors& selectors);

/// Whether a condition of `confirm` identifies the target: it names it, its text is the target, or the
/// element has the target as a property, such as a field's `value`.
bool identifies(const browser::Condition& condition, const std::string& target);

/// Whether a condition (of `confirm`, filled or not) says that this text names the target: by `names`, by
/// `text`, or by the `value` of a field.
bool names_target(const Json& condition, const std::string& target);

/// Whether `status` (a number or a list; nothing is any success) holds this one.
bool is_expected_status(const Json& expected, int status);

/// What an answer means that surely changed nothing; nothing: its effect is unknown.
std::optional<Kind> kind_of_refusal(int status);

/// The `message` that most consoles put into the JSON body of a refusal; empty: there is none.
std::string words_in_body(const std::string& body);

}  // namespace offstage::script
