#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::recording::redaction {

/// A stretch of a text that could be base64, of either alphabet, and in which `+`, `/` and `=` may be
/// escaped. A value.
struct Base64Run {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string characters;  ///< decoded, without the padding
  bool padded = false;
  /// How this run writes the marks that need an escape in places: "%2B" for `+`; empty where it has none.
  std::string plus, slash, equals;
};

/// A prefix before base64 ("member-") is looked for in so many characters.
constexpr std::size_t longest_prefix = 64;

/// The runs of `text` that are long enough to hold something and do not look like plain words, in order.
std::vector<Base64Run> base64_runs(std::string_view text);

/// The lines of `text` that are base64 broken at a fixed width (as in MIME and PEM), each block of them as
/// one line; "" when there is none. Source: RFC 2045 section 6.8, RFC 7468 section 2.
std::string base64_lines(std::string_view text);

/// The bytes of base64 characters (either alphabet, no padding); a last character that makes no byte is left
/// out.
std::string base64_bytes(std::string_view characters);

/// `run` with its bytes changed: its characters from `from` (a multiple of four before what changed) to `to`
/// now say `bytes`, in the run's own alphabet, padding and escapes.
std::string base64_run_with(const Base64Run& run, std::size_t from, std::size_t to, std::string_view bytes);

/// Whether `bytes` is text that a person could read: valid UTF-8 without control characters but white space.
bool is_readable(std::string_view bytes);

}  // namespace offstage::recording::redaction
