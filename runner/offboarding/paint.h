#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace offstage::offboarding {

/// Colours for a terminal, or none.
class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string red(std::string_view text) const { return wrapped("31", text); }
  std::string green(std::string_view text) const { return wrapped("32", text); }
  std::string yellow(std::string_view text) const { return wrapped("33", text); }
  std::string dim(std::string_view text) const { return wrapped("2", text); }
  std::string bold(std::string_view text) const { return wrapped("1", text); }

 private:
  std::string wrapped(std::string_view code, std::string_view text) const {
    if (!on_ || text.empty()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  bool on_;
};

/// How many characters a UTF-8 text has. Wide characters count as one: a table may lose its alignment to
/// them, never its content.
std::size_t columns(std::string_view text);
/// Cut with "…" or filled with spaces to exactly `width` columns.
std::string fitted(std::string_view text, std::size_t width);

/// The text in lines of at most `width` columns, broken at spaces, all but the first behind `indent` spaces;
/// what precedes the first takes `indent` columns as well. A word wider than that stands alone. 0 is no
/// limit.
std::string folded(std::string_view text, std::size_t indent, std::size_t width);

/// 2026-01-31T09:30:00.123Z as people read it: 2026-01-31 09:30:00 UTC. Anything shorter as it is.
std::string moment(const std::string& at);

}  // namespace offstage::offboarding
