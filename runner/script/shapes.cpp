#include "script/shapes.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::script {

std::string pointer_to(const std::string& parent, std::string_view member) {
  std::string out = parent + "/";
  for (const char c : member)
    out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string kind_word(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "true or false";
    default:
      return "a number";
  }
}

namespace {

void walk_texts(const Json& value, const std::string& pointer, Use use, ShapeVisitor& visitor) {
  if (value.is_string()) {
    visitor.text(pointer, value.get<std::string>(), use);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      walk_texts(value[i], fmt::format("{}/{}", pointer, i), use, visitor);
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.items())
      walk_texts(member, pointer_to(pointer, name), use, visitor);
  }
}

void walk_text(const Shape& shape, const Json& value, const std::string& pointer, ShapeVisitor& visitor) {
  if (!value.is_string()) return visitor.wrong(pointer, "is " + kind_word(value) + ", not a string");
  const auto text = value.get<std::string>();
  if (!shape.choices.empty() &&
      std::find(shape.choices.begin(), shape.choices.end(), text) == shape.choices.end()) {
    return visitor.wrong(
        pointer, fmt::format("is \"{}\", not one of: {}", printable(text, 80), join(shape.choices, ", ")));
  }
  visitor.text(pointer, text, shape.use);
}

void walk_object(const Shape& shape, const Json& value, const std::string& pointer, ShapeVisitor& visitor) {
  if (!value.is_object()) return visitor.wrong(pointer, "is " + kind_word(value) + ", not an object");
  for (const Member& member : shape.members) {
    const auto found = value.find(member.name);
    if (found != value.end() && !found->is_null()) {
      walk(*member.shape, *found, pointer_to(pointer, member.name), visitor);
    } else if (member.required) {
      visitor.wrong(pointer, fmt::format("is missing `{}`", member.name));
    }
  }
  for (const auto& [name, member] : value.items()) {
    const auto known = std::find_if(shape.members.begin(), shape.members.end(),
                                    [&key = name](const Member& entry) { return entry.name == key; });
    if (known == shape.members.end()) visitor.unknown(pointer, name, shape);
  }
  visitor.object(pointer, value, shape);
}

void walk_selectors(const Json& value, const std::string& pointer, ShapeVisitor& visitor) {
  if (!value.is_array()) {
    return visitor.wrong(pointer, "is " + kind_word(value) + ", not a list of selectors");
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Json& entry = value[i];
    const std::string at = fmt::format("{}/{}", pointer, i);
    if (entry.is_string()) continue;
    if (!entry.is_array()) {
      return visitor.wrong(at, "is " + kind_word(entry) + ", not a selector (a string or a list of strings)");
    }
    for (std::size_t j = 0; j < entry.size(); ++j) {
      if (!entry[j].is_string()) {
        return visitor.wrong(fmt::format("{}/{}", at, j),
                             "is " + kind_word(entry[j]) + ", not a part of a selector (a string)");
      }
    }
  }
  visitor.selectors(pointer, value);
}

}  // namespace

void walk(const Shape& shape, const Json& value, const std::string& pointer, ShapeVisitor& visitor) {
  switch (shape.type) {
    case Shape::Type::any:
      return walk_texts(value, pointer, shape.use, visitor);
    case Shape::Type::text:
      return walk_text(shape, value, pointer, visitor);
    case Shape::Type::number:
      if (!value.is_number()) visitor.wrong(pointer, "is " + kind_word(value) + ", not a number");
      return;
    case Shape::Type::integer:
      if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1e9 ||
          value.get<double>() != static_cast<double>(value.get<long>())) {
        visitor.wrong(pointer, "is not a whole number from 0 on");
      }
      return;
    case Shape::Type::flag:
      if (!value.is_boolean()) visitor.wrong(pointer, "is " + kind_word(value) + ", not true or false");
      return;
    case Shape::Type::object:
      return walk_object(shape, value, pointer, visitor);
    case Shape::Type::list:
      if (shape.single && !value.is_array()) return walk(*shape.element, value, pointer, visitor);
      if (!value.is_array()) return visitor.wrong(pointer, "is " + kind_word(value) + ", not a list");
      for (std::size_t i = 0; i < value.size(); ++i)
        walk(*shape.element, value[i], fmt::format("{}/{}", pointer, i), visitor);
      return;
    case Shape::Type::map:
      if (!value.is_object()) return visitor.wrong(pointer, "is " + kind_word(value) + ", not an object");
      for (const auto& [name, member] : value.items())
        walk(*shape.element, member, pointer_to(pointer, name), visitor);
      return;
    case Shape::Type::selectors:
      return walk_selectors(value, pointer, visitor);
    case Shape::Type::step:
      if (!value.is_object()) return visitor.wrong(pointer, "is " + kind_word(value) + ", not a step");
      return visitor.steps(pointer, value);
    case Shape::Type::steps:
      if (!value.is_array())
        return visitor.wrong(pointer, "is " + kind_word(value) + ", not a list of steps");
      return visitor.steps(pointer, value);
  }
}

}  // namespace offstage::script
