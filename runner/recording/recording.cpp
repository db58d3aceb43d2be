#include "recording/recording.h"

#include <algorithm>

#include "base/text.h"
#include "recording/canonical.h"

namespace offstage::recording {

std::optional<std::string> header(const Headers& headers, std::string_view name) {
  const std::string wanted = ascii_lower(name);
  for (const auto& [each, value] : headers) {
    if (ascii_lower(each) == wanted) return value;
  }
  return std::nullopt;
}

bool changes_something(std::string_view method, const std::string& url, const TrafficRules& rules) {
  if (method == "GET" || method == "HEAD" || method == "OPTIONS") return false;
  return !matches_any_pattern(rules.unanswered, url) &&
         std::none_of(rules.reads.begin(), rules.reads.end(),
                      [&](const std::string& pattern) { return matches_glob(pattern, url); });
}

}  // namespace offstage::recording
