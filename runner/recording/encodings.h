#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recording/bindings.h"

namespace offstage::recording::redaction {

/// What a text is, as far as searching it goes.
enum class Content {
  text,     ///< everything bound is replaced, in any encoding
  code,     ///< a script or a style sheet: everything but single-word names
  picture,  ///< an image or a font: searched as binary data
  binary,   ///< only the plain bytes of what is sensitive
};

/// Where a bound value stands in a text.
struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t binding = 0;  ///< its index
};

/// Finds the values of bindings in a text, however they are written (escapes.h), in one pass. Immutable;
/// holds a copy of the values; safe on any thread.
class Finder {
 public:
  explicit Finder(const std::vector<Binding>& bindings);

  /// Where bound values stand in `text`, in order and without overlaps: the longest values come first.
  std::vector<Found> find(std::string_view text, Content content) const;

 private:
  /// Values in the order of their bytes: those that share a beginning stand together, the shortest first.
  struct Table {
    std::vector<std::pair<std::string, std::size_t>> values;  ///< and the index of the binding
    std::array<std::pair<std::size_t, std::size_t>, 256> first{};
  };
  struct Scan;

  void follow(const Table& table, bool folded, Scan& scan, std::size_t begin) const;
  void take(Scan& scan, std::size_t begin, std::size_t end, std::size_t binding) const;

  std::vector<std::uint8_t> bounded_;  // of each binding
  std::vector<std::uint8_t> sensitive_;
  std::vector<std::uint8_t> word_;
  std::vector<std::size_t> length_;
  Table exact_;
  Table folded_;
  std::bitset<256> first_;
  std::bitset<65536> pair_;  // the first two characters, where neither begins an escape
};

/// Replaces the values of bindings by their placeholders, also inside base64. Immutable but for `seen`; one
/// thread.
class Rewriter {
 public:
  /// `bindings` must outlive it.
  explicit Rewriter(const std::vector<Binding>& bindings);

  /// `text` with every bound value replaced. `seen` has one entry for each binding: set where it occurred.
  std::string rewritten(std::string_view text, Content content, std::vector<bool>& seen) const;

 private:
  std::string rewritten(std::string_view text, Content content, int depth, std::vector<bool>& seen) const;

  const std::vector<Binding>& bindings_;
  Finder finder_;
};

/// The placeholder for what stands in `text` from `begin` to `end`: in the case of the value there, its `@`,
/// `+` and space written as the value's are.
std::string placeholder_like(const Binding& binding, std::string_view text, std::size_t begin,
                             std::size_t end);

}  // namespace offstage::recording::redaction
