#include "script/selector_values.h"

#include <regex>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::script {
namespace {

/// No accessible name is longer, and std::regex recurses once for every character.
constexpr std::size_t longest_aria = 2000;

/// XPath 1.0 has no escapes: a text with both kinds of quote is put together from pieces.
std::string xpath_literal(const std::string& text) {
  if (text.find('"') == std::string::npos) return '"' + text + '"';
  if (text.find('\'') == std::string::npos) return '\'' + text + '\'';
  const std::vector<std::string> pieces = split(text, '"');
  std::vector<std::string> quoted;
  quoted.reserve(pieces.size());
  for (const std::string& piece : pieces)
    quoted.push_back('"' + piece + '"');
  return "concat(" + join(quoted, ", '\"', ") + ")";
}

/// The attributes of an aria/ selector: [role="…"], [name="…"]. What stands beside them is the name.
const std::regex& aria_attribute() {
  static const std::regex pattern(R"re(\[\s*(\w+)\s*=\s*("(\\.|[^"\\])*"|'(\\.|[^'\\])*')\s*\])re");
  return pattern;
}

std::string aria_string(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '"' || c == '\'' || c == '\\') out += '\\';
    out += is_ascii_control(c) ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string fill_xpath(std::string_view xpath, const Writer& write) {
  std::string out;
  std::size_t at = 0;
  while (at < xpath.size()) {
    const std::size_t open = xpath.find_first_of("\"'", at);
    const std::string_view outside = xpath.substr(at, open - at);
    if (const auto found = placeholders(outside); !found.empty()) {
      refuse(found[0].name, "stands outside of quotes in an XPath", "write it inside quotes");
    }
    out += outside;
    if (open == std::string_view::npos) break;
    const std::size_t close = xpath.find(xpath[open], open + 1);
    const std::string_view literal = xpath.substr(open + 1, close - open - 1);
    if (placeholders(literal).empty() || close == std::string_view::npos) {
      out += xpath.substr(open, close == std::string_view::npos ? close : close - open + 1);
    } else {
      out += xpath_literal(replaced(literal, write));
    }
    if (close == std::string_view::npos) break;
    at = close + 1;
  }
  return out;
}

std::string fill_aria(const std::string& aria, const Writer& write) {
  std::string name;
  std::string attributes;
  bool named = false;
  const auto quoted = [&](const Placeholder& placeholder) { return aria_string(write(placeholder)); };
  std::string rest = aria.substr(0, longest_aria);
  for (std::smatch match; std::regex_search(rest, match, aria_attribute());) {
    name += replaced(match.prefix().str(), write);
    named = named || match[1] == "name";
    attributes += replaced(match[0].str(), quoted);
    rest = match.suffix().str();
  }
  name += replaced(rest, write);
  // What stands beside a [name="…"] names nothing, and must not be read as an attribute either.
  if (named) return attributes;
  if (name.find('[') == std::string::npos) return name + attributes;
  if (!attributes.empty()) name.erase(name.find_last_not_of(' ') + 1);
  return fmt::format("[name=\"{}\"]{}", aria_string(name), attributes);
}

}  // namespace offstage::script
