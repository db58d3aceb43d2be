#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace offstage::offboarding {

/// A picture taken around a commit.
struct Screenshot {
  std::string action;          ///< the action's id
  std::string when;            ///< "before", "after", or a name a script gave
  std::string taken_at;        ///< RFC 3339
  std::filesystem::path file;  ///< below the evidence folder
  std::string digest;          ///< SHA-256 of the PNG
};

/// A file of the folder and its SHA-256.
struct FileDigest {
  std::string file;  ///< below the folder
  std::string digest;
};

/// The folder that proves a run. Made empty at the run's start, filled as it goes: only its owner may read it
/// (folders 0700, files 0600). One thread.
class Evidence {
 public:
  /// The file that names all others with their digests.
  static constexpr std::string_view manifest = "SHA256SUMS";

  /// Makes the folder. Throws Error{usage} when it cannot, or when it is there and not empty.
  explicit Evidence(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  /// Writes a file. Throws Error{usage}.
  void add(const std::string& name, std::string_view content);
  void add(const std::string& name, const Json& content);
  void add_screenshot(const std::string& action, const std::string& when, const std::string& png);

  const std::vector<Screenshot>& screenshots() const { return screenshots_; }
  /// Every file that is there now, sorted by name, without SHA256SUMS.
  std::vector<FileDigest> digests() const;
  /// Writes SHA256SUMS over every file, in the format of sha256sum(1). The last thing done.
  void seal();

 private:
  std::filesystem::path folder_;
  std::vector<Screenshot> screenshots_;
};

}  // namespace offstage::offboarding
