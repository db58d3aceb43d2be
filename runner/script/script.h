#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace offstage::script {

/// Recorder's fourteen step types; of `customStep`, Offstage's names.
enum class StepType {
  click,
  double_click,
  hover,
  change,
  key_down,
  key_up,
  navigate,
  set_viewport,
  emulate_network,
  close,
  scroll,
  wait_for_element,
  wait_for_expression,
  custom,
};

/// One entry of a script as it was parsed: its typed common parts, and all of it as JSON.
struct Step {
  StepType type = StepType::custom;
  std::string path;  ///< JSON Pointer into the file: "/steps/3/parameters/then/0"
  int line = 0;
  std::string target = "main";
  std::vector<int> frame;
  std::optional<int> timeout;                       ///< milliseconds
  std::vector<std::vector<std::string>> selectors;  ///< empty where the type has none
  Json asserted_events = Json::array();
  std::string name;  ///< of a customStep
  Json fields;       ///< the whole entry; a customStep's `parameters` under that key
  /// Steps inside `parameters`, by the member that holds them: "steps", "then", "else", "action",
  /// "cases/0/then".
  std::vector<std::pair<std::string, std::vector<Step>>> nested;

  const std::vector<Step>* children(std::string_view member) const;
};

/// A parsed script. Immutable; shared.
struct Script {
  std::string title;
  std::optional<int> timeout;
  std::vector<Step> steps;
  std::filesystem::path file;
  std::string digest;  ///< SHA-256 of the file's bytes
  std::shared_ptr<const JsonDocument> document;
};

/// Parses a script. Takes every file that Recorder has ever exported (older shapes included); throws
/// Error{usage} with file, line, path and index for anything else.
std::shared_ptr<const Script> parse(std::shared_ptr<const JsonDocument> document);
std::shared_ptr<const Script> load(const std::filesystem::path& file);
/// The script that a `run` step of `script` names. Throws Error{usage} also for what is no ordinary file: a
/// device or a pipe may never end.
std::shared_ptr<const Script> load_beside(const Script& script, const std::string& name);

/// What a careful reader would say about a script.
struct Finding {
  enum class Level { error, warning, note };
  Level level = Level::warning;
  std::string path;
  int line = 0;
  std::string text;
  std::string hint;
};

/// Reads a script (and the scripts it runs) without a browser: what a Recorder import would drop, weak
/// selectors, commit steps without an identity check, values that nothing sets, secrets in the wrong place.
/// `arguments` are the names a caller will give; nothing: every free name counts as an argument.
std::vector<Finding> check(const Script& script,
                           const std::optional<std::vector<std::string>>& arguments = {});

/// The names that a caller must give: used, and set by no step. Dotted uses count as their first part.
std::vector<std::string> free_names(const Script& script);

}  // namespace offstage::script
