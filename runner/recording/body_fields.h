#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/address.h"

namespace offstage::recording {

/// The body of a request as a list of fields, so that what means the same is the same, and what differs has a
/// name. A value.
struct BodyFields {
  enum class Form {
    none,       ///< no body, or an empty one
    json,       ///< a scalar each, by its JSON Pointer; keys sorted, white space gone
    form,       ///< application/x-www-form-urlencoded: a pair each
    multipart,  ///< a part each; the boundary, which browsers make up, is gone
    raw,        ///< one field without a name: size and SHA-256
  };
  Form form = Form::none;
  std::vector<RequestField> fields;  ///< sorted by name; those of one name in the order of the body

  bool operator==(const BodyFields&) const = default;
};

/// What people call that form: "JSON", "a form", …
std::string_view form_name(BodyFields::Form form);

/// Reads a body as its Content-Type says; text that says nothing of itself (text/plain, which `fetch` sends
/// by itself) and is a JSON object or array counts as JSON. Whatever is not what it says, is nested deeper
/// than `deepest_json`, or has more than `most_fields` fields is raw. Fields whose name, or for JSON a key
/// above them, is in `left_out` count for nothing. Takes any bytes; never throws.
BodyFields body_fields(std::string_view body, std::string_view content_type,
                       const std::vector<std::string>& left_out = {});

/// The fields of a JSON text, or nothing when it is none or too large to be divided.
std::optional<std::vector<RequestField>> json_fields(std::string_view text,
                                                     const std::vector<std::string>& left_out);
/// The parts of a `multipart/form-data` body, or nothing when it is none with that boundary.
std::optional<std::vector<RequestField>> multipart_fields(std::string_view body, std::string_view boundary,
                                                          const std::vector<std::string>& left_out);
/// The value of a parameter (`boundary`, `name`) of a header like `form-data; name="a"`, by its name in any
/// case.
std::optional<std::string> header_parameter(std::string_view header, std::string_view name);

/// How bytes are named that are compared as a whole: their size and their SHA-256.
std::string digest_text(std::string_view bytes);

constexpr std::size_t deepest_json = 64;

}  // namespace offstage::recording
