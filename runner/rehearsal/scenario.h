#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "browser/browser.h"
#include "connector/manifest.h"
#include "recording/recording.h"
#include "script/observer.h"
#include "script/script.h"

namespace offstage::rehearsal {

/// What is played in one run: scripts, one after the other in one page, each with the same arguments. A
/// value.
struct Scenario {
  std::string title;
  std::string connector;  ///< its id; empty: scripts without a connector
  std::vector<std::shared_ptr<const script::Script>> scripts;
  Json arguments = Json::object();  ///< nested as scripts see them: {"resource": {"id": "acme"}}
  std::string start_url;            ///< opened before the first script; empty: none
  recording::TrafficRules rules;
  /// No step waits longer than this, whatever its script says.
  Milliseconds longest_wait = Milliseconds::max();
  /// Every step waits at least as long as this, if need be.
  Milliseconds shortest_wait{0};
};

/// Arguments as people write them: NAME=VALUE, a dot in NAME making an object of its first part. Throws
/// Error{usage}, also for one that is given twice.
Json arguments_from(const std::vector<std::string>& words);

/// Throws Error{usage} when a script of the scenario needs an argument that is not there, or none needs one
/// that is.
void check_arguments(const Scenario& scenario);

/// Plays a scenario and says how it ended. What ends a script by itself (drift, refused, unknown,
/// unreachable, busy, human) is an ending; anything else (Chrome died, a stop, a script with a fault) is
/// thrown. `page` stays as the last script left it, but for a commit that failed after its click, which
/// closes it; `at_fault` is called before that. `commits` says whether commit steps may run.
recording::Ending perform(browser::Context& context, browser::Page& page, const Scenario& scenario,
                          const SecretStore& secrets, bool commits, script::Observer& observer, Log& log,
                          const Until& until, const std::function<void(const Error&)>& at_fault = {});

/// Hands everything on to another observer, and keeps what a recording wants to know.
class Notes : public script::Observer {
 public:
  /// `next` must outlive it. `snapshots`: keep the page at each look.
  Notes(script::Observer& next, bool snapshots) : next_(next), keeps_pages_(snapshots) {}

  void script_entered(const std::string& file) override { next_.script_entered(file); }
  void script_left() override { next_.script_left(); }
  void step_started(const std::string& path, const std::string& what) override;
  void step_finished(const std::string& path) override;
  void weaker_selector(const std::string& path, const std::string& used) override;
  void commit_intended(const script::CommitIntent& intent) override;
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override;
  bool wants_looks() const override { return keeps_pages_; }
  void looked(const script::Look& look) override;
  bool wants_captures() const override { return next_.wants_captures(); }
  void captured(const std::string& name, const std::string& png, const std::string& html) override;

  /// As recording::Ending::commits has them.
  Json commits = Json::array();
  std::vector<recording::Snapshot> snapshots;
  long steps = 0;

 private:
  script::Observer& next_;
  const bool keeps_pages_;
};

}  // namespace offstage::rehearsal
