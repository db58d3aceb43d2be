#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "browser/query.h"
#include "script/conditions.h"
#include "script/script.h"

namespace offstage::script {

// What a step looks for on a page, with its placeholders filled: the same when it is played in a browser and
// when it is held against a page that was recorded. All throw Error{usage} where the script is to blame.

/// How `extract` reads one page of rows. A value.
struct Reading {
  browser::Extraction extraction;
  std::vector<std::pair<std::string, std::string>> defaults;  ///< field -> what stands for nothing
  /// The same rows, with `default` in the place of what is missing.
  Json with_defaults(Json rows) const;
};
Reading reading_from(const Json& parameters, const Surroundings& around);

/// The row that a `within` step narrows to, and that there is exactly one.
browser::Within within_from(const Json& parameters, const Values& values);
browser::Condition row_condition(const browser::Within& within, const Surroundings& around);

/// Recorder's `waitForElement`.
browser::Condition element_condition(const Step& step, const Surroundings& around);

/// What a `commit` clicks, which must be one, and what must be on screen when it does.
browser::Query commit_query(const Step& action, const Surroundings& around);
std::vector<browser::Condition> confirmations(const Json& parameters, const Surroundings& around);

/// All that must hold of a page for a step to go on. An action: that its target can be seen.
struct Sight {
  std::vector<browser::Condition> conditions;
  std::optional<Reading> reading;  ///< of an `extract`
};
/// Of any step that looks at a page; empty for the others.
Sight sight_of(const Step& step, const Surroundings& around);

/// The step at a path ("/steps/3/parameters/then/0"); nothing when the script has none there.
const Step* step_at(const Script& script, const std::string& path);

}  // namespace offstage::script
