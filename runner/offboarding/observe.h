#pragma once

#include <string>
#include <vector>

#include "connector/console.h"
#include "offboarding/progress.h"
#include "offboarding/request.h"
#include "offboarding/rows.h"

namespace offstage::offboarding {

/// What a console showed, complete for what the request is about. A value.
struct Observation {
  std::string connector;            ///< the manifest's id
  std::string title;                ///< for people: "Heroku"
  std::string primary_type;         ///< "team"
  std::string account;              ///< signed in with this address
  std::string observed_at;          ///< RFC 3339, when it was complete
  std::vector<Resource> resources;  ///< every resource of the primary type that the account can see
  std::vector<Listing> listings;    ///< of those that the request is about, in the same order
};

/// Signs in, lists, and returns all of it or throws: a listing is never partial. Throws Error{usage} on a bad
/// request or a team that is not there, Error{drift} on a listing that contradicts itself, and what the
/// console throws.
Observation observe(connector::Console& console, const Request& request, Progress& progress,
                    const Until& until);

/// One fresh listing, held against its own promise: of the resource asked for, and no shorter than the
/// console's own count. Throws Error{drift} otherwise.
Listing list_wholly(connector::Console& console, const Resource& resource, const Until& until);

/// The resource of that name or id among `resources`, or nullptr. Throws Error{usage} when two have the name.
const Resource* find_resource(const std::vector<Resource>& resources, const std::string& name);

}  // namespace offstage::offboarding
