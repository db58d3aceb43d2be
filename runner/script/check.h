#pragma once

#include <set>
#include <string>
#include <vector>

#include "script/script.h"

namespace offstage::script {

/// What a reading of one script has found so far.
class Findings {
 public:
  explicit Findings(const Script& script) : script_(&script) {}
  void add(Finding::Level level, const std::string& pointer, std::string text, std::string hint = {});
  void error(const std::string& pointer, std::string text, std::string hint = {}) {
    add(Finding::Level::error, pointer, std::move(text), std::move(hint));
  }
  void warning(const std::string& pointer, std::string text, std::string hint = {}) {
    add(Finding::Level::warning, pointer, std::move(text), std::move(hint));
  }
  void note(const std::string& pointer, std::string text, std::string hint = {}) {
    add(Finding::Level::note, pointer, std::move(text), std::move(hint));
  }
  std::vector<Finding> take() { return std::move(list_); }

 private:
  const Script* script_;
  std::vector<Finding> list_;
};

/// The rules of a `commit` step: check_commit.cpp.
void check_commit(const Step& step, Findings& findings);
/// That no path through the script, and the scripts it runs, leads over two commit steps.
void check_commit_count(const Script& script, Findings& findings);

/// The rules of Recorder's own steps (and of what all steps share), parameters left out.
void check_recorded(const Step& step, Findings& findings);

}  // namespace offstage::script
