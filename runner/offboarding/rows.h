#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "connector/console.h"

namespace offstage::offboarding {

/// What the console's rows are called, written as and compared by.

using connector::Grant;
using connector::Listing;
using connector::Resource;

/// "team acme": printable.
std::string label(const Resource& resource);
/// "team acme", or "app shop on team acme" when the row stands on another resource's page.
std::string place(const Grant& grant);

/// Whether two resources are the same thing: type and id; a changed name does not make it another.
bool same(const Resource& a, const Resource& b);

/// The rows of `listing` that are this person's access to this resource: the whole address compared, ASCII
/// letters without regard to case. More than one is a fault of the listing. Pointers into `listing`.
std::vector<const Grant*> rows_of(const Listing& listing, std::string_view user, const Resource& resource);

/// Whether `resource` is one of `all`.
bool is_among(const std::vector<Resource>& all, const Resource& resource);

/// The listing of `resource`, or nullptr. A pointer into `listings`.
const Listing* listing_of(const std::vector<Listing>& listings, const Resource& resource);

/// How many different addresses a listing holds.
std::size_t people_in(const Listing& listing);

/// JSON with sorted keys and no spaces, whatever order it was made in: what digests are taken over. Bytes
/// that are not UTF-8 become U+FFFD.
std::string canonical(const Json& value);
/// One line, keys as they are. Bytes that are not UTF-8 become U+FFFD.
std::string compact(const Json& value);
/// Indented, for files that people open; ends with a new line.
std::string pretty(const Json& value);

/// SHA-256 over a listing's resource and rows, whatever their order; not over the time it was taken.
std::string digest_of(const Listing& listing);

Json as_json(const Resource& resource);
Json as_json(const Grant& grant);
Json as_json(const Listing& listing);
/// The inverses. Throw Error{usage} with the line.
Resource resource_from(const JsonView& view);
Grant grant_from(const JsonView& view);

}  // namespace offstage::offboarding
