#include <algorithm>
#include <array>
#include <span>

#include "recording/snapshot_text.h"

namespace offstage::recording::snapshot {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

bool is_in(std::span<const CodeRange> ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const CodeRange& range) { return range.first <= code && code <= range.last; });
}

/// What JavaScript's \s matches.
bool is_space(char32_t code) {
  static constexpr std::array<CodeRange, 9> spaces = {{{0x09, 0x0D},
                                                       {0x20, 0x20},
                                                       {0xA0, 0xA0},
                                                       {0x1680, 0x1680},
                                                       {0x2000, 0x200A},
                                                       {0x2028, 0x2029},
                                                       {0x202F, 0x202F},
                                                       {0x205F, 0x205F},
                                                       {0x3000, 0x3000}}};
  return is_in(spaces, code) || code == 0xFEFF;
}

/// Signs beyond ASCII: everything else there is taken for a letter, a mark or a digit.
bool is_sign(char32_t code) {
  static constexpr std::array<CodeRange, 22> signs = {
      {{0x80, 0xA9},     {0xAB, 0xB1},     {0xB4, 0xB4},     {0xB6, 0xB8},     {0xBB, 0xBB},
       {0xBF, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x206F}, {0x207A, 0x207E},
       {0x208A, 0x208E}, {0x20A0, 0x20CF}, {0x2190, 0x245F}, {0x249C, 0x24B5}, {0x2500, 0x2775},
       {0x2794, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0xE000, 0xF8FF},
       {0xFE10, 0xFE1F}, {0xFE30, 0xFE6A}}};
  static constexpr std::array<CodeRange, 6> more = {{{0xFF00, 0xFF0F},
                                                     {0xFF1A, 0xFF1F},
                                                     {0xFF3B, 0xFF3E},
                                                     {0xFF5B, 0xFF65},
                                                     {0xFFE0, 0xFFFF},
                                                     {0x1F000, 0x1FAFF}}};
  return is_in(signs, code) || is_in(more, code) || is_space(code);
}

bool is_word_like(char32_t code) {
  if (code < 0x80) {
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9') ||
           code == '_' || code == '@';
  }
  return code == 0xFF20 || code == 0xFE6B || !is_sign(code);
}

bool is_apostrophe(char32_t code) {
  return code == '\'' || code == 0x2019 || code == '`';
}

bool is_joining(char32_t code) {
  constexpr std::u32string_view marks = U".!#$%&*+-/=?^{|}~'\u2019`\u00B7";
  return marks.find(code) != std::u32string_view::npos;
}

/// The character before a byte; of length 0 at the start.
Character character_before(std::string_view text, std::size_t end) {
  if (end == 0) return {0, 0};
  std::size_t start = end - 1;
  while (start > 0 && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U)
    --start;
  const Character found = character_at(text, start);
  return start + found.length == end ? found : Character{0xFFFD, 1};
}

bool joins_before(std::string_view text, std::size_t end) {
  const Character last = character_before(text, end);
  if (last.length == 0) return false;
  if (is_word_like(last.code)) return true;
  // A quotation mark opens; any other of these could be the start of another address.
  if (is_apostrophe(last.code)) {
    const Character before = character_before(text, end - last.length);
    return before.length != 0 && is_word_like(before.code);
  }
  return is_joining(last.code);
}

bool joins_after(std::string_view text, std::size_t start) {
  if (start >= text.size()) return false;
  const Character first = character_at(text, start);
  if (is_word_like(first.code)) return true;
  // "ann@x.com." ends a sentence, "ann@x.com.br" does not.
  const std::size_t next = start + first.length;
  return is_joining(first.code) && next < text.size() && is_word_like(character_at(text, next).code);
}

int count_of_units(std::string_view text, std::string_view name) {
  int count = 0;
  if (name.empty()) return count;
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (!joins_before(text, at) && !joins_after(text, at + name.size())) ++count;
  }
  return count;
}

bool is_at_sign(char32_t code) {
  return code == '@' || code == 0xFF20 || code == 0xFE6B;
}

