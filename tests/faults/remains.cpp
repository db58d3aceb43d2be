#include "faults/remains.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace offstage::faults {
namespace {

/// What happened, line by line.
std::string told_by_journal(const std::string& text) {
  std::string told;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty()) continue;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) {
      told += " torn";
      continue;
    }
    told += " " + text_of(json, "event");
    const Json data = json.value("data", Json::object());
    for (const char* said : {"outcome", "status", "kind", "settled"}) {
      if (data.contains(said)) told += ":" + data.at(said).dump();
    }
  }
  return told;
}

/// A file's name without the run and the numbers in it. Its folder is named after the console's address,
/// which no two consoles of a tour share.
std::string name_of(const std::filesystem::path& file) {
  if (file.extension() == ".jsonl") return "RUN.jsonl";
  std::string name = file.filename().string();
  std::erase_if(name, [](unsigned char c) { return std::isdigit(c) != 0; });
  return name;
}

bool is_read_by_a_run(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const std::string place = std::filesystem::relative(file, folder).string();
  return !place.starts_with("offstage-evidence/") && !place.starts_with("moments");
}

}  // namespace

std::string remains_of(const std::filesystem::path& folder, const Json& state, const Json& changes) {
  std::string remains = state.dump() + "\n";
  for (const Json& change : changes)
    remains += text_of(change, "method") + " " + text_of(change, "path") + "\n";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && is_read_by_a_run(entry.path(), folder)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    remains += name_of(file);
    if (file.extension() == ".jsonl") {
      remains += told_by_journal(read_file(file));
    } else if (file.filename() != "lock") {  // which holds a process's number
      remains += " " + std::to_string(std::filesystem::file_size(file));
    }
    remains += "\n";
  }
  return remains;
}

bool Beginnings::has(const std::string& remains) const {
  const std::lock_guard lock(mutex_);
  return all_.count(remains) != 0;
}

void Beginnings::add(const std::string& remains) {
  const std::lock_guard lock(mutex_);
  all_.insert(remains);
}

std::size_t Beginnings::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

}  // namespace offstage::faults
