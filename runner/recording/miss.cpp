#include "recording/miss.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::recording {
namespace {

std::string side_text(const std::optional<std::string>& value) {
  return value ? fmt::format("\"{}\"", printable(*value, 120)) : "nothing";
}

}  // namespace

std::string request_line(const std::string& method, const std::string& url) {
  return fmt::format("{} {}", printable(method, 20), printable(url, 300));
}

std::string Miss::explain() const {
  const std::string asked = request_line(method, url);
  const std::string there = nearest ? fmt::format("exchange {}, {}", *nearest + 1, nearest_request) : "";
  const std::string first =
      awaited ? fmt::format("exchange {}, {}, which has not been sent", *awaited + 1, awaited_request)
              : "more changes than were recorded";
  switch (why) {
    case Why::consumed:
      return fmt::format("{} was sent more often than it was recorded\nlast recorded as {}", asked, there);
    case Why::out_of_order:
      return fmt::format("{} was sent too early\nrecorded as {}, after {}", asked, there, first);
    case Why::later:
      return fmt::format("{} was sent too early\nrecorded only as {}, after {}", asked, there, first);
    case Why::cookies:
      return fmt::format("{} was sent without its session\nrecorded as {}; {}: recorded {}, sent {}", asked,
                         there, printable(field, 120), side_text(expected), side_text(actual));
    case Why::unknown:
      break;
  }
  if (!nearest) return fmt::format("{} was not recorded, nor anything like it", asked);
  return fmt::format("{} was not recorded\nnearest is {}; {}: recorded {}, sent {}", asked, there,
                     printable(field, 120), side_text(expected), side_text(actual));
}

}  // namespace offstage::recording
