#pragma once

#include <string>

namespace offstage::test {

/// Whether a text holds another one, wherever. A JSON text counts as one.
inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace offstage::test
