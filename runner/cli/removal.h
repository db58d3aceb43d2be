#pragma once

#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/console_session.h"
#include "offboarding/run.h"

namespace offstage::cli {

/// What is to be removed, as the arguments of `remove` and `plan` say it.
struct RequestOptions {
  std::string from;
  std::string email;                ///< of a person, or
  std::string team;                 ///< of a team, or
  std::vector<std::string> people;  ///< of many people
  std::vector<std::string> teams;   ///< --team
  std::string reason;

  offboarding::Request request() const;
};

/// What --policy names, else the defaults. Throws Error{usage} with file and line.
offboarding::Policy policy_of(const Settings& settings);

/// What may approve a plan without a person who is asked: --approve, and what earlier runs were approved to
/// apply. Both references must outlive it.
offboarding::Approver approver_of(const Run& run, ConsoleSession& session, const offboarding::Plan& plan);

/// How a plan is applied, as the settings say. `run` must outlive it.
offboarding::RunSettings run_settings(const Run& run, const std::string& reason);

/// Adds "user" and "team" below a group, with the arguments that `remove` and `plan` share. `add_more` may
/// add options of its own to each.
void add_requests(CommandLine& line, CLI::App& group,
                  const std::function<std::optional<Kind>(Run&, const RequestOptions&)>& action,
                  const std::function<void(CLI::App&)>& add_more = {});

/// Looks, plans, asks for approval, applies, verifies and prints the summary.
std::optional<Kind> remove_now(Run& run, const RequestOptions& options);
/// Does again what the last run on `from` that was cut off had been asked for, as the same account. What was
/// approved then counts only for the very same plan.
std::optional<Kind> resume(Run& run, const std::string& from);
/// The same for a saved plan, which must still hold.
std::optional<Kind> apply_saved(Run& run, const std::string& file, const std::string& reason);
/// Looks and plans; prints the plan, and writes it to `file` unless that is empty. With `detailed`, a plan
/// with something to do ends as Kind::changes.
std::optional<Kind> plan_only(Run& run, const RequestOptions& options, const std::string& file,
                              bool detailed);

}  // namespace offstage::cli
