#include "recording/body_store.h"

#include <algorithm>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "recording/layout.h"

namespace offstage::recording {
namespace {

constexpr std::size_t digits_in_name = 16;
constexpr int deepest_body = 100;

/// JSON is written out by recursion: a body that opens more brackets than this is kept as it is.
bool nests_deeply(std::string_view body) {
  int depth = 0;
  for (const char c : body) {
    if ((c == '[' || c == '{') && ++depth > deepest_body) return true;
    if (c == ']' || c == '}') --depth;
  }
  return false;
}

/// What a text says as JSON, if anything.
std::optional<Json> body_as_json(std::string_view text) {
  if (nests_deeply(text)) return std::nullopt;
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

void add_named_files(const Json& value, std::set<std::string>& names) {
  if (!value.is_structured()) return;
  if (const std::string file = text_of(value, "_file"); !file.empty()) names.insert(file);
  for (const Json& member : value)
    add_named_files(member, names);
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::error_code problem;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    files.push_back(at->path());
  }
  if (problem) {
    throw Error(Kind::usage,
                fmt::format("cannot read the folder {}: {}", folder.string(), problem.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string body_suffix(std::string_view content_type) {
  const std::string whole = ascii_lower(content_type);
  const std::string type(trimmed(std::string_view(whole).substr(0, whole.find(';'))));
  const auto is = [&type](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), type) != names.end();
  };
  if (is({"application/json", "text/json"}) || type.ends_with("+json")) return ".json";
  if (is({"text/html", "application/xhtml+xml"})) return ".html";
  if (type.ends_with("javascript") || type.ends_with("ecmascript")) return ".js";
  if (is({"text/css"})) return ".css";
  if (type.starts_with("text/") || type.ends_with("+xml") ||
      is({"application/xml", "application/x-www-form-urlencoded", "application/x-ndjson"})) {
    return ".txt";
  }
  return ".bin";
}

StoredBody stored_body(std::string_view body, std::string_view content_type) {
  const std::string suffix = body_suffix(content_type);
  StoredBody stored;
  stored.sha256 = sha256(body);
  stored.file = fmt::format("{}/{}{}", bodies_folder, stored.sha256.substr(0, digits_in_name), suffix);
  stored.content = std::string(body);
  if (suffix == ".json") {
    const std::optional<Json> value = body_as_json(body);
    if (value && value->dump() == body) stored.content = laid_out(*value);
  }
  return stored;
}

std::optional<std::string> restored_body(std::string_view file, std::string_view content,
                                         std::string_view digest) {
  if (sha256(content) == digest) return std::string(content);
  if (!file.ends_with(".json")) return std::nullopt;
  const std::optional<Json> value = body_as_json(content);
  if (!value) return std::nullopt;
  std::string body = value->dump();
  if (sha256(body) != digest) return std::nullopt;
  return body;
}

bool is_body_file(std::string_view file, std::string_view digest) {
  const std::string name = fmt::format("{}/{}", bodies_folder, digest.substr(0, digits_in_name));
  if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return false;
  if (!file.starts_with(name)) return false;
  const std::string_view suffix = file.substr(name.size());
  constexpr std::string_view known[] = {".json", ".html", ".js", ".css", ".txt", ".bin"};
  return std::find(std::begin(known), std::end(known), suffix) != std::end(known);
}

BodyLookup files_below(std::filesystem::path folder) {
  return [folder = std::move(folder)](const std::string& file) {
    const std::filesystem::path path = folder / file;
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
      throw Error(Kind::usage, fmt::format("cannot read {}: it is not a regular file", path.string()));
    }
    return read_file(path);
  };
}

StoredBody BodyBundle::add(std::string_view body, std::string_view content_type) {
  StoredBody stored = stored_body(body, content_type);
  if (const auto [at, added] = digests_.emplace(stored.file, stored.sha256);
      !added && at->second != stored.sha256) {
    throw Error(Kind::internal, fmt::format("two bodies have the name {}", stored.file));
  }
  files_.emplace(stored.file, stored.content);
  return stored;
}

BodyLookup BodyBundle::lookup() const {
  return [this](const std::string& file) {
    const auto found = files_.find(file);
    if (found == files_.end()) throw Error(Kind::usage, fmt::format("there is no {}", file));
    return found->second;
  };
}

std::vector<std::filesystem::path> unused_bodies(const std::filesystem::path& folder) {
  std::set<std::string> used;
  for (const std::filesystem::path& file : files_in(folder)) {
    if (file.extension() == ".har") add_named_files(JsonDocument::load(file)->root(), used);
  }
  std::vector<std::filesystem::path> unused;
  const std::filesystem::path bodies = folder / bodies_folder;
  if (!std::filesystem::exists(bodies)) return unused;
  for (const std::filesystem::path& file : files_in(bodies)) {
    if (!used.contains(fmt::format("{}/{}", bodies_folder, file.filename().string()))) unused.push_back(file);
  }
  return unused;
}

}  // namespace offstage::recording
