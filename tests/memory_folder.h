#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "base/file.h"

namespace offstage::test {

/// A private temporary folder in memory where the machine has one: what waits for the disk in real life
/// takes no time in a test. One thread: it sets TMPDIR for a moment.
inline TemporaryFolder memory_folder() {
  class Elsewhere {
   public:
    Elsewhere() {
      if (const char* value = std::getenv("TMPDIR")) before_ = value;
      if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
    }
    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;
    ~Elsewhere() {
      if (before_) {
        ::setenv("TMPDIR", before_->c_str(), 1);
      } else {
        ::unsetenv("TMPDIR");
      }
    }

   private:
    std::optional<std::string> before_;
  };
  const Elsewhere elsewhere;
  return TemporaryFolder();
}

}  // namespace offstage::test
