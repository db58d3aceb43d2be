#include "base/fault_point.h"

namespace offstage {
namespace {

FaultPoints* installed = nullptr;

}  // namespace

void set_fault_points(FaultPoints* points) noexcept {
  installed = points;
}

FaultPoints* fault_points() noexcept {
  return installed;
}

void fault_point(std::string_view what, const std::string& object) {
  if (installed != nullptr) installed->reached(what, object);
}

}  // namespace offstage
