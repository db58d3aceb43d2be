#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "connector/manifest.h"

namespace offstage::connector {

/// A manifest and where its scripts are. A value.
struct Connector {
  Manifest manifest;
  std::filesystem::path file;     ///< its connector.json
  std::filesystem::path scripts;  ///< the folder that its scripts are in
  /// What it can do, in DESIGN's words: "list teams", "list access", "remove user", "remove team".
  std::vector<std::string> operations() const;
  /// "sha256:…" of every script in the folder by its name, since scripts run other scripts. Reads them.
  Json script_digests() const;
};

/// The connectors that can be used: folders that hold <id>/connector.json, with the scripts in
/// ../scripts/<id> beside the folder. Reads files when asked, keeps nothing.
class Registry {
 public:
  /// `folders` in the order of preference: the first that has an id wins.
  explicit Registry(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}
  /// The folders of --connectors (may be empty), then of OFFSTAGE_CONNECTORS (divided by ':'), then the
  /// built-in one: beside the program (../share/offstage/connectors), else where it was installed, else in
  /// the source tree it was built from. Throws Error{usage} for a folder that was named and is none.
  static Registry standard(const std::vector<std::filesystem::path>& named);

  /// Every connector, by id. Throws Error{usage} when one of them cannot be read.
  std::vector<Connector> list() const;
  /// Only the names, which needs no manifest to be good.
  std::vector<std::string> ids() const;
  /// Throws Error{usage} for an unknown id, with the nearest one, and for a bad manifest.
  Connector find(const std::string& id) const;
  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace offstage::connector
