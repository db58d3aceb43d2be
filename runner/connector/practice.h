#pragma once

#include <filesystem>
#include <string>

#include "browser/browser.h"

namespace offstage::connector {

/// A practice console that runs now, as it describes itself in its practice.json. A value.
struct Practice {
  std::string connector;  ///< the id of the connector it stands in for
  browser::HostMapping mapping;
  std::filesystem::path secrets;  ///< a folder with one file for each secret
  long pid = 0;
};

/// Reads a practice description, or the practice.json of a folder. Throws Error{usage}, saying how to start a
/// practice console, when the file is missing or bad, or its process is gone.
Practice load_practice(const std::filesystem::path& file);

}  // namespace offstage::connector
