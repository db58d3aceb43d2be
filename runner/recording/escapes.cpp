#include "recording/escapes.h"

#include <algorithm>
#include <cstdint>
#include <libxml/HTMLparser.h>
#include <optional>
#include <string>
#include <utility>

namespace offstage::recording::redaction {
namespace {

constexpr int deepest_nesting = 3;

int hex_value(const Reading& reading) {
  if (reading.size != 1) return -1;
  const char c = reading.bytes[0];
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Reading as_written(std::string_view text, std::size_t at) {
  Reading reading;
  reading.bytes[0] = text[at];
  reading.size = 1;
  reading.end = at + 1;
  return reading;
}

Reading of_byte(unsigned byte, std::size_t end) {
  Reading reading;
  reading.bytes[0] = static_cast<char>(byte);
  reading.size = 1;
  reading.end = end;
  return reading;
}

Reading of_character(std::uint32_t code, std::size_t end) {
  Reading reading;
  reading.end = end;
  const auto put = [&reading](std::uint32_t byte) {
    reading.bytes[reading.size++] = static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return reading;
}

Reading decoded(std::string_view text, std::size_t at, int depth);

/// `count` hexadecimal digits from `at`, which is moved behind them; each may be encoded itself.
std::optional<std::uint32_t> hex_digits(std::string_view text, std::size_t& at, int count, int depth) {
  std::uint32_t value = 0;
  std::size_t place = at;
  for (int i = 0; i < count; ++i) {
    if (place >= text.size()) return std::nullopt;
    const Reading digit = decoded(text, place, depth);
    const int each = hex_value(digit);
    if (each < 0) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(each);
    place = digit.end;
  }
  at = place;
  return value;
}

/// What follows a backslash, as JSON and JavaScript have it.
std::optional<Reading> after_backslash(std::string_view text, std::size_t at, int depth) {
  if (at >= text.size()) return std::nullopt;
  const Reading letter = decoded(text, at, depth);
  if (letter.size != 1) return std::nullopt;
  std::size_t place = letter.end;
  constexpr std::string_view short_names = "\"\\/'bfnrt";
  constexpr std::string_view short_values = "\"\\/'\b\f\n\r\t";
  const std::size_t known = short_names.find(letter.bytes[0]);
  if (known != std::string_view::npos) return of_byte(static_cast<unsigned char>(short_values[known]), place);
  if (letter.is('x')) {
    const auto code = hex_digits(text, place, 2, depth);
    if (!code) return std::nullopt;
    return of_character(*code, place);
  }
  if (!letter.is('u')) return std::nullopt;
  const auto code = hex_digits(text, place, 4, depth);
  if (!code) return std::nullopt;
  if (*code >= 0xD800 && *code < 0xDC00 && place < text.size()) {
    const Reading backslash = decoded(text, place, depth);
    if (backslash.is('\\') && backslash.end < text.size()) {
      const Reading second = decoded(text, backslash.end, depth);
      std::size_t behind = second.end;
      const auto low = second.is('u') ? hex_digits(text, behind, 4, depth) : std::nullopt;
      if (low && *low >= 0xDC00 && *low < 0xE000)
        return of_character(0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00), behind);
    }
  }
  return of_character(*code, place);
}

/// What follows an ampersand, as HTML has it.
std::optional<Reading> after_ampersand(std::string_view text, std::size_t at, int depth) {
  constexpr std::size_t longest_name = 10;
  if (at >= text.size()) return std::nullopt;
  Reading next = decoded(text, at, depth);
  if (!next.is('#')) {
    std::string name;
    while (next.size == 1 && is_ascii_alnum(next.bytes[0]) && name.size() < longest_name) {
      name += next.bytes[0];
      if (next.end >= text.size()) return std::nullopt;
      next = decoded(text, next.end, depth);
    }
    const std::uint32_t code = next.is(';') ? named_character(name) : 0;
    if (code == 0) return std::nullopt;
    return of_character(code, next.end);
  }
  std::uint32_t base = 10;
  std::size_t place = next.end;
  if (place >= text.size()) return std::nullopt;
  next = decoded(text, place, depth);
  if (next.is('x') || next.is('X')) {
    base = 16;
    place = next.end;
  }
  std::uint32_t code = 0;
  int digits = 0;
  while (place < text.size() && digits < 8) {
    next = decoded(text, place, depth);
    const int digit = hex_value(next);
    if (digit < 0 || static_cast<std::uint32_t>(digit) >= base) break;
    code = code * base + static_cast<std::uint32_t>(digit);
    place = next.end;
    ++digits;
  }
  if (digits == 0 || code == 0 || code > 0x10FFFF) return std::nullopt;
  if (place < text.size()) {
    next = decoded(text, place, depth);
    if (next.is(';')) place = next.end;
  }
  return of_character(code, place);
}

/// The escape that `first` begins, its further characters decoded `depth` times.
std::optional<Reading> escape_after(std::string_view text, const Reading& first, int depth) {
  if (first.is('%')) {
    std::size_t place = first.end;
    const auto byte = hex_digits(text, place, 2, depth);
    if (!byte) return std::nullopt;
    return of_byte(*byte, place);
  }
  if (first.is('\\')) return after_backslash(text, first.end, depth);
  if (first.is('&')) return after_ampersand(text, first.end, depth);
  return std::nullopt;
}

Reading decoded(std::string_view text, std::size_t at, int depth) {
  Reading reading = as_written(text, at);
  if (!may_begin_escape(text[at])) return reading;
  for (int each = 0; each < depth; ++each) {
    // What is no escape as it is written may be one further in: `\&quot;`.
    const auto next = escape_after(text, reading, each);
    if (next) reading = *next;
  }
  return reading;
}

}  // namespace

Readings readings_at(std::string_view text, std::size_t at) {
  Readings readings;
  readings.list[readings.count++] = as_written(text, at);
  if (text[at] == '+') {
    readings.list[readings.count++] = of_byte(' ', at + 1);
    return readings;
  }
  if (!may_begin_escape(text[at])) return readings;
  for (int depth = 0; depth < deepest_nesting; ++depth) {
    const auto next = escape_after(text, readings.deepest(), depth);
    if (next) readings.list[readings.count++] = *next;
  }
  return readings;
}

Reading decoded_at(std::string_view text, std::size_t at) {
  return decoded(text, at, deepest_nesting);
}

unsigned named_character(std::string_view name) {
  // The marks that HTML 5 named; what HTML 4 named is in libxml2's table.
  constexpr std::array<std::pair<std::string_view, char>, 34> marks{
      {{"commat", '@'}, {"period", '.'},   {"plus", '+'},   {"equals", '='}, {"sol", '/'},    {"num", '#'},
       {"percnt", '%'}, {"colon", ':'},    {"semi", ';'},   {"excl", '!'},   {"dollar", '$'}, {"lpar", '('},
       {"rpar", ')'},   {"ast", '*'},      {"comma", ','},  {"quest", '?'},  {"lsqb", '['},   {"lbrack", '['},
       {"bsol", '\\'},  {"rsqb", ']'},     {"rbrack", ']'}, {"Hat", '^'},    {"lowbar", '_'}, {"grave", '`'},
       {"lcub", '{'},   {"lbrace", '{'},   {"verbar", '|'}, {"rcub", '}'},   {"rbrace", '}'}, {"apos", '\''},
       {"Tab", '\t'},   {"NewLine", '\n'}, {"midast", '*'}, {"vert", '|'}}};
  for (const auto& [each, mark] : marks) {
    if (each == name) return static_cast<unsigned char>(mark);
  }
  const std::string copy(name);
  const htmlEntityDesc* entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(copy.c_str()));
  return entity == nullptr ? 0 : entity->value;
}

}  // namespace offstage::recording::redaction
