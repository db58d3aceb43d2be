#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace offstage::recording {

/// One named value of a request: a query parameter, a field of its body, a header. A value.
struct RequestField {
  enum class Type {
    text,
    literal,  ///< of JSON, and no string: a number, true, false, null, an empty list or object
    file,     ///< an uploaded file: its name, size and digest
  };
  std::string name;  ///< decoded; of JSON the JSON Pointer
  std::string value;
  Type type = Type::text;

  bool operator==(const RequestField&) const = default;
};

/// The address of a request in one form for all the ways to write it (RFC 3986, and where browsers differ, as
/// they do). What has no `scheme://` has an empty origin and one segment, the text itself. A value.
struct Address {
  /// "https://a.test:8443": scheme and host in lower case, no user, no default port.
  std::string origin;
  /// The segments, decoded, without `.` and `..`; one at least. An encoded `/` is a character of its segment.
  std::vector<std::string> path;
  /// Decoded and sorted by name; parameters of one name stay in their order. `a` and `a=` are the same.
  std::vector<RequestField> query;

  /// The path alone, percent-encoded: "/teams/acme". `text` is the whole address; its address is this again.
  std::string path_text() const;
  std::string text() const;

  bool operator==(const Address&) const = default;
};

/// The fragment counts for nothing, nor do query parameters whose name is in `left_out`. Takes any bytes.
/// More than `most_fields` segments or parameters stay together as one.
Address address_of(std::string_view url, const std::vector<std::string>& left_out = {});

/// The pairs of a query or of an `application/x-www-form-urlencoded` body, in the order of `Address::query`.
/// Empty ones (`&&`) are dropped. More than `most_fields` are one field without a name: the text as it is.
std::vector<RequestField> form_fields(std::string_view text, const std::vector<std::string>& left_out = {});

/// Sorts by name and keeps the order of those with the same.
void sort_by_name(std::vector<RequestField>& fields);

/// How many fields a request is divided into at most, so that any request costs little to compare.
constexpr std::size_t most_fields = 4096;

}  // namespace offstage::recording
