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

/// Measured (tests/unit/recording_entropy_test.cpp): of random tokens of 20 characters, 1 in 1000 is below
/// this in either alphabet; identifiers and paths of real pages that get as far as this measure stay below
/// `least_changes`.
constexpr double least_entropy = 3.1;
/// Changes of class a character: 0.62 in random letters and digits, 0.47 in hexadecimal ones, 0.2 in words.
constexpr double least_changes = 0.26;

bool is_run_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '+' || c == '/' ||
         c == '=' || c == '.';
}

bool all_of_class(std::string_view text, int (*is)(int)) {
  return std::all_of(text.begin(), text.end(), [is](unsigned char c) { return is(c) != 0; });
}

/// Words, capitalised or put together, and numbers.
bool is_word_like(std::string_view piece) {
  if (all_of_class(piece, std::isdigit)) return piece.size() <= 14;
  if (!all_of_class(piece, std::isalpha)) return false;
  return piece.size() <= 24 &&
         static_cast<double>(class_changes(piece)) <= 0.34 * static_cast<double>(piece.size());
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

/// What is left of `run` when its words are taken out; `pieces` counts the parts that are left.
std::string without_words(std::string_view run, std::size_t& pieces) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= run.size(); ++at) {
    if (at < run.size() && std::isalnum(static_cast<unsigned char>(run[at])) != 0) continue;
    const std::string_view piece = run.substr(begin, at - begin);
    if (!piece.empty() && !is_word_like(piece)) {
      out += piece;
      ++pieces;
    }
    begin = at + 1;
  }
  return out;
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
  std::size_t pieces = 0;
  const std::string rest = without_words(run, pieces);
  if (rest.size() < shortest_random) return false;
  // The path of a drawing: many short pieces.
  if (rest.size() < 6 * pieces) return false;
  if (static_cast<double>(class_changes(rest)) < least_changes * static_cast<double>(rest.size()))
    return false;
  return entropy_of(rest) > least_entropy;
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
