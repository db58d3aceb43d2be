#pragma once

#include <string>
#include <vector>

#include "practice_console.h"
#include "program.h"

namespace offstage::test {

/// A practice console, as fresh as at its start, and a folder to work in: what a test of a whole run needs.
/// The console is shared by all tests of a program.
class CliScene {
 public:
  /// With the shortest way to sign in (no banner, no second step), unless `faults` say otherwise: NAME=VALUE,
  /// or NAME for "on".
  explicit CliScene(const std::vector<std::string>& faults = {});

  /// Runs offstage against the practice console.
  Finished run(const std::vector<std::string>& arguments, const std::string& input = {}) const;
  /// The same, to be watched while it runs.
  Start start() const;
  /// `offstage` and these arguments, as Program wants them.
  static std::vector<std::string> words(const std::vector<std::string>& arguments);

  /// Makes the plan of a removal and gives its digest.
  std::string digest_of_plan(const std::vector<std::string>& request) const;
  /// The arguments of a removal that a policy approves: `request` is what follows "remove".
  std::vector<std::string> removal(const std::vector<std::string>& request) const;
  /// Removes, approved by a policy.
  Finished remove(const std::vector<std::string>& request, const std::vector<std::string>& more = {}) const;

  PracticeConsole& console;
  Sandbox sandbox;
};

/// What stands in a text that a terminal or a workflow would act upon, in words: control characters but new
/// lines, and lines that are commands. None: it is only text.
std::vector<std::string> live_parts(const std::string& text);
/// Of the marks that turn or hide what is written, those of the practice console's `hostile-words` that stand
/// there.
std::vector<std::string> marks_in(const std::string& text);

/// Holds a document against connectors/schema/NAME; throws what is wrong with it.
void follow_schema(const Json& document, const std::string& name);

inline const std::string dana = "dana.whitfield@example.com";

}  // namespace offstage::test
