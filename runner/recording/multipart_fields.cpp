#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "recording/body_fields.h"

namespace offstage::recording {
namespace {

/// Takes the next line off `text`; its end is a new line with or without a carriage return before it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Headers, an empty line, content. Nothing when it has no name.
std::optional<RequestField> part_field(std::string_view part) {
  std::optional<std::string> name;
  std::optional<std::string> file_name;
  std::string type;
  while (!part.empty()) {
    const std::string_view line = take_line(part);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string header = ascii_lower(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(std::min(colon + 1, line.size())));
    if (header == "content-disposition") {
      name = header_parameter(value, "name");
      file_name = header_parameter(value, "filename");
    } else if (header == "content-type") {
      type = value;
    }
  }
  if (!name) return std::nullopt;
  if (!file_name) return RequestField{*name, std::string(part)};
  return RequestField{*name, fmt::format("{} ({}, {})", *file_name, type, digest_text(part)),
                      RequestField::Type::file};
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  // A quoted value may hold a semicolon: what is between parameters cannot be found by dividing at it.
  std::size_t at = header.find(';');
  while (at < header.size()) {
    const std::size_t equals = header.find_first_of("=;", at + 1);
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string found = ascii_lower(trimmed(header.substr(at + 1, equals - at - 1)));
    at = equals;
    if (header[equals] == ';') continue;
    std::string value;
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t'))
      ++at;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        const bool is_escape =
            header[at] == '\\' && at + 1 < header.size() && (header[at + 1] == '"' || header[at + 1] == '\\');
        if (is_escape) ++at;
        value += header[at];
      }
      at = header.find(';', std::min(at, header.size()));
    } else {
      const std::size_t end = std::min(header.find(';', at), header.size());
      value = trimmed(header.substr(at, end - at));
      at = end;
    }
    if (found == name) return value;
  }
  return std::nullopt;
}

std::optional<std::vector<RequestField>> multipart_fields(std::string_view body, std::string_view boundary,
                                                          const std::vector<std::string>& left_out) {
  const std::string mark = fmt::format("--{}", boundary);
  const std::string next_mark = "\r\n" + mark;
  if (!body.starts_with(mark)) return std::nullopt;
  body.remove_prefix(mark.size());
  std::vector<RequestField> fields;
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n") || fields.size() == most_fields) return std::nullopt;
    body.remove_prefix(2);
    // A part without headers begins with the empty line, a part without anything with the next mark.
    const std::size_t end = body.find(next_mark);
    if (end == std::string_view::npos) return std::nullopt;
    std::optional<RequestField> field = part_field(body.substr(0, end));
    if (!field) return std::nullopt;
    body.remove_prefix(end + next_mark.size());
    if (std::find(left_out.begin(), left_out.end(), field->name) == left_out.end())
      fields.push_back(std::move(*field));
  }
  sort_by_name(fields);
  return fields;
}

}  // namespace offstage::recording
