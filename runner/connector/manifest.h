#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "browser/browser.h"
#include "recording/recording.h"

namespace offstage::connector {

/// A secret that a console's sign-in asks for. A value.
struct SecretNeed {
  std::string name;    ///< what scripts call it: {{secret.NAME}}; the one-time code's key is called "totp"
  std::string title;   ///< for people: "Password"
  std::string hint;    ///< how to get it
  bool needed = true;  ///< false: sign-in works without it for some accounts
};

/// A script that lists something, and the variable that holds the rows afterwards. A value.
struct ListScript {
  std::string script;  ///< the file's name in the connector's scripts folder
  std::string into;
  std::string about;  ///< a variable of one row about the whole page (total, manageable); empty: none
};

/// What is known of one type of resource. A value.
struct ResourceType {
  std::string type;                           ///< "team"
  std::string title;                          ///< for people, singular: "team"
  std::optional<ListScript> list;             ///< only the primary type has it
  std::optional<ListScript> grants;           ///< only the primary type has it
  std::map<std::string, std::string> revoke;  ///< state of a grant -> script
  std::string remove;                         ///< script that deletes such a resource; empty: none
  std::vector<std::string> privileged_roles;  ///< in the console's words
};

/// How fast a connector may change things. A value.
struct Pace {
  int actions_per_minute = 30;
  Milliseconds min_interval{1000};  ///< between the starts of two actions
};

/// All that is known of one console besides its scripts: connector.json. Immutable once parsed.
struct Manifest {
  std::string id;
  std::string title;
  browser::Fence fence;
  std::vector<SecretNeed> secrets;
  std::string sign_in_script;
  std::string account_variable;  ///< rows with a field `user`: the address that is signed in
  /// Any of these means that the session is over: addresses (`*` is any run of characters), and what can be
  /// seen then.
  std::vector<std::string> signed_out_urls;
  browser::Selectors signed_out_selectors;
  std::vector<ResourceType> resources;
  std::vector<std::string> harmless_requests;  ///< URL patterns
  recording::TrafficRules traffic;             ///< for recordings; its `reads` are the harmless requests
  Pace pace;
  Milliseconds operation_timeout{300'000};  ///< for one script, all its pages and waits included

  /// The one type that is listed.
  const ResourceType& primary() const;
  /// Nothing when the console has no such type.
  const ResourceType* find(std::string_view type) const;
  /// Every script that the manifest names, each once.
  std::vector<std::string> scripts() const;
};

/// Reads a manifest. Throws Error{usage} that names file, line, path and cause, also for what a schema cannot
/// say: an origin that is none, no or two listed types.
Manifest parse_manifest(const std::shared_ptr<const JsonDocument>& document);
Manifest load_manifest(const std::filesystem::path& file);

}  // namespace offstage::connector
