#include "script/url_pattern.h"

#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::script {
namespace {

constexpr char star_mark = '\0';

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

/// Whether an encoded character must stay encoded because written out it would mean something else.
bool stays_encoded(char c, bool in_query) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte <= 0x20 || byte >= 0x7f) return true;
  return std::string_view(in_query ? "%#&=+;" : "%#?/").find(c) != std::string_view::npos;
}

/// One form for all the ways to write an address. `stars` keeps `*` apart from an encoded one.
std::string compared_form(std::string_view url, bool stars) {
  std::string out;
  bool in_query = false;
  for (std::size_t at = 0; at < url.size() && url[at] != '#'; ++at) {
    const char c = url[at];
    if (c == '%' && at + 2 < url.size() && is_hex(url[at + 1]) && is_hex(url[at + 2])) {
      const char decoded = url_decoded(url.substr(at, 3))[0];
      out += stays_encoded(decoded, in_query) ? fmt::format("%{:02X}", static_cast<unsigned char>(decoded))
                                              : std::string(1, decoded);
      at += 2;
    } else if (c == '*' && stars) {
      out += star_mark;
    } else if (c == '+' && in_query) {
      out += "%20";
    } else if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      in_query = in_query || c == '?';
      out += c;
    }
  }
  return out;
}

bool may_stand_for(UrlPattern::Star star, char c) {
  return star == UrlPattern::Star::any || std::string_view("/?&=#").find(c) == std::string_view::npos;
}

}  // namespace

UrlPattern::UrlPattern(std::string_view pattern, Star star)
    : pattern_(compared_form(pattern, true)), star_(star) {}

bool UrlPattern::matches(std::string_view url) const {
  const std::string text = compared_form(url, false);
  // reached[i]: the pattern so far matches the first i characters.
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (const char c : pattern_) {
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (c == star_mark) {
        next[i] = reached[i] || (i > 0 && next[i - 1] && may_stand_for(star_, text[i - 1]));
      } else {
        next[i] = i > 0 && reached[i - 1] && text[i - 1] == c;
      }
    }
    reached.swap(next);
  }
  return reached[text.size()];
}

}  // namespace offstage::script
