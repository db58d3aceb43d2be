#include "script/css_values.h"

#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "script/placeholders.h"

namespace offstage::script {
namespace {

bool is_css_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::string css_code(char c) {
  return fmt::format("\\{:x} ", static_cast<unsigned char>(c));
}

/// As CSSOM serialises an identifier; a leading digit is escaped wherever it stands, which is harmless.
std::string css_identifier(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (is_ascii_control(c) || (digit && (i == 0 || (i == 1 && value[0] == '-')))) {
      out += css_code(c);
    } else if (is_css_name(c) || static_cast<unsigned char>(c) >= 0x80) {
      out += value == "-" ? "\\-" : std::string(1, c);
    } else {
      out += '\\';
      out += c;
    }
  }
  return out;
}

std::string css_string(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (is_ascii_control(c)) {
      out += css_code(c);
    } else {
      if (c == '"' || c == '\'' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

/// What a CSS text is at some position.
enum class CssPlace { plain, string, comment, escape };

bool is_css_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

bool is_css_space(char c) {
  return std::string_view(" \t\r\n\f").find(c) != std::string_view::npos;
}

/// The position after the escape that begins at `at`; nothing when it goes on at the end of the text.
std::optional<std::size_t> after_css_escape(std::string_view css, std::size_t at) {
  std::size_t end = at + 1;
  while (end < css.size() && end < at + 7 && is_css_hex(css[end]))
    ++end;
  if (end >= css.size()) return std::nullopt;
  // White space ends an escape of digits and belongs to it.
  return end == at + 1 || is_css_space(css[end]) ? end + 1 : end;
}

/// What the end of a CSS text is. Placeholders hold nothing that changes it.
CssPlace css_place(std::string_view css) {
  char quote = '\0';
  for (std::size_t i = 0; i < css.size(); ++i) {
    if (css[i] == '\\') {
      const auto end = after_css_escape(css, i);
      if (!end) return CssPlace::escape;
      i = *end - 1;
    } else if (quote != '\0') {
      if (css[i] == quote) quote = '\0';
    } else if (css[i] == '"' || css[i] == '\'') {
      quote = css[i];
    } else if (css.substr(i).starts_with("/*")) {
      i = css.find("*/", i + 2);
      if (i == std::string_view::npos) return CssPlace::comment;
      ++i;
    }
  }
  return quote != '\0' ? CssPlace::string : CssPlace::plain;
}

}  // namespace

std::string css_value(std::string_view before, std::string_view name, std::string_view value) {
  switch (css_place(before)) {
    case CssPlace::plain:
      return css_identifier(value);
    case CssPlace::string:
      return css_string(value);
    case CssPlace::comment:
      return {};  // it says nothing there
    case CssPlace::escape:
      break;
  }
  refuse(name, "would be a part of the escape before it in CSS", "end the escape with a space");
}

}  // namespace offstage::script
