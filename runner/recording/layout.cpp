#include "recording/layout.h"

namespace offstage::recording {
namespace {

constexpr std::size_t line_width = 120;

/// Appends a value on one line; false, with part of it appended, once the line is longer than `limit`.
bool append_in_line(const Json& value, std::size_t limit, std::string& line) {
  if (value.is_string() && value.get_ref<const std::string&>().size() > limit) return false;
  if (!value.is_structured()) {
    line += value.dump();
  } else if (value.empty()) {
    line += value.is_object() ? "{}" : "[]";
  } else {
    line += value.is_object() ? "{ " : "[";
    bool first = true;
    for (const auto& [key, member] : value.items()) {
      if (!first) line += ", ";
      first = false;
      if (value.is_object()) line += Json(key).dump() + ": ";
      if (!append_in_line(member, limit, line)) return false;
    }
    line += value.is_object() ? " }" : "]";
  }
  return line.size() <= limit;
}

/// Appends a value that starts in column `column`, below `depth` levels of others.
void append_laid_out(const Json& value, std::size_t depth, std::size_t column, std::string& out) {
  if (!value.is_structured()) {
    out += value.dump();
    return;
  }
  std::string line;
  // A comma may follow.
  if (column + 1 < line_width && append_in_line(value, line_width - column - 1, line)) {
    out += line;
    return;
  }
  const bool object = value.is_object();
  const std::string indent(2 * (depth + 1), ' ');
  out += object ? "{\n" : "[\n";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    if (!first) out += ",\n";
    first = false;
    const std::string name = object ? Json(key).dump() + ": " : std::string();
    out += indent + name;
    append_laid_out(member, depth + 1, indent.size() + name.size(), out);
  }
  out += "\n" + std::string(2 * depth, ' ') + (object ? "}" : "]");
}

}  // namespace

std::string laid_out(const Json& value) {
  std::string out;
  append_laid_out(value, 0, 0, out);
  return out + "\n";
}

}  // namespace offstage::recording
