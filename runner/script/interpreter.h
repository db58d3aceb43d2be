#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "browser/browser.h"
#include "script/observer.h"
#include "script/script.h"

namespace offstage::script {

/// What a script runs with, and what it leaves behind.
struct Environment {
  /// Arguments at first; then also what `extract` reads. Strings, or arrays and objects of strings.
  std::map<std::string, Json> variables;
  const SecretStore* secrets = nullptr;  ///< must outlive the run; nullptr: the script may use none
  /// Addresses that may be seen in screenshots.
  std::vector<std::string> keep_addresses;
  /// Requests that are no changes although their method says so (URL patterns): may pass during a commit.
  std::vector<std::string> harmless_requests;
  /// Whether `commit` steps may run at all; otherwise they end as Error{refused} before anything is sent.
  bool may_commit = true;
  /// No step waits longer than this for what it looks for, whatever its script says.
  Milliseconds longest_wait = Milliseconds::max();
  /// Every step waits at least as long as this for it, if need be.
  Milliseconds shortest_wait{0};
};

/// Plays scripts in a context, starting with `page` as Recorder's "main". Throws Error as DESIGN's table of
/// kinds says; the message names file, line, step and what was seen. One thread; everything passed must
/// outlive it.
class Interpreter {
 public:
  Interpreter(browser::Context& context, browser::Page& page, Environment& environment, Observer& observer,
              Log& log);
  ~Interpreter();
  void run(const Script& script, const Until& until);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace offstage::script
