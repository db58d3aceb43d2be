#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace offstage::recording::redaction {

/// One way to read what stands at a place of a text: a character, and where the text goes on. A value.
struct Reading {
  std::array<char, 4> bytes{};  ///< the character in UTF-8, or one byte of it
  std::size_t size = 0;         ///< how many of `bytes` count
  std::size_t end = 0;          ///< the place after it, in the text as it is written

  std::string_view text() const { return {bytes.data(), size}; }
  bool is(char c) const { return size == 1 && bytes[0] == c; }
};

/// All the ways to read one place: as it is written first, then decoded once, twice and three times.
struct Readings {
  std::array<Reading, 5> list;
  std::size_t count = 0;

  const Reading* begin() const { return list.data(); }
  const Reading* end() const { return list.data() + count; }
  const Reading& deepest() const { return list[count - 1]; }
};

/// Whether an escape can begin with `c`: all other characters can be read in one way only.
constexpr bool may_begin_escape(char c) {
  return c == '%' || c == '\\' || c == '&' || c == '+';
}

/// The readings of `text` at `at`, which must be inside of it: percent-encoding, JSON's (and JavaScript's)
/// escapes and HTML's character references, inside each other to a depth of three; a `+` is a space as well
/// (the reading that comes first is the `+` itself).
Readings readings_at(std::string_view text, std::size_t at);

/// The character at `at`, decoded as often as can be; a `+` stays one.
Reading decoded_at(std::string_view text, std::size_t at);

/// The character that a named reference of HTML stands for ("amp", "commat", "eacute"), or 0.
unsigned named_character(std::string_view name);

}  // namespace offstage::recording::redaction
