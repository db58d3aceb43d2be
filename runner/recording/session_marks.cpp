#include "recording/session_marks.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording {
namespace {

std::string_view cookie_name(std::string_view pair) {
  return trimmed(pair.substr(0, pair.find('=')));
}

std::vector<std::string> sorted_once(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

std::vector<std::string> cookie_names(const Headers& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) {
    if (ascii_lower(name) != "cookie") continue;
    for (const std::string& pair : split(value, ';')) {
      if (!cookie_name(pair).empty()) names.emplace_back(cookie_name(pair));
    }
  }
  return sorted_once(std::move(names));
}

std::vector<std::string> set_cookie_names(const Headers& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) {
    if (ascii_lower(name) == "set-cookie" && !cookie_name(value).empty())
      names.emplace_back(cookie_name(value.substr(0, value.find(';'))));
  }
  return sorted_once(std::move(names));
}

std::vector<SessionMarks> session_marks(const std::vector<Exchange>& exchanges) {
  std::vector<SessionMarks> all;
  all.reserve(exchanges.size());
  std::set<std::string> set_so_far;
  for (const Exchange& exchange : exchanges) {
    SessionMarks marks{{}, header(exchange.request_headers, "authorization").has_value()};
    const std::vector<std::string> carried = cookie_names(exchange.request_headers);
    std::set_intersection(carried.begin(), carried.end(), set_so_far.begin(), set_so_far.end(),
                          std::back_inserter(marks.cookies));
    all.push_back(std::move(marks));
    for (std::string& name : set_cookie_names(exchange.response_headers))
      set_so_far.insert(std::move(name));
  }
  return all;
}

std::optional<Difference> session_difference(const SessionMarks& recorded, const Headers& request) {
  const std::vector<std::string> carried = cookie_names(request);
  for (const std::string& name : recorded.cookies) {
    if (!std::binary_search(carried.begin(), carried.end(), name))
      return Difference{fmt::format("cookie {}", name), "present", std::nullopt};
  }
  const bool has_authorization = header(request, "authorization").has_value();
  if (recorded.authorization == has_authorization) return std::nullopt;
  Difference difference{"header authorization", std::nullopt, std::nullopt};
  (recorded.authorization ? difference.expected : difference.actual) = "present";
  return difference;
}

}  // namespace offstage::recording
