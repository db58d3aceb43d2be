#include "offboarding/paint.h"

#include "base/text.h"

namespace offstage::offboarding {
namespace {

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text)
    count += starts_character(byte) ? 1 : 0;
  return count;
}

std::string fitted(std::string_view text, std::size_t width) {
  const std::size_t have = columns(text);
  if (have <= width) return std::string(text) + std::string(width - have, ' ');
  std::string cut;
  std::size_t taken = 0;
  for (const char byte : text) {
    if (starts_character(byte) && ++taken == width) break;
    cut += byte;
  }
  return cut + "…";
}

std::string folded(std::string_view text, std::size_t indent, std::size_t width) {
  if (width == 0 || indent + columns(text) <= width) return std::string(text);
  std::string lines;
  std::size_t taken = indent;
  for (const std::string& word : split(text, ' ')) {
    if (lines.empty()) {
      lines = word;
    } else if (taken + 1 + columns(word) <= width) {
      lines += " " + word;
      ++taken;
    } else {
      lines += "\n" + std::string(indent, ' ') + word;
      taken = indent;
    }
    taken += columns(word);
  }
  return lines;
}

std::string moment(const std::string& at) {
  if (at.size() < 19) return at;
  return at.substr(0, 10) + " " + at.substr(11, 8) + " UTC";
}

}  // namespace offstage::offboarding
