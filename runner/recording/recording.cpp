#include "recording/recording.h"

#include "base/text.h"

namespace offstage::recording {

std::optional<std::string> header(const Headers& headers, std::string_view name) {
  const std::string wanted = ascii_lower(name);
  for (const auto& [each, value] : headers) {
    if (ascii_lower(each) == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace offstage::recording
