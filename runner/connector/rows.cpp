#include "connector/rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::connector {
namespace {

constexpr std::string_view drift_hint =
    "the page shows something that the script does not read rightly; \"offstage check\" says where it "
    "differs";

/// One row of a variable, read field by field.
class Row {
 public:
  Row(const Json& row, std::string where) : row_(row), where_(std::move(where)) {
    if (!row_.is_object()) throw error("is not a row of fields");
  }

  /// The text of a field; "" when it is absent, null or empty.
  std::string text(std::string_view field) const {
    const auto found = row_.find(std::string(field));
    if (found == row_.end() || found->is_null()) return {};
    if (!found->is_string()) throw error(fmt::format("the field \"{}\" is not text", field));
    return found->get<std::string>();
  }

  std::string needed(std::string_view field) const {
    std::string out = text(field);
    if (trimmed(out).empty()) throw error(fmt::format("the field \"{}\" is missing", field));
    return out;
  }

  const Json& fields() const { return row_; }

  [[nodiscard]] Error error(std::string_view what) const {
    return {Kind::drift, fmt::format("{} {}", where_, what), std::string(drift_hint)};
  }

 private:
  const Json& row_;
  std::string where_;
};

std::vector<Row> rows_of(const Json* rows, const std::string& script) {
  if (rows == nullptr || !rows->is_array()) {
    throw Error(Kind::drift, fmt::format("{} ended without reading a list", script), std::string(drift_hint));
  }
  std::vector<Row> out;
  for (const Json& row : *rows)
    out.emplace_back(row, fmt::format("{}: row {} of its list", script, out.size() + 1));
  return out;
}

constexpr std::array known_fields{"user", "role", "state", "type", "id", "name"};

Grant grant_from(const Row& row, const Resource& listed_on, const Manifest& manifest) {
  Grant grant;
  grant.user = row.needed("user");
  grant.role = row.needed("role");
  grant.state = row.text("state").empty() ? "active" : row.text("state");
  if (grant.state != "active" && grant.state != "pending") {
    throw row.error(
        fmt::format("has the state \"{}\", which is neither active nor pending", printable(grant.state, 80)));
  }
  grant.listed_on = listed_on;
  grant.resource = listed_on;
  if (const std::string type = row.text("type"); !type.empty()) {
    const std::string id = row.needed("id");
    grant.resource = {type, id, row.text("name").empty() ? id : row.text("name")};
  }
  const ResourceType* type = manifest.find(grant.resource.type);
  if (type == nullptr) {
    throw row.error(fmt::format("has the type \"{}\", which the manifest does not know",
                                printable(grant.resource.type, 80)));
  }
  grant.privileged = std::any_of(
      type->privileged_roles.begin(), type->privileged_roles.end(),
      [&](const std::string& role) { return ascii_lower(role) == ascii_lower(trimmed(grant.role)); });
  for (const auto& [field, value] : row.fields().items()) {
    if (std::find(known_fields.begin(), known_fields.end(), field) != known_fields.end()) continue;
    if (const std::string mark = row.text(field); !mark.empty()) grant.marks.push_back(mark);
  }
  return grant;
}

}  // namespace

std::string account_from(const Json* rows, const std::string& script) {
  const std::vector<Row> read = rows_of(rows, script);
  if (read.size() != 1) {
    throw Error(Kind::drift,
                fmt::format("{} found {} accounts signed in instead of one", script, read.size()),
                std::string(drift_hint));
  }
  return read.front().needed("user");
}

std::vector<Resource> resources_from(const Json* rows, const std::string& type, const std::string& script) {
  std::vector<Resource> out;
  std::set<std::string> seen;
  for (const Row& row : rows_of(rows, script)) {
    const std::string id = row.needed("id");
    if (!seen.insert(id).second) {
      throw row.error(fmt::format("has the id \"{}\", which an earlier row has too", printable(id, 80)));
    }
    out.push_back({type, id, row.text("name").empty() ? id : row.text("name")});
  }
  return out;
}

Listing listing_from(const Json* rows, const Json* about, const Resource& resource, const Manifest& manifest,
                     const std::string& script) {
  Listing listing;
  listing.resource = resource;
  listing.taken_at = utc_now();
  for (const Row& row : rows_of(rows, script))
    listing.grants.push_back(grant_from(row, resource, manifest));
  if (about == nullptr) return listing;
  const std::vector<Row> page = rows_of(about, script);
  if (page.size() != 1) {
    throw Error(Kind::drift,
                fmt::format("{} read {} rows about the page instead of one", script, page.size()),
                std::string(drift_hint));
  }
  if (const std::string total = page.front().text("total"); !total.empty()) {
    long number = 0;
    const auto [end, failed] = std::from_chars(total.data(), total.data() + total.size(), number);
    if (failed != std::errc{} || end != total.data() + total.size()) {
      throw page.front().error(fmt::format("has the total \"{}\", which is no number", printable(total, 80)));
    }
    listing.console_total = number;
  }
  listing.manageable = page.front().text("manageable") != "no";
  return listing;
}

Json to_argument(const Resource& resource) {
  return {{"type", resource.type}, {"id", resource.id}, {"name", resource.name}};
}

}  // namespace offstage::connector
