#include "offboarding/observe.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::offboarding {
namespace {

[[noreturn]] void no_such_team(const Observation& seen, const std::string& name) {
  std::vector<std::string> names;
  for (const Resource& resource : seen.resources)
    names.push_back(resource.name);
  const std::string near = nearest(name, names);
  std::string hint = near.empty() ? std::string() : fmt::format("did you mean \"{}\"? ", printable(near));
  hint += "there are: " + printable(join(names, ", "), 300);
  throw Error(Kind::usage,
              fmt::format("{} shows no {} named \"{}\" to {}", seen.title, seen.primary_type,
                          printable(name, 80), printable(seen.account)),
              hint);
}

/// The resources that the request is about, in the console's order.
std::vector<Resource> in_scope(const Observation& seen, const Request& request) {
  if (const auto* team = std::get_if<RemoveTeam>(&request)) {
    const Resource* found = find_resource(seen.resources, team->name);
    return found == nullptr ? std::vector<Resource>() : std::vector<Resource>{*found};
  }
  const std::vector<std::string> teams = teams_of(request);
  if (teams.empty()) return seen.resources;
  std::vector<const Resource*> wanted;
  for (const std::string& name : teams) {
    const Resource* found = find_resource(seen.resources, name);
    if (found == nullptr) no_such_team(seen, name);
    wanted.push_back(found);
  }
  std::vector<Resource> scope;
  for (const Resource& resource : seen.resources) {
    if (std::find(wanted.begin(), wanted.end(), &resource) != wanted.end()) scope.push_back(resource);
  }
  return scope;
}

/// The same error, saying which of `all` listings failed.
Error about(const Resource& resource, std::size_t all, const Error& error) {
  std::string hint = error.hint();
  if (error.kind() == Kind::refused && all > 1)
    hint += (hint.empty() ? "" : "; ") + std::string("or leave it out: name those to look at with --team");
  return error.retold(label(resource) + ": " + error.message(), std::move(hint));
}

}  // namespace

const Resource* find_resource(const std::vector<Resource>& resources, const std::string& name) {
  const Resource* found = nullptr;
  for (const Resource& resource : resources) {
    if (resource.id != name && resource.name != name) continue;
    if (found != nullptr) {
      throw Error(Kind::usage, fmt::format("two of them are called \"{}\"", printable(name)),
                  fmt::format("name it by its id: {} or {}", printable(found->id), printable(resource.id)));
    }
    found = &resource;
  }
  return found;
}

Listing list_wholly(connector::Console& console, const Resource& resource, const Until& until) {
  Listing listing = console.list_grants(resource, until);
  if (!same(listing.resource, resource)) {
    throw Error(Kind::drift,
                fmt::format("asked for {}, the console listed {}", label(resource), label(listing.resource)));
  }
  if (listing.console_total && *listing.console_total > static_cast<long>(listing.grants.size())) {
    throw Error(Kind::drift,
                fmt::format("the listing of {} is not complete: {} rows were read, the console counts {}",
                            label(resource), listing.grants.size(), *listing.console_total),
                "mend the script that lists grants; nothing was changed");
  }
  return listing;
}

Observation observe(connector::Console& console, const Request& request, Progress& progress,
                    const Until& until) {
  check(request);
  Observation seen;
  seen.connector = console.connector();
  seen.title = console.title();
  seen.primary_type = console.primary_type();
  progress.doing("signing in to " + printable(seen.title));
  seen.account = console.sign_in(until);
  // Without it the rule that the account signed in is never touched could not be held.
  if (trimmed(seen.account).empty())
    throw Error(Kind::drift, "the console does not say which account is signed in");
  progress.doing(fmt::format("listing every {} that {} can see", seen.primary_type, printable(seen.account)));
  seen.resources = console.list_resources(until);
  // Everybody would seem to be gone already, be it that the account lost its place or is another one.
  if (seen.resources.empty()) {
    throw Error(Kind::drift,
                fmt::format("{} shows no {} at all to {}: that says nothing of anybody's access", seen.title,
                            seen.primary_type, printable(seen.account)),
                "is it the right account, and does it still have its place there?");
  }
  const std::vector<Resource> scope = in_scope(seen, request);
  for (const Resource& resource : scope) {
    progress.doing(
        fmt::format("listing {} ({} of {})", label(resource), seen.listings.size() + 1, scope.size()));
    try {
      seen.listings.push_back(list_wholly(console, resource, until));
    } catch (const Error& error) {
      if (is_stop(error.kind())) throw;
      if (!until.deadline.passed()) throw about(resource, scope.size(), error);
      const std::string done = fmt::format("time was over when {} of {} {}s were listed",
                                           seen.listings.size(), scope.size(), printable(seen.primary_type));
      throw Error(error.kind(), done, "allow more with --timeout, or name those to look at with --team",
                  error);
    }
  }
  seen.observed_at = utc_now();
  return seen;
}

}  // namespace offstage::offboarding
