// The first line is a text with {{x}} in it, the rest is what x stands for: wherever it is put in, the value
// stays one value and says nothing of its own.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "fuzz/require.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_page.h"
#include "script/selectors.h"
#include "script/template.h"
#include "script/url_pattern.h"

using namespace offstage;
using namespace offstage::script;
using fuzz::require;

namespace {

/// A value that means nothing anywhere and that no text holds by chance.
constexpr std::string_view mark = "qzq";

using Fill = std::function<std::string(std::string_view, const Values&)>;

/// The text with `value` for x, unless that is refused as it should be.
std::optional<std::string> filled(const Fill& fill, std::string_view text, std::string_view value) {
  const std::map<std::string, Json> variables{{"x", std::string(value)}};
  try {
    return fill(text, Values(variables));
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a value is refused as a mistake");
    return std::nullopt;
  }
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// --- Selectors ----------------------------------------------------------------------------------------

void put(std::string& out, const recording::snapshot::CssList& list) {
  for (const auto& complex : list.choices) {
    out += "\n,";
    for (const auto combinator : complex.combinators)
      out += std::to_string(static_cast<int>(combinator));
    for (const auto& compound : complex.compounds) {
      out += "\ntag " + compound.tag;
      for (const auto& test : compound.tests) {
        out += "\n" + std::to_string(static_cast<int>(test.kind)) +
               std::to_string(static_cast<int>(test.compare)) +
               std::to_string(static_cast<int>(test.pseudo)) +
               std::to_string(static_cast<int>(test.letter_case)) + " " + std::to_string(test.nth.step) +
               " " + std::to_string(test.nth.offset) + " " + test.name + "\n=" + test.value;
        if (test.list) put(out, *test.list);
      }
    }
  }
}

/// What a selector means; nothing when it is not valid.
std::optional<std::string> meaning(std::string_view css) {
  try {
    std::string out;
    put(out, recording::snapshot::parse_css(css, css));
    return out;
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a selector is refused as a mistake");
    return std::nullopt;
  }
}

void check_css(std::string_view text, const std::string& value) {
  const auto harmless = filled(fill_selector, text, mark);
  const auto actual = filled(fill_selector, text, value);
  if (!harmless || !actual) return;
  const auto expected = meaning(body_of(*harmless));
  if (!expected) return;
  // Where it stands in a comment it may be missing.
  const auto got = meaning(body_of(*actual));
  require(got && *got == replaced(*expected, mark, replaced(value, std::string(1, '\0'), "\uFFFD")),
          "a value in CSS is one name or string");
}

/// An XPath with every literal empty.
std::string outside_of_literals(std::string_view xpath) {
  std::string out;
  char quote = '\0';
  for (const char c : xpath) {
    if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
      out += '"';
    } else if (quote == '\0') {
      out += c;
    } else if (c == quote) {
      quote = '\0';
    }
  }
  return out + (quote == '\0' ? "" : "...");
}

void check_xpath(std::string_view text, const std::string& value) {
  const auto harmless = filled(fill_selector, text, mark);
  const auto actual = filled(fill_selector, text, value);
  if (!harmless || !actual || actual->find("concat(") != std::string::npos) return;
  require(outside_of_literals(*harmless) == outside_of_literals(*actual),
          "a value in XPath stays in its literal");
}

void check_selector(std::string_view text, const std::string& value) {
  static_cast<void>(selector_fault(text));
  const auto actual = filled(fill_selector, text, value);
  if (!actual) return;
  require(kind_of(*actual) == kind_of(text), "no value changes the kind of a selector");
  switch (kind_of(text)) {
    case SelectorKind::css:
    case SelectorKind::pierce:
      return check_css(text, value);
    case SelectorKind::xpath:
      return check_xpath(text, value);
    case SelectorKind::aria:
    case SelectorKind::text:
      return;
  }
}

/// The ids of what a selector finds on a page that has one element for the value and others beside it.
std::string found(const recording::SnapshotPage& page, const std::string& selector) {
  browser::Query query;
  query.selectors = {{selector}};
  std::string ids;
  try {
    for (const recording::snapshot::Node* node : page.find(query)) {
      const std::string* id = node->attribute("id");
      ids += (id == nullptr ? "?" : *id) + " ";
    }
  } catch (const Error& error) {
    require(error.kind() == Kind::usage, "a selector is refused as a mistake");
    return {};
  }
  return ids;
}

void check_on_page(const std::string& value) {
  if (ascii_lower(value).find("other") != std::string::npos) return;
  const recording::SnapshotPage page(
      "<!doctype html><title>t</title><div id=all><p id=own title=\"a " + html_escaped(value) +
          " z\">p</p><button id=named aria-label=\"" + html_escaped(value) +
          "\">b</button><p id=o1 title=other>other</p>"
          "<a id=o2 href=/x title=Other>Other</a><button id=o3>Other</button>"
          "<button id=o4>Other two</button><a id=o5 href=/y>Other two</a></div>",
      "https://a.test/");
  for (const char* text : {"[title=\"a {{x}} z\"]", "[title='a {{x}} z']", "pierce/p[title=\"a {{x}} z\"]",
                           "xpath///*[@title=\"a {{x}} z\"]", "xpath///p[@title='a {{x}} z']"}) {
    const auto selector = filled(fill_selector, text, value);
    if (!selector) continue;
    const std::string ids = found(page, *selector);
    require(ids.empty() || ids == "own ", "nothing but the element with the value is found");
    const bool plain = printable(value) == value;  // what HTML keeps as it is
    const bool css = kind_of(text) != SelectorKind::xpath;
    require(!plain || ids == "own " || (!css && value.size() > 500), "the element with the value is found");
  }
  for (const char* text : {"aria/{{x}}", "aria/[name=\"{{x}}\"]", "aria/{{x}}[role=\"button\"]",
                           "aria/[role=\"button\"][name='{{x}}']"}) {
    const auto selector = filled(fill_selector, text, value);
    if (!selector) continue;
    const std::string ids = found(page, *selector);
    require(ids.find('o') == std::string::npos || ids == "own ", "no other name is found");
  }
  for (const char* text : {"aria/[name=\"Other two\"]{{x}}", "aria/{{x}} [name=\"Other two\"]"}) {
    const auto selector = filled(fill_selector, text, value);
    if (!selector) continue;
    const std::string ids = found(page, *selector);
    require(ids == "o4 o5 ", "a value beside a name asks for nothing more");
  }
}

// --- Addresses, patterns, expressions -----------------------------------------------------------------

/// Scheme, host and port, and how many segments the path has once dots have been followed.
struct Address {
  std::string origin;
  std::size_t segments = 0;
};

Address address_from(std::string_view url) {
  const std::size_t host = std::min(url.find("://"), url.size() - 3) + 3;
  const std::size_t path = std::min(url.find_first_of("/\\?#", host), url.size());
  Address out{std::string(url.substr(0, path)), 0};
  std::string_view rest = url.substr(path);
  rest = rest.substr(0, rest.find_first_of("?#"));
  std::string segment;
  const auto end_segment = [&] {
    const std::string dots = replaced(ascii_lower(segment), "%2e", ".");
    if (dots == "..") {
      out.segments -= out.segments > 0 ? 1 : 0;
    } else if (dots != ".") {
      ++out.segments;
    }
    segment.clear();
  };
  for (const char c : rest) {
    if (c == '/' || c == '\\') {
      end_segment();
    } else {
      segment += c;
    }
  }
  end_segment();
  return out;
}

void check_address(const std::string& text, const std::string& value) {
  const std::string url = "https://a.test" + text;
  const auto harmless = filled(fill_address, url, mark);
  const auto actual = filled(fill_address, url, value);
  if (!harmless || !actual || value.empty()) return;
  const Address expected = address_from(*harmless);
  const Address got = address_from(*actual);
  require(got.segments == expected.segments, "a value is no more and no less than a part of a path");
  if (harmless->find(mark) < expected.origin.size()) return;
  require(got.origin == expected.origin, "a value leaves the host as it is");
}

void check_pattern(const std::string& value) {
  for (const auto star : {UrlPattern::Star::segment, UrlPattern::Star::any}) {
    const auto pattern = filled(fill_pattern, "https://a.test/u/{{x}}", value);
    if (!pattern) return;
    require(UrlPattern(*pattern, star).matches("https://a.test/u/" + url_encoded(value)),
            "a pattern matches its value");
    require(value == "other" || !UrlPattern(*pattern, star).matches("https://a.test/u/other"),
            "a pattern matches no other value");
  }
}

void check_regex(const std::string& value) {
  const auto pattern = filled(fill_regex, "^{{x}}$", value);
  if (!pattern || value.size() > 500) return;
  const std::regex regex(*pattern);
  require(std::regex_match(value, regex), "a regular expression matches its value");
  require(value == "other" || !std::regex_match("other", regex),
          "a regular expression matches no other value");
}

void check_expression(std::string_view text, const std::string& value) {
  static_cast<void>(template_fault(text, Use::expression));
  const auto harmless = filled(fill_expression, text, mark);
  const auto actual = filled(fill_expression, text, value);
  require(harmless.has_value() == actual.has_value() || !is_valid_utf8(value),
          "whether a value can stand in an expression is no matter of the value");
  if (!harmless || !actual || harmless == actual) return;
  const std::size_t arguments = harmless->find("\"" + std::string(mark) + "\"", harmless->rfind("\n))("));
  require(actual->starts_with(harmless->substr(0, arguments)), "no value changes an expression");
  std::string list = "[" + actual->substr(harmless->rfind("\n))(") + 4);
  list.back() = ']';
  const Json values = Json::parse(list, nullptr, false);
  require(values.is_array() && values[0] == value, "an expression is handed its value");
  require(
      std::none_of(list.begin(), list.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7F; }),
      "what is handed over is ASCII");
}

void check_plain(std::string_view text, const std::string& value) {
  const auto harmless = filled(fill_plain, text, "{{x}}");
  const auto actual = filled(fill_plain, text, value);
  require(harmless.has_value() == actual.has_value() || !is_valid_utf8(value),
          "any text can stand in a text");
  const std::map<std::string, Json> variables{{"x", value}};
  static_cast<void>(fill_leniently(text, Values(variables)));
  if (!actual) return;
  std::size_t size = text.size();
  for (const Placeholder& each : placeholders(text))
    size = size + value.size() - (each.end - each.start);
  require(actual->size() == size, "what is put in is never looked at again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string text = input.substr(0, line);
  const std::string value = input.substr(std::min(line + 1, input.size()));
  if (text.find(mark) != std::string::npos) return 0;
  check_plain(text, value);
  check_selector(text, value);
  check_on_page(value);
  check_address(text, value);
  check_pattern(value);
  check_regex(value);
  check_expression(text, value);
  return 0;
}
