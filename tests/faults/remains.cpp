#include "faults/remains.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace offstage::faults {
namespace {

/// Whether a journal's line announces a commit, and whether it says how one ended.
bool announces(const std::string& event) {
  return event == "intent";
}
bool settles(const std::string& event) {
  return event == "verified" || event == "already_absent" || event == "failed";
}

/// What happened, line by line.
void tell_journal(const std::string& text, Remains& remains) {
  bool open = false;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty()) continue;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) {
      remains.text += " torn";
      continue;
    }
    const std::string event = text_of(json, "event");
    open = announces(event) || (open && !settles(event));
    remains.text += " " + event;
    const Json data = json.value("data", Json::object());
    for (const char* said : {"outcome", "status", "kind"}) {
      if (data.contains(said)) remains.text += ":" + data.at(said).dump();
    }
  }
  remains.open = remains.open || open;
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

Remains remains_of(const std::filesystem::path& folder, const Json& state, const Json& changes) {
  Remains remains;
  remains.text = state.dump() + "\n";
  for (const Json& change : changes)
    remains.text += text_of(change, "method") + " " + text_of(change, "path") + "\n";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && is_read_by_a_run(entry.path(), folder)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    remains.text += name_of(file);
    if (file.extension() == ".jsonl") {
      tell_journal(read_file(file), remains);
    } else if (file.filename() != "lock") {  // which holds a process's number
      remains.text += " " + std::to_string(std::filesystem::file_size(file));
    }
    remains.text += "\n";
  }
  return remains;
}

bool Beginnings::has(const Remains& remains) const {
  const std::lock_guard lock(mutex_);
  return !remains.open && all_.count(remains.text) != 0;
}

void Beginnings::add(const Remains& remains) {
  const std::lock_guard lock(mutex_);
  all_.insert(remains.text);
}

std::size_t Beginnings::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

}  // namespace offstage::faults
