#include "offboarding/evidence.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/deadline.h"
#include "base/file.h"
#include "base/hash.h"
#include "offboarding/rows.h"
#include "offboarding/state.h"

namespace offstage::offboarding {
namespace {

/// A name that a script gave, as part of a file's name.
std::string harmless(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return name.substr(0, 40);
}

}  // namespace

Evidence::Evidence(std::filesystem::path folder) : folder_(std::move(folder)) {
  make_private_folder(folder_);
  if (!std::filesystem::is_empty(folder_)) {
    throw Error(Kind::usage, fmt::format("the evidence folder {} is not empty", folder_.string()),
                "each run needs a folder of its own");
  }
}

void Evidence::add(const std::string& name, std::string_view content) {
  write_file(folder_ / name, content);
}

void Evidence::add(const std::string& name, const Json& content) {
  add(name, std::string_view(pretty(content)));
}

void Evidence::add_screenshot(const std::string& action, const std::string& when, const std::string& png) {
  if (screenshots_.empty()) make_private_folder(folder_ / "screenshots");
  Screenshot shot{action, when, utc_now(), {}, sha256(png)};
  // A script's own `capture` beside the commit often shows what the commit's picture shows already.
  const bool shown = !screenshots_.empty() && screenshots_.back().action == action &&
                     screenshots_.back().when == when && screenshots_.back().digest == shot.digest;
  if (shown) return;
  shot.file =
      fmt::format("screenshots/{:02}-{}-{}.png", screenshots_.size() + 1, harmless(action), harmless(when));
  add(shot.file.string(), std::string_view(png));
  screenshots_.push_back(std::move(shot));
}

std::vector<FileDigest> Evidence::digests() const {
  std::vector<FileDigest> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    const std::string name = entry.path().lexically_relative(folder_).string();
    if (entry.is_regular_file() && name != Evidence::manifest)
      files.push_back({name, sha256(read_file(entry.path()))});
  }
  std::sort(files.begin(), files.end(),
            [](const FileDigest& a, const FileDigest& b) { return a.file < b.file; });
  return files;
}

void Evidence::seal() {
  std::string text;
  for (const FileDigest& file : digests())
    text += fmt::format("{}  {}\n", file.digest, file.file);
  add(std::string(manifest), std::string_view(text));
}

}  // namespace offstage::offboarding
