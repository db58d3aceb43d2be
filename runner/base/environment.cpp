#include "base/environment.h"

#include <cstdlib>

namespace offstage {

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

}  // namespace offstage
