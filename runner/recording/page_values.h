#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace offstage::recording {

/// The values that pages make up (a `state`, a nonce) and that were replaced by placeholders when they were
/// recorded. A replay's pages make up others: the first that stands in a placeholder's place is bound to it.
/// Placeholders that no page made are plain text here. A value; cheap to copy.
class PageValues {
 public:
  explicit PageValues(const std::vector<Placeholder>& placeholders);

  /// Whether a placeholder made by a page stands in `text`.
  bool occur_in(std::string_view text) const;

  /// Whether `asked` may stand where `recorded` was recorded: the same text, but for placeholders. One that
  /// is bound stands for its value. One that is not is bound here to whatever stands in its place, which may
  /// not be empty; when several stand in one text, each to as little as possible. After false some may be
  /// bound: try on a copy.
  bool unify(std::string_view recorded, std::string_view asked);

  /// Recorded text (a body, the value of a header) with bound placeholders replaced by their values,
  /// percent-encoded where they stand in an address.
  std::string filled(std::string_view text) const;
  /// The same for a text that is an address as a whole (`Location`).
  std::string filled_address(std::string_view text) const;

  bool operator==(const PageValues&) const = default;

 private:
  struct Entry {
    std::string text;
    bool from_page = false;
    std::optional<std::string> value;
    bool operator==(const Entry&) const = default;
  };
  /// A placeholder made by a page, in a text.
  struct Place {
    std::size_t at = 0;
    std::size_t entry = 0;
  };

  std::optional<Place> next_place(std::string_view text, std::size_t from) const;
  std::string filled(std::string_view text, bool is_address) const;

  std::vector<Entry> entries_;  // the longest text first: "token-10" is not "token-1" and a 0
  std::string common_start_;    // of all of them: what to look for in a long text
};

}  // namespace offstage::recording
