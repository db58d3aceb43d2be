#include "recording/body_fields.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::recording {
namespace {

bool says_json(std::string_view media_type) {
  return media_type == "application/json" || media_type == "text/json" || media_type.ends_with("+json");
}

bool looks_like_json(std::string_view body) {
  const std::string_view text = trimmed(body);
  return text.starts_with('{') || text.starts_with('[');
}

}  // namespace

std::string_view form_name(BodyFields::Form form) {
  switch (form) {
    case BodyFields::Form::none:
      return "no body";
    case BodyFields::Form::json:
      return "JSON";
    case BodyFields::Form::form:
      return "a form";
    case BodyFields::Form::multipart:
      return "a form in parts";
    case BodyFields::Form::raw:
      break;
  }
  return "bytes";
}

std::string digest_text(std::string_view bytes) {
  return fmt::format("{} bytes, SHA-256 {}", bytes.size(), sha256(bytes));
}

BodyFields body_fields(std::string_view body, std::string_view content_type,
                       const std::vector<std::string>& left_out) {
  using Form = BodyFields::Form;
  if (body.empty()) return {};
  const std::string type = ascii_lower(trimmed(content_type.substr(0, content_type.find(';'))));
  if (says_json(type) || (type == "text/plain" && looks_like_json(body))) {
    if (auto fields = json_fields(body, left_out)) return {Form::json, std::move(*fields)};
  } else if (type == "application/x-www-form-urlencoded") {
    return {Form::form, form_fields(body, left_out)};
  } else if (type == "multipart/form-data") {
    const auto boundary = header_parameter(content_type, "boundary");
    if (boundary && !boundary->empty()) {
      if (auto fields = multipart_fields(body, *boundary, left_out))
        return {Form::multipart, std::move(*fields)};
    }
  }
  return {Form::raw, {{"", digest_text(body)}}};
}

}  // namespace offstage::recording
