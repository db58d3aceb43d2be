#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "script/shapes.h"

namespace offstage::script {

/// What `{{…}}` stands for while a script runs. Refers to the variables of a run, which must outlive it.
class Values {
 public:
  explicit Values(const std::map<std::string, Json>& variables) : variables_(&variables) {}

  /// The value of a name, with dots for members and numbers for elements ("row.user", "rows.0"); nullptr:
  /// there is none.
  const Json* find(std::string_view name) const;
  const Json& at(std::string_view name) const;  ///< throws Error{usage} when there is none
  /// The same as text. Throws Error{usage} when it is null, a list or an object.
  std::string text(std::string_view name) const;

 private:
  const std::map<std::string, Json>* variables_;
};

/// One `{{name}}` in a text. Anything else between double braces is ordinary text.
struct Placeholder {
  std::size_t start = 0;  ///< of the opening braces
  std::size_t end = 0;    ///< after the closing braces
  std::string name;
};
std::vector<Placeholder> placeholders(std::string_view text);
/// The name when the text is nothing but one placeholder.
std::optional<std::string> only_placeholder(std::string_view text);

/// Throws Error{usage}: "{{name}} why".
[[noreturn]] void refuse(std::string_view name, std::string_view why, std::string hint = {});

/// `secret.x` and `otp`: they stand only in the value of a `change`, alone.
bool is_secret_name(std::string_view name);
/// The first part of a dotted name.
std::string first_part(std::string_view name);

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
