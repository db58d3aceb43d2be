#pragma once

#include "fake_console.h"
#include "memory_folder.h"
#include "offboarding/run.h"

namespace offstage::test {

/// A console, a folder for state and evidence, and the way from request to result.
struct Bench {
  FakeConsole console = console_with_bob();
  TemporaryFolder folder = memory_folder();
  offboarding::Policy policy;
  offboarding::Request request = offboarding::RemoveUser{"bob@example.com", {}};
  std::string requested_by = "asker";
  std::string by = "ops";
  std::function<offboarding::LocalTime()> now = offboarding::local_now;
  std::stop_source stop;
  Kind stop_kind = Kind::interrupted;
  std::filesystem::path evidence;  ///< empty: one for each run
  Milliseconds limit{20};
  int runs = 0;

  std::filesystem::path state() const { return folder.path() / "state"; }

  offboarding::Planned plan() {
    offboarding::Progress silent;
    return make_plan(console, request, requested_by, policy, silent, Until::in(Milliseconds(5000)));
  }

  offboarding::Result apply(const offboarding::Planned& planned) {
    offboarding::Approver approver;
    approver.by = by;
    approver.now = now;
    approver.digest = planned.plan.digest;
    return apply(planned, approve(planned.plan, approver, policy));
  }

  offboarding::Result apply(const offboarding::Planned& planned, const offboarding::Approval& approval) {
    offboarding::Progress silent;
    offboarding::RunSettings settings;
    settings.state = state();
    ++runs;
    settings.evidence = evidence.empty() ? folder.path() / ("run" + std::to_string(runs)) : evidence;
    settings.stop_kind = [this] { return stop_kind; };
    settings.by = by;
    settings.now = now;
    settings.pace = {Milliseconds(1), Milliseconds(1), limit};
    return apply_plan(console, planned, approval, policy, settings, silent,
                      Until::in(Milliseconds(5000), stop.get_token()));
  }

  offboarding::Result run() { return apply(plan()); }

  /// Whether bob has a row anywhere.
  bool bob_is_there() const {
    for (const auto& [id, list] : console.rows) {
      for (const connector::Grant& grant : list) {
        if (grant.user == "bob@example.com") return true;
      }
    }
    return false;
  }
};

/// How each action of a run ended, in the plan's order.
inline std::vector<offboarding::ActionResult::Outcome> outcomes(const offboarding::Result& result) {
  std::vector<offboarding::ActionResult::Outcome> list;
  for (const offboarding::ActionResult& one : result.actions)
    list.push_back(one.outcome);
  return list;
}

}  // namespace offstage::test
