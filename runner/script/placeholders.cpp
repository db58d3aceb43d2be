#include "script/placeholders.h"

#include <cctype>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace offstage::script {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Letters, digits, `_` and `-`, in parts with dots between them, beginning with a letter or `_`.
bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0) return false;
  bool part_begins = true;
  for (const char c : text) {
    if (c == '.' ? part_begins : !is_name_character(c)) return false;
    part_begins = c == '.';
  }
  return !part_begins && text.front() != '-';
}

}  // namespace

void refuse(std::string_view name, std::string_view why, std::string hint) {
  throw Error(Kind::usage, fmt::format("{{{{{}}}}} {}", name, why), std::move(hint));
}

std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> out;
  std::size_t at = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    const std::size_t close = text.find("}}", at + 2);
    if (close == std::string_view::npos) break;
    const std::string_view name = trimmed(text.substr(at + 2, close - at - 2));
    if (is_name(name)) {
      out.push_back({at, close + 2, std::string(name)});
      at = close + 2;
    } else {
      ++at;
    }
  }
  return out;
}

std::optional<std::string> only_placeholder(std::string_view text) {
  const std::vector<Placeholder> found = placeholders(text);
  if (found.size() != 1 || found[0].start != 0 || found[0].end != text.size()) return std::nullopt;
  return found[0].name;
}

bool is_secret_name(std::string_view name) {
  return name == "otp" || name == "secret" || name.starts_with("secret.");
}

std::string first_part(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

std::string replaced(std::string_view text, const Writer& write) {
  std::string out;
  std::size_t at = 0;
  for (const Placeholder& placeholder : placeholders(text)) {
    out += text.substr(at, placeholder.start - at);
    out += write(placeholder);
    at = placeholder.end;
  }
  return out += text.substr(at);
}

}  // namespace offstage::script
