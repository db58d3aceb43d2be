#include "recording/canonical.h"

#include <algorithm>

#include "base/text.h"

namespace offstage::recording {
namespace {

std::vector<RequestField> key_header_fields(const Headers& headers, const std::vector<std::string>& names) {
  std::vector<RequestField> fields;
  for (const auto& [name, value] : headers) {
    const std::string lower = ascii_lower(name);
    const bool counts = lower == "range" || std::any_of(names.begin(), names.end(), [&](const auto& each) {
                          return ascii_lower(each) == lower;
                        });
    if (counts) fields.push_back({lower, std::string(trimmed(value))});
  }
  sort_by_name(fields);
  return fields;
}

bool agree_fields(const std::vector<RequestField>& recorded, const std::vector<RequestField>& asked,
                  const SameValue& same) {
  return std::equal(recorded.begin(), recorded.end(), asked.begin(), asked.end(),
                    [&](const RequestField& a, const RequestField& b) {
                      return a.name == b.name && a.type == b.type && same(a.value, b.value);
                    });
}

}  // namespace

Request request_of(const Exchange& exchange) {
  return {exchange.method, exchange.url, exchange.request_headers, exchange.request_body,
          exchange.resource_type};
}

Canonical canonical(const Request& request, const TrafficRules& rules) {
  return {request.method, address_of(request.url, rules.volatile_fields),
          request.body ? body_fields(*request.body, header(request.headers, "content-type").value_or(""),
                                     rules.volatile_fields)
                       : BodyFields{},
          key_header_fields(request.headers, rules.key_headers),
          accept_class(header(request.headers, "accept").value_or(""))};
}

Canonical::Accept accept_class(std::string_view header) {
  for (const std::string& range : split(header, ',')) {
    const std::string type = ascii_lower(trimmed(std::string_view(range).substr(0, range.find(';'))));
    if (type == "text/html" || type == "application/xhtml+xml") return Canonical::Accept::html;
    if (type == "application/json" || type == "text/json" || type.ends_with("+json"))
      return Canonical::Accept::json;
  }
  return Canonical::Accept::other;
}

bool matches_any_pattern(const std::vector<std::string>& patterns, std::string_view url) {
  if (patterns.empty()) return false;
  const std::string_view written = url.substr(0, url.find('#'));
  const std::string form = address_of(url).text();
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return matches_glob(pattern, written) || matches_glob(pattern, form);
  });
}

bool agree(const Canonical& recorded, const Canonical& asked, const SameValue& same) {
  const std::vector<std::string>& path = recorded.address.path;
  return recorded.method == asked.method && recorded.accept == asked.accept &&
         recorded.address.origin == asked.address.origin && recorded.body.form == asked.body.form &&
         std::equal(path.begin(), path.end(), asked.address.path.begin(), asked.address.path.end(), same) &&
         agree_fields(recorded.address.query, asked.address.query, same) &&
         agree_fields(recorded.body.fields, asked.body.fields, same) &&
         agree_fields(recorded.headers, asked.headers, same);
}

}  // namespace offstage::recording
