#include <array>
#include <utility>

#include "base/text.h"
#include "offboarding/guards.h"

namespace offstage::offboarding {
namespace {

/// Longer spellings first: "rn" must be read before its letters.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> shapes{{
    {"rn", "m"},     {"vv", "w"},     {"0", "o"},      {"1", "l"},      {"i", "l"},      {"|", "l"},
    {"5", "s"},      {"3", "e"},      {"\u0430", "a"}, {"\u0435", "e"}, {"\u043e", "o"}, {"\u0440", "p"},
    {"\u0441", "c"}, {"\u0443", "y"}, {"\u0445", "x"}, {"\u0456", "l"}, {"\u0455", "s"}, {"\u0501", "d"},
    {"\u03bf", "o"}, {"\u0131", "l"}, {"\u00e9", "e"}, {"\u00fc", "u"},
}};

/// Without what nobody sees: all that `printable` would have to write out.
std::string without_hidden(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      ++end;
    const std::string_view character = text.substr(at, end - at);
    if (printable(character) == character) shown += character;
    at = end;
  }
  return shown;
}

/// An address's name (what stands before the @) as it looks at a glance.
std::string skeleton(std::string_view address) {
  const std::string lower = ascii_lower(without_hidden(address.substr(0, address.rfind('@'))));
  const std::string_view name = std::string_view(lower).substr(0, lower.find('+'));
  std::string shape;
  for (std::size_t at = 0; at < name.size();) {
    bool found = false;
    for (const auto& [from, to] : shapes) {
      if (name.substr(at).starts_with(from)) {
        shape += to;
        at += from.size();
        found = true;
        break;
      }
    }
    if (found) continue;
    if (name[at] != '.' && name[at] != '_' && name[at] != '-') shape += name[at];
    ++at;
  }
  return shape;
}

}  // namespace

bool look_alike(std::string_view a, std::string_view b) {
  if (same_email(a, b)) return false;
  const std::string shape = skeleton(a);
  return !shape.empty() && shape == skeleton(b);
}

}  // namespace offstage::offboarding
