#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "connector/console.h"
#include "connector/manifest.h"

namespace offstage::connector {

// What scripts leave in their variables, as typed values. All throw Error{drift}, naming script, row and
// field, when something is missing: a listing is whole, or it is none. `rows` may be nullptr: the variable
// was never set.

/// The account signed in: the one row's `user`.
std::string account_from(const Json* rows, const std::string& script);

/// Rows of `id` and perhaps `name`; an id that is there twice is drift.
std::vector<Resource> resources_from(const Json* rows, const std::string& type, const std::string& script);

/// Rows of `user`, `role`, and perhaps `state`, and of `type`, `id`, `name` for access to something else than
/// `resource`. Every further field that has a value is a mark. `about` as docs/connectors.md says; nullptr:
/// none.
Listing listing_from(const Json* rows, const Json* about, const Resource& resource, const Manifest& manifest,
                     const std::string& script);

/// What scripts see of a resource: {{resource.id}}, {{resource.name}}, {{resource.type}}.
Json to_argument(const Resource& resource);

}  // namespace offstage::connector
