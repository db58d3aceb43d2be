#include "cli/program.h"

#include "base/error.h"

namespace offstage::cli {

std::string_view version() {
  return OFFSTAGE_VERSION;
}

std::filesystem::path prefix() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error)
    throw Error(Kind::internal, "cannot find this program's own path: " + error.message(),
                "is /proc mounted?");
  return program.parent_path().parent_path();
}

}  // namespace offstage::cli
