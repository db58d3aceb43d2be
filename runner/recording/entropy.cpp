#include "recording/entropy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "base/text.h"
#include "recording/tokens.h"

namespace offstage::recording::redaction {
namespace {

constexpr std::size_t shortest_random = 20;
constexpr std::size_t shortest_hex = 32;

/// Measured on 1000 random tokens of each alphabet (recording_entropy_test.cpp: 97 of 100 of the shortest
/// ones are told, all of the longer ones) and on 3000 web pages and JSON files, where nearly all of what is
/// told is a hash, an id or a key.
constexpr double least_entropy = 2.9;
/// Changes of class a character: 0.62 in random letters and digits, 0.47 in hexadecimal ones, 0.1 in words.
constexpr double least_changes = 0.2;

bool is_run_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '+' || c == '/' ||
         c == '=' || c == '.';
}

bool all_of_class(std::string_view text, int (*is)(int)) {
  return std::all_of(text.begin(), text.end(), [is](unsigned char c) { return is(c) != 0; });
}

/// A word in one case or capitalised, with or without a short number behind it, or a number.
bool is_word_like(std::string_view piece) {
  constexpr std::size_t longest_number = 14;
  constexpr std::size_t longest_word = 40;
  if (all_of_class(piece, std::isdigit)) return piece.size() <= longest_number;
  const std::size_t letters = piece.find_last_not_of("0123456789") + 1;
  return piece.size() <= longest_word && piece.size() - letters <= 4 &&
         is_plain_word(piece.substr(0, letters));
}

/// How many characters of `piece` are in no word of four letters or more, as "MuiButtonBase" puts them
/// together. Where all letters are small it is no such thing.
std::size_t outside_words(std::string_view piece) {
  constexpr std::size_t shortest_word = 4;
  if (std::none_of(piece.begin(), piece.end(), [](unsigned char c) { return std::isupper(c) != 0; }))
    return piece.size();
  std::size_t outside = 0;
  for (std::size_t at = 0; at < piece.size();) {
    std::size_t end = at + 1;
    while (end < piece.size() && std::islower(static_cast<unsigned char>(piece[end])) != 0)
      ++end;
    const bool letter = std::isalpha(static_cast<unsigned char>(piece[at])) != 0;
    if (!letter || end - at < shortest_word) outside += end - at;
    at = end;
  }
  return outside;
}

/// Numbers between the letters that draw: "64v96h64V64H354".
bool is_drawing(std::string_view text) {
  return text.find_first_not_of("0123456789mMlLhHvVcCsSqQtTaAzZ") == std::string_view::npos;
}

bool has_long_hex(std::string_view run) {
  std::size_t count = 0;
  bool digit = false;
  bool letter = false;
  for (const char c : run) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isxdigit(byte) == 0) {
      count = 0;
      digit = letter = false;
      continue;
    }
    ++count;
    (std::isdigit(byte) != 0 ? digit : letter) = true;
    if (count >= shortest_hex && digit && letter) return true;
  }
  return false;
}

/// What is left of a run when its words are taken out.
struct Rest {
  std::string text;
  std::size_t pieces = 0;
  std::size_t outside_words = 0;
};

Rest without_words(std::string_view run) {
  Rest rest;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= run.size(); ++at) {
    if (at < run.size() && std::isalnum(static_cast<unsigned char>(run[at])) != 0) continue;
    const std::string_view piece = run.substr(begin, at - begin);
    begin = at + 1;
    if (piece.empty() || is_word_like(piece)) continue;
    rest.text += piece;
    rest.pieces += 1;
    rest.outside_words += outside_words(piece);
  }
  return rest;
}

/// The end of the `data:` address of an image that begins at `at`, or `at`.
std::size_t image_address_end(std::string_view text, std::size_t at) {
  if (text.substr(at, 11) != "data:image/") return at;
  constexpr std::string_view ends = "\"'`<>() \t\r\n\\";
  return std::min(text.find_first_of(ends, at), text.size());
}

bool is_digest(std::string_view run) {
  return run.starts_with("sha256-") || run.starts_with("sha384-") || run.starts_with("sha512-");
}

}  // namespace

double entropy_of(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const char c : text)
    ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool looks_random(std::string_view run) {
  if (run.size() < shortest_random) return false;
  if (has_long_hex(run)) return true;
  const Rest rest = without_words(run);
  const std::size_t size = rest.text.size();
  if (size < shortest_random || 2 * rest.outside_words < size) return false;
  // A list of short things, such as the path of a drawing.
  if (size < 6 * rest.pieces || is_drawing(rest.text)) return false;
  if (static_cast<double>(class_changes(rest.text)) < least_changes * static_cast<double>(size)) return false;
  return entropy_of(rest.text) > least_entropy;
}

std::vector<Span> random_runs_in(std::string_view text) {
  std::vector<Span> out;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == 'd') at = std::max(at, image_address_end(text, at));
    if (at >= text.size()) break;
    const std::size_t begin = at;
    while (at < text.size() && is_run_char(text[at])) {
      if (text[at] == 'd' && text.substr(at, 11) == "data:image/") break;
      ++at;
    }
    if (at == begin) {
      ++at;
      continue;
    }
    std::string_view run = text.substr(begin, at - begin);
    if (run.size() >= shortest_random && !is_digest(run) && looks_random(run))
      out.push_back({begin, run.size()});
  }
  return out;
}

}  // namespace offstage::recording::redaction
