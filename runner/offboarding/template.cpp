#include "offboarding/template.h"

#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

/// What a tag can see: the innermost object last.
using Scope = std::vector<const Json*>;

[[noreturn]] void fault(std::string_view what, std::string_view name) {
  throw Error(Kind::internal, fmt::format("a template {} \"{}\"", what, name));
}

const Json& value_of(const Scope& scope, const std::string& name) {
  for (auto at = scope.rbegin(); at != scope.rend(); ++at) {
    if ((*at)->is_object() && (*at)->contains(name)) return (*at)->at(name);
  }
  fault("uses an unknown name", name);
}

std::string text_for(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool shown(const Json& value) {
  if (value.is_array()) return !value.empty();
  return !value.is_null() && value != false && value != "";
}

/// Where the section that was just opened is closed: the position of its `{{/name}}`.
std::size_t end_of_section(std::string_view page, std::size_t from, const std::string& name) {
  int depth = 1;
  while (true) {
    const std::size_t open = page.find("{{", from);
    if (open == std::string_view::npos) fault("does not close", name);
    const std::string_view tag = page.substr(open + 2, page.find("}}", open) - open - 2);
    if (tag.size() > 1 && tag.substr(1) == name) {
      if (tag[0] == '#' || tag[0] == '^') ++depth;
      if (tag[0] == '/' && --depth == 0) return open;
    }
    from = open + 2;
  }
}

void fill(std::string_view page, Scope& scope, std::string& out) {
  std::size_t at = 0;
  while (true) {
    const std::size_t open = page.find("{{", at);
    out += page.substr(at, open - at);
    if (open == std::string_view::npos) return;
    const bool raw = page.substr(open).starts_with("{{{");
    const std::string_view closing = raw ? "}}}" : "}}";
    const std::size_t first = open + closing.size();
    const std::size_t close = page.find(closing, first);
    if (close == std::string_view::npos) fault("does not close a tag after", page.substr(open, 20));
    std::string name(page.substr(first, close - first));
    at = close + closing.size();
    if (raw) {
      out += text_for(value_of(scope, name));
      continue;
    }
    if (name.empty() || (name[0] != '#' && name[0] != '^')) {
      out += html_escaped(printable(text_for(value_of(scope, name))));
      continue;
    }
    const bool inverted = name[0] == '^';
    name.erase(0, 1);
    const std::size_t end = end_of_section(page, at, name);
    const std::string_view section = page.substr(at, end - at);
    at = page.find("}}", end) + 2;
    const Json& value = value_of(scope, name);
    if (shown(value) == inverted) continue;
    if (inverted || !value.is_array()) {
      scope.push_back(&value);
      fill(section, scope, out);
      scope.pop_back();
      continue;
    }
    for (const Json& element : value) {
      scope.push_back(&element);
      fill(section, scope, out);
      scope.pop_back();
    }
  }
}

}  // namespace

std::string render(std::string_view page, const Json& data) {
  std::string out;
  Scope scope{&data};
  fill(page, scope, out);
  return out;
}

}  // namespace offstage::offboarding
