#pragma once

#include <string>
#include <string_view>

namespace offstage::script {

/// A pattern for the addresses of requests. Both sides are compared in one form, so that `@` and `%40` are
/// the same, while an encoded delimiter (`%2F`) never stands for a real one. The fragment counts for nothing.
/// Immutable; safe on any thread.
class UrlPattern {
 public:
  enum class Star {
    segment,  ///< `*` is a run of characters that are none of / ? & = #
    any,      ///< `*` is any run of characters
  };
  /// `pattern` has its values filled in already, percent-encoded (fill_pattern).
  UrlPattern(std::string_view pattern, Star star);
  bool matches(std::string_view url) const;

 private:
  std::string pattern_;  // in the compared form; `*` stands as the byte 0
  Star star_;
};

}  // namespace offstage::script
