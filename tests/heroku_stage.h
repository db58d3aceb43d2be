#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "connector/scripted_console.h"
#include "practice_console.h"
#include "script/observer.h"

namespace offstage::test {

/// Remembers what an interpreter told.
class Witness final : public script::Observer {
 public:
  std::vector<script::CommitIntent> intents;
  std::vector<script::CommitReport> reports;
  std::vector<std::string> captures;  ///< the names

  void commit_intended(const script::CommitIntent& intent) override { intents.push_back(intent); }
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override {
    (void)intent;
    reports.push_back(report);
  }
  bool wants_captures() const override { return true; }
  void captured(const std::string& name, const std::string& png, const std::string& html) override {
    (void)html;
    if (!png.empty()) captures.push_back(name);
  }
};

/// A switch of the practice console and its value.
using Fault = std::pair<std::string, std::string>;
using Faults = std::vector<Fault>;

/// The Heroku connector in front of a practice console, as fresh as at its start: for one test case or
/// section. Practice console and Chrome are shared by all tests of a program.
class HerokuStage {
 public:
  /// With the shortest way to sign in (no banner, no second step), unless `faults` say otherwise.
  /// `labels` is the variant of the dashboard's words: "2020" or "2015".
  explicit HerokuStage(const Faults& faults = {}, const std::string& labels = "2020");

  /// A new connector each time: one that has not signed in.
  std::unique_ptr<connector::ScriptedConsole> console();
  /// One that earlier tests may have signed in, and that is handed on to later ones: for tests that are not
  /// about signing in, and that leave the secrets as they are.
  connector::ScriptedConsole& signed_in();
  connector::Resource team(const std::string& name) const { return {"team", name, name}; }
  /// The grant of that address on the team's page; fails the test when there is not exactly one.
  connector::Grant grant(connector::Console& console, const std::string& team, const std::string& user);

  PracticeConsole& practice;
  SecretStore secrets;  ///< the right ones at first
  Log log = Log::none();
  Witness witness;            ///< of commits: pass it to `revoke`
  script::Observer progress;  ///< of everything else

 private:
  std::string labels_;
};

/// How long a test waits for an operation of the console.
Until patience();

}  // namespace offstage::test
