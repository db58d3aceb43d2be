#include "connector/registry.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace offstage::connector {
namespace {

namespace fs = std::filesystem;

Connector load(const fs::path& folder, const std::string& id) {
  Connector out;
  out.file = folder / id / "connector.json";
  const auto document = JsonDocument::load(out.file);
  out.manifest = parse_manifest(document);
  if (out.manifest.id != id) {
    throw document->error_at("/id", fmt::format("\"{}\" is not the name of its folder, \"{}\"",
                                                printable(out.manifest.id, 80), printable(id, 80)));
  }
  out.scripts = folder.parent_path() / "scripts" / id;
  return out;
}

bool has_connector(const fs::path& folder, const std::string& id) {
  if (id == "schema") return false;  // the JSON Schemas, that of connector.json among them
  std::error_code none;
  return fs::is_regular_file(folder / id / "connector.json", none);
}

/// Beside the installed program, else in the source tree that the program was built from.
fs::path built_in() {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  const fs::path installed = program.parent_path().parent_path() / "share" / "offstage" / "connectors";
  return fs::is_directory(installed, none) ? installed : fs::path(OFFSTAGE_SOURCE_CONNECTORS);
}

/// A connectors folder that somebody named: absolute, so that its neighbour with the scripts is found too.
fs::path named_folder(const fs::path& folder, std::string_view by) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) {
    throw Error(Kind::usage, fmt::format("{}: {} is not a folder", by, printable(folder.string(), 200)),
                "it must hold a folder for each connector, and have a folder \"scripts\" beside it");
  }
  return fs::canonical(folder);
}

}  // namespace

std::vector<std::string> Connector::operations() const {
  const ResourceType& primary = manifest.primary();
  std::vector<std::string> out{fmt::format("list {}s", primary.type), "list access"};
  if (!primary.revoke.empty()) out.emplace_back("remove user");
  for (const ResourceType& type : manifest.resources) {
    if (!type.remove.empty()) out.push_back(fmt::format("remove {}", type.type));
  }
  return out;
}

Json Connector::script_digests() const {
  Json digests = Json::object();
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(scripts, none)) {
    if (entry.path().extension() == ".json")
      digests[entry.path().filename().string()] = "sha256:" + sha256(read_file(entry.path()));
  }
  return digests;
}

Registry Registry::standard(const std::vector<fs::path>& named) {
  std::vector<fs::path> folders;
  for (const fs::path& folder : named)
    folders.push_back(named_folder(folder, "--connectors"));
  for (const std::string& folder : split(environment("OFFSTAGE_CONNECTORS"), ':')) {
    if (!folder.empty()) folders.push_back(named_folder(folder, "OFFSTAGE_CONNECTORS"));
  }
  folders.push_back(built_in());
  return Registry(std::move(folders));
}

std::vector<std::string> Registry::ids() const {
  std::set<std::string> out;
  std::error_code none;
  for (const fs::path& folder : folders_) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
      const std::string id = entry.path().filename().string();
      if (has_connector(folder, id)) out.insert(id);
    }
  }
  return {out.begin(), out.end()};
}

std::vector<Connector> Registry::list() const {
  std::vector<Connector> out;
  for (const std::string& id : ids())
    out.push_back(find(id));
  return out;
}

Connector Registry::find(const std::string& id) const {
  // An id is never a path: "../x" must not reach out of the folder.
  const bool plain = !id.empty() && id.find('/') == std::string::npos && id.front() != '.';
  for (const fs::path& folder : folders_) {
    if (plain && has_connector(folder, id)) return load(folder, id);
  }
  const std::vector<std::string> known = ids();
  const std::string near = nearest(id, known);
  throw Error(Kind::usage, fmt::format("there is no connector \"{}\"", printable(id, 80)),
              !near.empty() ? fmt::format("did you mean \"{}\"?", near)
              : known.empty()
                  ? std::string("no connectors were found at all; name a folder with --connectors")
                  : fmt::format("there are: {}", join(known, ", ")));
}

}  // namespace offstage::connector
