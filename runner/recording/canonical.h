#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/address.h"
#include "recording/body_fields.h"
#include "recording/recording.h"

namespace offstage::recording {

/// A request as a page sent it. A value.
struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::optional<std::string> body;
  std::string resource_type;  ///< Chrome's word, as in Exchange
};

/// The request of a recorded exchange.
Request request_of(const Exchange& exchange);

/// What is compared of a request: everything that chooses its answer, in one form, and nothing that differs
/// from run to run without meaning anything. Two requests with equal forms get the same answers. A value.
struct Canonical {
  /// What the page wants to have: pages ask one address for HTML and for JSON.
  enum class Accept { html, json, other };

  std::string method;
  Address address;
  BodyFields body;
  std::vector<RequestField>
      headers;  ///< `Range` and the connector's, names in lower case; absent ones are not
  Accept accept = Accept::other;

  bool operator==(const Canonical&) const = default;
};

/// Never throws, whatever the bytes.
Canonical canonical(const Request& request, const TrafficRules& rules);

/// The class of an Accept header: that of the first media type that is HTML or JSON. `*/*` is other.
Canonical::Accept accept_class(std::string_view header);

/// Whether the address matches one of the patterns (`*` is any run of characters), as it is written or in its
/// one form.
bool matches_any_pattern(const std::vector<std::string>& patterns, std::string_view url);

/// Whether the value that was asked will do for the recorded one; called in a fixed order.
using SameValue = std::function<bool(const std::string& recorded, const std::string& asked)>;

/// Whether one request will do for the other: everything equal but values (query, body, headers, segments of
/// the path), which `same` compares.
bool agree(const Canonical& recorded, const Canonical& asked, const SameValue& same);

/// One thing in which two requests differ; a value that is nothing is absent on that side. A value.
struct Difference {
  std::string field;  ///< "method", "path", "query parameter page", "body field /user/id", "header x-range"
  std::optional<std::string> expected;
  std::optional<std::string> actual;
};

/// The most telling difference: host, path, method, then query, body, headers, Accept; a value that differs
/// before one that is missing. Nothing when they agree.
std::optional<Difference> difference(const Canonical& recorded, const Canonical& asked,
                                     const SameValue& same);

/// How much two requests have in common, from 0. Only requests to one origin, or to one path, are compared: 0
/// for others.
double likeness(const Canonical& recorded, const Canonical& asked, const SameValue& same);

}  // namespace offstage::recording
