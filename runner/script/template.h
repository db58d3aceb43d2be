#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "script/placeholders.h"
#include "script/shapes.h"
#include "script/values.h"

namespace offstage::script {

// Each of these replaces every placeholder once (what is put in is never looked at again), written as the
// place asks for. They throw Error{usage} when a name has no value, or when a value cannot be written there
// safely.

std::string fill_plain(std::string_view text, const Values& values);
/// For messages: what has no value stays as it is written, and so do secrets.
std::string fill_leniently(std::string_view text, const Values& values);
/// Percent-encoded, but as it is at the very beginning, where it is the base of the address. Refused where it
/// would make the host another one, or "." or ".." of a part of the path.
std::string fill_address(std::string_view text, const Values& values);
/// Percent-encoded, so that a `*` in a value is no wildcard.
std::string fill_pattern(std::string_view text, const Values& values);
/// Of one pattern or a list of them; none for anything else.
std::vector<std::string> fill_patterns(const Json& value, const Values& values);
std::string fill_regex(std::string_view text, const Values& values);
/// An expression that gets its values as arguments of a function around it, so that no value can end a
/// string or become code.
std::string fill_expression(std::string_view text, const Values& values);
/// One part of a selector, escaped for its kind, which its own prefix names and no value can change. An empty
/// value is refused: it would match nearly anything.
std::string fill_selector(std::string_view part, const Values& values);
/// Every string inside; one that is only a placeholder becomes the value itself, list or object included.
Json fill_json(const Json& value, const Values& values);

/// Why the placeholders of a text could not be filled whatever their values are; empty: they can.
std::string template_fault(std::string_view text, Use use);
std::string selector_fault(std::string_view part);

}  // namespace offstage::script
