#include "script/template.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include <fmt/format.h>

#include "base/text.h"
#include "script/address_writer.h"
#include "script/css_values.h"
#include "script/selectors.h"

namespace offstage::script {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Letters, digits, `_` and `-`, in parts with dots between them, beginning with a letter or `_`.
bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0) return false;
  bool part_begins = true;
  for (const char c : text) {
    if (c == '.' ? part_begins : !is_name_character(c)) return false;
    part_begins = c == '.';
  }
  return !part_begins && text.front() != '-';
}

/// No accessible name is longer, and std::regex recurses once for every character.
constexpr std::size_t longest_aria = 2000;

std::string value_text(std::string_view name, const Values& values) {
  if (is_secret_name(name)) {
    refuse(name, "may stand only in the `value` of a change step, alone");
  }
  return values.text(name);
}

}  // namespace

void refuse(std::string_view name, std::string_view why, std::string hint) {
  throw Error(Kind::usage, fmt::format("{{{{{}}}}} {}", name, why), std::move(hint));
}

const Json* Values::find(std::string_view name) const {
  const std::vector<std::string> parts = split(name, '.');
  const auto found = variables_->find(parts.front());
  if (found == variables_->end()) return nullptr;
  const Json* at = &found->second;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (at->is_object()) {
      const auto member = at->find(part);
      if (member == at->end()) return nullptr;
      at = &*member;
    } else if (at->is_array()) {
      const bool number =
          !part.empty() && part.size() < 9 && std::all_of(part.begin(), part.end(), [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0;
          });
      if (!number || std::stoul(part) >= at->size()) return nullptr;
      at = &(*at)[std::stoul(part)];
    } else {
      return nullptr;
    }
  }
  return at;
}

const Json& Values::at(std::string_view name) const {
  const Json* value = find(name);
  if (value != nullptr) return *value;
  std::vector<std::string> names;
  for (const auto& [known, json] : *variables_)
    names.push_back(known);
  const std::string near = nearest(first_part(name), names);
  refuse(name, "has no value",
         near.empty() || near == first_part(name) ? "" : fmt::format("did you mean {{{{{}}}}}?", near));
}

std::string Values::text(std::string_view name) const {
  const Json& value = at(name);
  if (value.is_string()) {
    if (!is_valid_utf8(value.get_ref<const std::string&>())) refuse(name, "is no text: it is not UTF-8");
    return value.get<std::string>();
  }
  if (value.is_number() || value.is_boolean()) return value.dump();
  refuse(name, value.is_null() ? "is empty here: the page showed nothing for it"
                               : "is " + kind_word(value) + ", not a text");
}

std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> out;
  std::size_t at = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    const std::size_t close = text.find("}}", at + 2);
    if (close == std::string_view::npos) break;
    const std::string_view name = trimmed(text.substr(at + 2, close - at - 2));
    if (is_name(name)) {
      out.push_back({at, close + 2, std::string(name)});
      at = close + 2;
    } else {
      ++at;
    }
  }
  return out;
}

std::optional<std::string> only_placeholder(std::string_view text) {
  const std::vector<Placeholder> found = placeholders(text);
  if (found.size() != 1 || found[0].start != 0 || found[0].end != text.size()) return std::nullopt;
  return found[0].name;
}

bool is_secret_name(std::string_view name) {
  return name == "otp" || name == "secret" || name.starts_with("secret.");
}

