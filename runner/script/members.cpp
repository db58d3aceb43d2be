#include "script/members.h"

namespace offstage::script {

const Json& member(const Json& json, const char* name) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(name);
  return found == json.end() ? nothing : *found;
}

bool has(const Json& json, const char* name) {
  return !member(json, name).is_null();
}

std::string text_in(const Json& json, const char* name, std::string fallback) {
  const Json& value = member(json, name);
  return value.is_string() ? value.get<std::string>() : std::move(fallback);
}

bool flag_in(const Json& json, const char* name, bool fallback) {
  const Json& value = member(json, name);
  return value.is_boolean() ? value.get<bool>() : fallback;
}

double number_in(const Json& json, const char* name, double fallback) {
  const Json& value = member(json, name);
  return value.is_number() ? value.get<double>() : fallback;
}

}  // namespace offstage::script
