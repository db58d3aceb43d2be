#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::script {

/// One `{{name}}` in a text. Anything else between double braces is ordinary text.
struct Placeholder {
  std::size_t start = 0;  ///< of the opening braces
  std::size_t end = 0;    ///< after the closing braces
  std::string name;
};
std::vector<Placeholder> placeholders(std::string_view text);
/// The name when the text is nothing but one placeholder.
std::optional<std::string> only_placeholder(std::string_view text);

/// What is written in place of one.
using Writer = std::function<std::string(const Placeholder&)>;
/// Each placeholder written once: what is put in is never looked at again.
std::string replaced(std::string_view text, const Writer& write);

/// Throws Error{usage}: "{{name}} why".
[[noreturn]] void refuse(std::string_view name, std::string_view why, std::string hint = {});

/// `secret.x` and `otp`: they stand only in the value of a `change`, alone.
bool is_secret_name(std::string_view name);
/// The first part of a dotted name.
std::string first_part(std::string_view name);

}  // namespace offstage::script