std::string first_part(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

namespace {

using Writer = std::function<std::string(const Placeholder&)>;

std::string replaced(std::string_view text, const Writer& write) {
  std::string out;
  std::size_t at = 0;
  for (const Placeholder& placeholder : placeholders(text)) {
    out += text.substr(at, placeholder.start - at);
    out += write(placeholder);
    at = placeholder.end;
  }
  return out += text.substr(at);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// --- XPath --------------------------------------------------------------------------------------------

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

// --- Accessible names ---------------------------------------------------------------------------------

/// The attributes of an aria/ selector: [role="…"], [name="…"]. What stands beside them is the name.
const std::regex& aria_attribute() {
  static const std::regex pattern(R"re(\[\s*(\w+)\s*=\s*("(\\.|[^"\\])*"|'(\\.|[^'\\])*')\s*\])re");
  return pattern;
}

std::string aria_string(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '"' || c == '\'' || c == '\\') out += '\\';
    out += is_control(c) ? ' ' : c;
  }
  return out;
}

/// A name with a bracket in it would be read as an attribute: it is written as [name="…"] instead.
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

}  // namespace

std::string fill_plain(std::string_view text, const Values& values) {
  return replaced(text, [&](const Placeholder& placeholder) { return value_text(placeholder.name, values); });
}

std::string fill_leniently(std::string_view text, const Values& values) {
  return replaced(text, [&](const Placeholder& placeholder) {
    const Json* value = is_secret_name(placeholder.name) ? nullptr : values.find(placeholder.name);
    if (value == nullptr || value->is_structured()) {
      return std::string(text.substr(placeholder.start, placeholder.end - placeholder.start));
    }
    return value->is_string() ? value->get<std::string>() : value->dump();
  });
}

std::string fill_address(std::string_view text, const Values& values) {
  AddressWriter address;
  std::size_t at = 0;
  for (const Placeholder& placeholder : placeholders(text)) {
    address.write(text.substr(at, placeholder.start - at));
    const std::string value = value_text(placeholder.name, values);
    at = placeholder.end;
    if (placeholder.start == 0) {
      address.write(value);
    } else {
      address.put_in(placeholder.name, value, text.substr(at, 1));
    }
  }
  address.write(text.substr(at));
  return address.take();
}

std::string fill_pattern(std::string_view text, const Values& values) {
  return replaced(text, [&](const Placeholder& placeholder) {
    return url_encoded(value_text(placeholder.name, values));
  });
}

std::string fill_regex(std::string_view text, const Values& values) {
  return replaced(text, [&](const Placeholder& placeholder) {
    std::string out;
    for (const char c : value_text(placeholder.name, values)) {
      if (std::string_view("\\^$.*+?()[]{}|/-").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  });
}

namespace {

/// A value as JavaScript reads it: JSON, in ASCII.
std::string argument(const std::string& name, const Values& values) {
  try {
    return values.at(name).dump(-1, ' ', true);
  } catch (const Json::type_error&) {
    refuse(name, "is no text: it is not UTF-8");
  }
}

}  // namespace

std::string fill_expression(std::string_view text, const Values& values) {
  std::vector<std::string> parameters;
  std::vector<std::string> arguments;
  const std::string body = replaced(text, [&](const Placeholder& placeholder) {
    const char before = placeholder.start > 0 ? text[placeholder.start - 1] : ' ';
    const char after = placeholder.end < text.size() ? text[placeholder.end] : ' ';
    constexpr std::string_view quotes = "\"'`";
    if (quotes.find(before) != std::string_view::npos || quotes.find(after) != std::string_view::npos) {
      refuse(placeholder.name, "stands in quotes in an expression",
             "write it without: it becomes a JavaScript value by itself");
    }
    if (is_secret_name(placeholder.name)) value_text(placeholder.name, values);
    parameters.push_back(fmt::format("offstageValue{}", parameters.size()));
    arguments.push_back(argument(placeholder.name, values));
    return parameters.back();
  });
  if (parameters.empty()) return std::string(text);
  // The new line ends a comment that the expression may end with.
  return fmt::format("(({}) => ({}\n))({})", join(parameters, ", "), body, join(arguments, ", "));
}

std::string fill_selector(std::string_view part, const Values& values) {
  if (placeholders(part).empty()) return std::string(part);
  const SelectorKind kind = kind_of(part);
  const std::string_view body = body_of(part);
  const std::string prefix(part.substr(0, part.size() - body.size()));
  const auto text_of = [&](const Placeholder& placeholder) {
    std::string value = value_text(placeholder.name, values);
    if (trimmed(value).empty()) refuse(placeholder.name, "is empty: a selector with it would match anything");
    return value;
  };
  switch (kind) {
    case SelectorKind::css:
    case SelectorKind::pierce:
      return prefix + replaced(body, [&](const Placeholder& placeholder) {
               return css_value(body.substr(0, placeholder.start), placeholder.name, text_of(placeholder));
             });
    case SelectorKind::xpath:
      return prefix + fill_xpath(body, text_of);
    case SelectorKind::aria:
      return prefix + fill_aria(std::string(body), text_of);
    case SelectorKind::text:
      return prefix + replaced(body, text_of);
  }
  throw Error(Kind::internal, "a selector has no such kind");
}

Json fill_json(const Json& value, const Values& values) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    const auto name = only_placeholder(text);
    if (name && !is_secret_name(*name)) return values.at(*name);
    return fill_plain(text, values);
  }
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& element : value)
      out.push_back(fill_json(element, values));
    return out;
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [name, member] : value.items())
      out[name] = fill_json(member, values);
    return out;
  }
  return value;
}

namespace {

/// Fills with a value that fits everywhere and tells what is wrong with the place itself.
std::string fault(std::string_view text, const std::function<void(const Values&)>& fill) {
  std::map<std::string, Json> variables;
  for (const Placeholder& placeholder : placeholders(text)) {
    if (is_secret_name(placeholder.name)) continue;
    // A dotted name finds its value in an object of objects.
    Json value = "x";
    std::vector<std::string> parts = split(placeholder.name, '.');
    for (std::size_t i = parts.size(); i-- > 1;)
      value = Json{{parts[i], value}};
    Json& known = variables[parts.front()];
    if (known.is_object() && value.is_object()) {
      known.merge_patch(value);
    } else if (!known.is_object()) {
      known = value;
    }
  }
  try {
    fill(Values(variables));
    return {};
  } catch (const Error& error) {
    return error.hint().empty() ? error.message() : error.message() + ": " + error.hint();
  }
}

}  // namespace

std::string template_fault(std::string_view text, Use use) {
  const std::vector<Placeholder> found = placeholders(text);
  if (found.empty() || use == Use::fixed) return {};  // what is not substituted gives nothing away
  if (use == Use::value) {
    const auto alone = only_placeholder(text);
    if (alone && is_secret_name(*alone)) {
      return *alone == "secret" ? "{{secret}} names no secret: write {{secret.NAME}}" : "";
    }
  }
  for (const Placeholder& placeholder : found) {
    if (is_secret_name(placeholder.name)) {
      return fmt::format("{{{{{}}}}} may stand only in the `value` of a change step, alone",
                         placeholder.name);
    }
  }
  if (use == Use::expression) {
    return fault(text, [&](const Values& values) { fill_expression(text, values); });
  }
  if (use == Use::file || use == Use::reads || use == Use::sets || use == Use::item) {
    return "must be written out: {{…}} is not replaced here";
  }
  return {};
}

std::string selector_fault(std::string_view part) {
  return fault(part, [&](const Values& values) { fill_selector(part, values); });
}

}  // namespace offstage::script
