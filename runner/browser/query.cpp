#include "browser/query.h"

namespace offstage::browser {

namespace {

Json within_json(const std::vector<Within>& within) {
  Json list = Json::array();
  for (const Within& scope : within) {
    list.push_back({{"rows", scope.rows}, {"field", scope.field}, {"equals", scope.equals}});
  }
  return list;
}

std::string_view word(Condition::Count comparison) {
  switch (comparison) {
    case Condition::Count::at_least:
      return "at_least";
    case Condition::Count::exactly:
      return "exactly";
    case Condition::Count::at_most:
      return "at_most";
  }
  throw Error(Kind::internal, "a condition has no such comparison");
}

}  // namespace

Json Query::to_json() const {
  return {{"within", within_json(within)}, {"selectors", selectors}, {"unique", unique}};
}

Json Condition::to_json() const {
  Json json = {{"query", query.to_json()}, {"comparison", word(comparison)},
               {"count", count},           {"visible", must_be_visible},
               {"negate", negate},         {"attributes", attributes},
               {"properties", properties}};
  if (text_equals) json["textEquals"] = *text_equals;
  if (text_contains) json["textContains"] = *text_contains;
  if (names) json["names"] = *names;
  if (url) json["url"] = *url;
  return json;
}

Json Extraction::to_json() const {
  Json list = Json::array();
  for (const Field& field : fields) {
    Json json = {{"name", field.name},         {"selectors", field.selectors}, {"read", field.read},
                 {"optional", field.optional}, {"match", field.match},         {"map", field.map}};
    if (field.constant) json["constant"] = *field.constant;
    list.push_back(std::move(json));
  }
  Json json = {{"within", within_json(within)}, {"rows", rows}, {"fields", std::move(list)}};
  if (ready) {
    Json& conditions = json["ready"] = Json::array();
    for (const Condition& condition : *ready)
      conditions.push_back(condition.to_json());
  }
  return json;
}

}  // namespace offstage::browser
