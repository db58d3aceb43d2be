#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offstage::recording {

/// The folder beside a recording in which bodies are kept.
inline constexpr std::string_view bodies_folder = "bodies";

/// A body as it is kept beside a recording: under a name made of its own bytes, so that recordings of one
/// folder share it. A value.
struct StoredBody {
  std::string file;     ///< "bodies/", 16 digits of the digest and a suffix by the content's type
  std::string sha256;   ///< of the body itself, whatever the layout of the file
  std::string content;  ///< of the file
};

/// How a body is kept. The file of a JSON body is laid out for reading when, and only when, the body is the
/// compact form of what it says, so that the exact bytes come back; any other file is the body itself.
StoredBody stored_body(std::string_view body, std::string_view content_type);

/// The body of which `content` is the file `file`; nothing when it is not the one with that digest.
std::optional<std::string> restored_body(std::string_view file, std::string_view content,
                                         std::string_view sha256);

/// ".json", ".html", ".js", ".css", ".txt", or ".bin" for what people cannot read.
std::string body_suffix(std::string_view content_type);

/// Whether `file` is a name that `stored_body` could have given to a body of this digest: nothing else is
/// ever opened for a recording.
bool is_body_file(std::string_view file, std::string_view sha256);

/// Gives the content of a file by its name as the recording has it. Throws Error{usage} when it cannot.
using BodyLookup = std::function<std::string(const std::string& file)>;

/// Looks files up below a folder; only regular files.
BodyLookup files_below(std::filesystem::path folder);

/// Bodies about to be written, each once. One thread.
class BodyBundle {
 public:
  /// Adds a body that is not empty. Throws Error{internal} when another body has the same name.
  StoredBody add(std::string_view body, std::string_view content_type);
  /// The content of each file, by its name.
  const std::map<std::string, std::string>& files() const { return files_; }
  /// Looks files up in this bundle, which must outlive it.
  BodyLookup lookup() const;

 private:
  std::map<std::string, std::string> files_;
  std::map<std::string, std::string> digests_;
};

/// The files in `folder`/bodies that no .har of the folder names any more, in the order of their names.
/// Throws Error{usage} when one of the .har cannot be read: what it needs is then unknown.
std::vector<std::filesystem::path> unused_bodies(const std::filesystem::path& folder);

}  // namespace offstage::recording
