#include "offboarding/rows.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::offboarding {

std::string label(const Resource& resource) {
  return printable(resource.type) + " " + printable(resource.name);
}

std::string place(const Grant& grant) {
  if (same(grant.resource, grant.listed_on)) return label(grant.resource);
  return label(grant.resource) + " on " + label(grant.listed_on);
}

bool same(const Resource& a, const Resource& b) {
  return a.type == b.type && a.id == b.id;
}

std::vector<const Grant*> rows_of(const Listing& listing, std::string_view user, const Resource& resource) {
  const std::string key = email_key(user);
  std::vector<const Grant*> rows;
  for (const Grant& grant : listing.grants) {
    if (same(grant.resource, resource) && email_key(grant.user) == key) rows.push_back(&grant);
  }
  return rows;
}

bool is_among(const std::vector<Resource>& all, const Resource& resource) {
  return std::any_of(all.begin(), all.end(), [&](const Resource& other) { return same(other, resource); });
}

const Listing* listing_of(const std::vector<Listing>& listings, const Resource& resource) {
  const auto found = std::find_if(listings.begin(), listings.end(),
                                  [&](const Listing& listing) { return same(listing.resource, resource); });
  return found == listings.end() ? nullptr : &*found;
}

std::size_t people_in(const Listing& listing) {
  std::set<std::string> keys;
  for (const Grant& grant : listing.grants)
    keys.insert(email_key(grant.user));
  return keys.size();
}

std::string canonical(const Json& value) {
  const nlohmann::json sorted = value;
  return sorted.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string compact(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pretty(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string digest_of(const Listing& listing) {
  std::vector<std::string> rows;
  for (const Grant& grant : listing.grants)
    rows.push_back(canonical(as_json(grant)));
  std::sort(rows.begin(), rows.end());
  return sha256(canonical(Json{{"resource", as_json(listing.resource)}, {"rows", rows}}));
}

Json as_json(const Resource& resource) {
  return {{"type", resource.type}, {"id", resource.id}, {"name", resource.name}};
}

Json as_json(const Grant& grant) {
  return {{"user", grant.user},
          {"resource", as_json(grant.resource)},
          {"listed_on", as_json(grant.listed_on)},
          {"role", grant.role},
          {"state", grant.state},
          {"marks", grant.marks},
          {"privileged", grant.privileged}};
}

Json as_json(const Listing& listing) {
  Json grants = Json::array();
  for (const Grant& grant : listing.grants)
    grants.push_back(as_json(grant));
  Json json{{"resource", as_json(listing.resource)},
            {"taken_at", listing.taken_at},
            {"manageable", listing.manageable},
            {"rows", listing.grants.size()},
            {"people", people_in(listing)}};
  if (listing.console_total) json["console_total"] = *listing.console_total;
  json["digest"] = digest_of(listing);
  json["grants"] = std::move(grants);
  return json;
}

Resource resource_from(const JsonView& view) {
  view.only({"type", "id", "name"});
  return {view.at("type").string(), view.at("id").string(), view.at("name").string()};
}

Grant grant_from(const JsonView& view) {
  view.only({"user", "resource", "listed_on", "role", "state", "marks", "privileged"});
  Grant grant;
  grant.user = view.at("user").string();
  grant.resource = resource_from(view.at("resource"));
  grant.listed_on = resource_from(view.at("listed_on"));
  grant.role = view.at("role").string();
  grant.state = view.at("state").string();
  grant.marks = view.at("marks").strings();
  grant.privileged = view.at("privileged").boolean();
  return grant;
}

}  // namespace offstage::offboarding
