#include "script/template.h"

#include <fmt/format.h>

#include "base/text.h"
#include "script/address_writer.h"
#include "script/css_values.h"
#include "script/literals.h"
#include "script/selector_values.h"
#include "script/selectors.h"

namespace offstage::script {
namespace {

std::string value_text(std::string_view name, const Values& values) {
  if (is_secret_name(name)) {
    refuse(name, "may stand only in the `value` of a change step, alone");
  }
  return values.text(name);
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

std::vector<std::string> fill_patterns(const Json& value, const Values& values) {
  std::vector<std::string> out;
  if (value.is_string()) out.push_back(fill_pattern(value.get<std::string>(), values));
  for (const Json& one : value.is_array() ? value : Json::array())
    out.push_back(fill_pattern(one.get<std::string>(), values));
  return out;
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
  const Literals literals(text);
  std::vector<std::string> parameters;
  std::vector<std::string> arguments;
  const std::string body = replaced(text, [&](const Placeholder& placeholder) {
    if (literals.hold(placeholder.start)) {
      refuse(
          placeholder.name, "stands in quotes or in a regular expression, where it is no value",
          "write it outside of them, where it becomes a JavaScript value by itself: 'access of ' + {{user}}");
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
