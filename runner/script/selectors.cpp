#include "script/selectors.h"

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"

namespace offstage::script {
namespace {

constexpr std::array<std::pair<std::string_view, SelectorKind>, 5> prefixes{{
    {"css/", SelectorKind::css},
    {"aria/", SelectorKind::aria},
    {"text/", SelectorKind::text},
    {"xpath/", SelectorKind::xpath},
    {"pierce/", SelectorKind::pierce},
}};

/// Matching on anything longer says nothing more, and std::regex recurses once for every character.
constexpr std::size_t longest_examined = 2000;

bool found(const std::string& text, const std::regex& pattern) {
  return std::regex_search(text.substr(0, longest_examined), pattern);
}

bool has_generated_id(const std::string& body) {
  static const std::regex pattern(
      // As frameworks number them: ember123, input-9, react-select-2-input, :r1:, mat-input-0, radix-:r3:
      R"re((#|@id\s*=\s*["']|\[id[\^$*~|]?=\s*["']?)\\?)re"
      R"re((ember\d+|:r[0-9a-z]*:|radix-|react-select-\d|headlessui-|mat-[a-z-]+-\d+|ext-gen\d+|)re"
      R"re(yui[_-]|[A-Za-z_-]*\d{3,}|(input|field|select|checkbox|radio|button|combobox|lookup)-\d+|)re"
      R"re([A-Za-z_-]*[0-9a-f]{4,}-[0-9a-f]{4,}))re");
  return found(body, pattern);
}

bool is_css_position(const std::string& body) {
  // Only tags, combinators and counting: nothing that says what the element is. A bare tag is as little.
  static const std::regex pattern(
      R"re(^\s*(:scope\s*)?[>+~\s]*[A-Za-z*][A-Za-z0-9]*(:(nth|first|last|only)[a-z-]*(\([^)]*\))?)*)re"
      R"re((\s*[>+~\s]\s*[A-Za-z*][A-Za-z0-9]*(:(nth|first|last|only)[a-z-]*(\([^)]*\))?)*)*\s*$)re");
  static const std::regex counts(R"re([>+~\s:])re");
  return std::regex_match(body.substr(0, longest_examined), pattern) && found(body, counts);
}

bool is_xpath_position(const std::string& body) {
  static const std::regex pattern(R"re(^\(?\.?(/{1,2}[A-Za-z*][\w:-]*(\[\s*\d+\s*\])?)+\)?(\[\d+\])?$)re");
  return std::regex_match(body.substr(0, longest_examined), pattern);
}

bool part_is_by_position(const std::string& part) {
  const std::string body(body_of(part));
  switch (kind_of(part)) {
    case SelectorKind::css:
    case SelectorKind::pierce:
      return is_css_position(body);
    case SelectorKind::xpath:
      return is_xpath_position(body);
    default:
      return false;
  }
}

bool is_xpath_absolute(const std::string& part) {
  const std::string_view body = body_of(part);
  return kind_of(part) == SelectorKind::xpath && body.starts_with("/") && !body.starts_with("//");
}

}  // namespace

SelectorKind kind_of(std::string_view part) {
  for (const auto& [prefix, kind] : prefixes) {
    if (part.starts_with(prefix)) return kind;
  }
  return SelectorKind::css;
}

std::string_view body_of(std::string_view part) {
  for (const auto& [prefix, kind] : prefixes) {
    if (part.starts_with(prefix)) return part.substr(prefix.size());
  }
  return part;
}

browser::Selectors parse_selectors(const Json& list) {
  browser::Selectors out;
  if (!list.is_array()) return out;
  for (const Json& entry : list) {
    browser::SelectorChain chain;
    const Json parts = entry.is_array() ? entry : Json::array({entry});
    for (const Json& part : parts) {
      if (part.is_string() && !trimmed(part.get<std::string>()).empty())
        chain.push_back(part.get<std::string>());
    }
    if (!chain.empty()) out.push_back(std::move(chain));
  }
  return out;
}

bool is_by_label(const browser::SelectorChain& chain) {
  return std::all_of(chain.begin(), chain.end(), [](const std::string& part) {
    const SelectorKind kind = kind_of(part);
    return kind == SelectorKind::aria || kind == SelectorKind::text;
  });
}

bool is_by_position(const browser::SelectorChain& chain) {
  return !chain.empty() && std::all_of(chain.begin(), chain.end(), part_is_by_position);
}

std::string weakness_of(const browser::SelectorChain& chain) {
  for (const std::string& part : chain) {
    if (has_generated_id(std::string(body_of(part))) && kind_of(part) != SelectorKind::aria &&
        kind_of(part) != SelectorKind::text) {
      return "uses an id that looks generated and may be another one at the next load";
    }
    if (is_xpath_absolute(part)) return "is an absolute XPath, which any change to the page breaks";
  }
  if (is_by_position(chain)) return "finds its element by nothing but its place in the page";
  return {};
}

std::string written(const browser::SelectorChain& chain) {
  return join(chain, " >>> ");
}

}  // namespace offstage::script
