#include "cdp/message.h"

#include <optional>
#include <string_view>

namespace offstage::cdp {

namespace {

// Chrome's own parser and writer stop at 300.
constexpr int deepest_message = 500;

/// The code unit of the escape \uXXXX that starts at `at`, if one does.
std::optional<unsigned> unit_at(const std::string& text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const auto digit =
        std::string_view("0123456789abcdef")
            .find(static_cast<char>(text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i]));
    if (digit == std::string_view::npos) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return unit;
}

bool leads(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool trails(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

std::string without_lone_surrogates(std::string text) {
  for (std::size_t at = text.find('\\'); at != std::string::npos && at + 1 < text.size();
       at = text.find('\\', at)) {
    const std::optional<unsigned> unit = unit_at(text, at);
    if (!unit) {
      at += 2;  // another escape, of two characters
      continue;
    }
    const std::optional<unsigned> next = unit_at(text, at + 6);
    if (leads(*unit) && next && trails(*next)) {
      at += 12;
      continue;
    }
    if (leads(*unit) || trails(*unit)) text.replace(at, 6, "\\uFFFD");
    at += 6;
  }
  return text;
}

}  // namespace

Json parse_message(const std::string& text) {
  // What copies a value calls itself for every level.
  if (nested_deeper(text, deepest_message)) return Json(Json::value_t::discarded);
  Json message = Json::parse(text, nullptr, false);
  if (message.is_discarded()) message = Json::parse(without_lone_surrogates(text), nullptr, false);
  return message;
}

}  // namespace offstage::cdp