/// What may stand in an address, on both sides of its sign.
bool is_in_address(char32_t code) {
  constexpr std::u32string_view ends = U"<>()[]\"'`,;:|\\";
  return !is_space(code) && ends.find(code) == std::u32string_view::npos;
}

bool holds_word(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character each = character_at(text, at);
    if (is_word_like(each.code)) return true;
    at += each.length;
  }
  return false;
}

// What the generous pattern takes for an address may be the name itself with quotation marks around it.
bool is_part_of(std::string_view text, std::string_view name, const AddressAt& found) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return false;
  const std::size_t end = at + name.size();
  if (at <= found.start && found.end <= end) return true;
  const bool around = found.start <= at && end <= found.end;
  return around && !holds_word(text.substr(found.start, at - found.start)) &&
         !holds_word(text.substr(end, found.end - end));
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {0xFFFD, 1};
  char32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
    code = (code << 6U) | (byte(at + i) & 0x3FU);
  }
  return {code, length};
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character each = character_at(text, at);
    if (is_space(each.code)) {
      space = !out.empty();
    } else {
      if (space) out += ' ';
      space = false;
      out += text.substr(at, each.length);
    }
    at += each.length;
  }
  return out;
}

std::string folded_name(std::string_view text) {
  constexpr std::string_view spaces = " \t\n\r\f";
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (spaces.find(c) != std::string_view::npos) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

std::string_view trimmed_text(std::string_view text) {
  while (!text.empty()) {
    const Character first = character_at(text, 0);
    if (!is_space(first.code)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    const Character last = character_before(text, text.size());
    if (!is_space(last.code)) break;
    text.remove_suffix(last.length);
  }
  return text;
}

std::string clipped(std::string_view text, std::size_t limit) {
  std::size_t at = 0;
  for (std::size_t count = 0; count < limit && at < text.size(); ++count)
    at += character_at(text, at).length;
  return at >= text.size() ? std::string(text) : std::string(text.substr(0, at)) + "…";
}

std::vector<AddressAt> addresses_in(std::string_view text) {
  std::vector<AddressAt> found;
  for (std::size_t start = 0; start < text.size();) {
    // As the pattern in text.js takes it: up to the last sign of a run that something else follows.
    std::size_t sign = std::string_view::npos;
    std::size_t at = start;
    while (at < text.size()) {
      const Character each = character_at(text, at);
      if (!is_in_address(each.code)) break;
      const std::size_t next = at + each.length;
      if (is_at_sign(each.code) && at > start && next < text.size()) {
        const char32_t following = character_at(text, next).code;
        if (is_in_address(following) && !is_at_sign(following)) sign = at;
      }
      at = next;
    }
    if (sign == std::string_view::npos) {
      start = at < text.size() ? at + character_at(text, at).length : at;
      continue;
    }
    std::size_t end = sign + character_at(text, sign).length;
    while (end < at && !is_at_sign(character_at(text, end).code))
      end += character_at(text, end).length;
    const std::size_t rest = end;
    while (end > start) {
      const Character last = character_before(text, end);
      if (last.code != '.' && last.code != '?' && last.code != '!' && last.code != 0x2026) break;
      end -= last.length;
    }
    found.push_back({std::string(text.substr(start, end - start)), start, end});
    start = rest;
  }
  return found;
}

std::string why_not_named(std::string_view text, std::string_view name) {
  const int count = count_of_units(text, name);
  const std::string shown = "the text is \"" + clipped(text, 160) + "\"";
  if (count != 1) {
    return "\"" + clipped(name, 80) + "\" stands " + std::to_string(count) + " times where once is meant; " +
           shown;
  }
  std::vector<AddressAt> others = addresses_in(text);
  std::erase_if(others, [name](const AddressAt& each) { return each.address == name; });
  const bool alone = std::all_of(others.begin(), others.end(),
                                 [&](const AddressAt& each) { return is_part_of(text, name, each); });
  if (alone) return {};
  return "another address stands beside it: \"" + clipped(others[0].address, 80) + "\"; " + shown;
}

}  // namespace offstage::recording::snapshot
