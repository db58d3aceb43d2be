#include "recording/har.h"

#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "recording/body_store.h"
#include "recording/har_reader.h"
#include "recording/har_writer.h"
#include "recording/layout.h"

namespace offstage::recording {
namespace {

constexpr unsigned public_mode = 0644;

/// What has been made so far, and is taken away again unless it is kept.
class NewFiles {
 public:
  NewFiles() = default;
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  ~NewFiles() {
    std::error_code ignored;  // there is an error on its way already
    for (auto made = made_.rbegin(); made != made_.rend(); ++made)
      std::filesystem::remove(*made, ignored);
  }
  void make_folder(const std::filesystem::path& folder) {
    if (folder.empty() || std::filesystem::is_directory(folder)) return;
    make_folder(folder.parent_path());
    std::error_code problem;
    if (std::filesystem::create_directory(folder, problem)) made_.push_back(folder);
    if (problem) {
      throw Error(Kind::usage,
                  fmt::format("cannot make the folder {}: {}", folder.string(), problem.message()));
    }
  }
  void write(const std::filesystem::path& file, const std::string& content) {
    std::error_code none;
    const bool there = std::filesystem::exists(file, none);
    if (there && std::filesystem::file_size(file, none) == content.size() && read_file(file) == content)
      return;
    write_file(file, content, public_mode);
    if (!there) made_.push_back(file);
  }
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;
};

/// The path of the first text that is not UTF-8, which JSON cannot hold.
std::string bad_text_in(const Json& value, const std::string& pointer) {
  if (value.is_string()) return is_valid_utf8(value.get_ref<const std::string&>()) ? "" : pointer;
  if (!value.is_structured()) return {};
  for (const auto& [key, member] : value.items()) {
    if (!is_valid_utf8(key)) return pointer;
    std::string found = bad_text_in(member, pointer + "/" + key);
    if (!found.empty()) return found;
  }
  return {};
}

/// The text of the file. A recording that would not come back as it is, is a defect of what made it.
std::string har_text(const Recording& recording, BodyBundle& bodies, const std::filesystem::path& file) {
  const Json har = har_of(recording, bodies);
  if (const std::string bad = bad_text_in(har, ""); !bad.empty()) {
    throw Error(Kind::internal,
                fmt::format("cannot write {}: what would stand at {} is not UTF-8", file.string(), bad));
  }
  std::string text = laid_out(har);
  if (recording_from(JsonDocument::parse(text, file.string()), bodies.lookup()) != recording) {
    throw Error(Kind::internal,
                fmt::format("cannot write {}: it would not read back the same", file.string()));
  }
  return text;
}

}  // namespace

void save(const Recording& recording, const std::filesystem::path& file) {
  BodyBundle bodies;
  const std::string text = har_text(recording, bodies, file);
  const std::filesystem::path folder = file.parent_path();
  NewFiles made;
  made.make_folder(folder);
  if (!bodies.files().empty()) made.make_folder(folder / bodies_folder);
  for (const auto& [name, content] : bodies.files())
    made.write(folder / name, content);
  made.write(file, text);
  made.keep();
}

Recording load(const std::filesystem::path& file) {
  return recording_from(recording_document(read_file(file), file.string()), files_below(file.parent_path()));
}

}  // namespace offstage::recording
