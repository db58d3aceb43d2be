#include "cli/removal.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "offboarding/history.h"
#include "offboarding/state.h"

namespace offstage::cli {
namespace {

using offboarding::Layout;
using offboarding::Plan;
using offboarding::Planned;

constexpr Milliseconds run_limit{60 * 60'000};

Layout layout_for(const Settings& settings, int fd) {
  return {terminal_columns(), wants_colour(settings.colour_wish(), fd), ::isatty(fd) == 1};
}

/// What may approve a plan. The person asked sees the plan first: on stdout, or on stderr where stdout holds
/// a document.
offboarding::Approver approver(Run& run, ConsoleSession& session, Progress& progress, const Plan& plan,
                               const std::string& approved) {
  offboarding::Approver out = approver_of(run, session, plan);
  if (!approved.empty() && !out.digest) out.resumed = resumed_approval(plan, approved, out.earlier());
  const auto ask = terminal_asker(run.signals.token());
  if (!ask) return out;
  out.ask = [&run, &progress, &plan, ask](const std::string& question) {
    progress.done();
    std::string text = "\n" + question;
    if (run.output.json()) text = plan_table(plan, layout_for(run.settings, STDERR_FILENO)) + text;
    return ask(text);
  };
  return out;
}

std::optional<Kind> apply_planned(Run& run, ConsoleSession& session, const Planned& planned,
                                  const offboarding::Policy& policy, const std::string& reason,
                                  const std::string& approved, Progress& progress, const Until& until) {
  if (!run.output.json()) run.output.raw(plan_table(planned.plan, layout_for(run.settings, STDOUT_FILENO)));
  const offboarding::Approval approval =
      approve(planned.plan, approver(run, session, progress, planned.plan, approved), policy);
  progress.resume();
  const offboarding::Result result =
      apply_plan(session.console(), planned, approval, policy, run_settings(run, reason), progress, until);
  progress.done();
  if (run.output.json()) {
    run.output.document(as_json(result));
  } else {
    run.output.raw("\n" + result_summary(result, layout_for(run.settings, STDOUT_FILENO)));
  }
  return result.kind();
}

}  // namespace

offboarding::Policy policy_of(const Settings& settings) {
  return settings.policy.empty() ? offboarding::Policy{} : offboarding::load_policy(settings.policy);
}

offboarding::Approver approver_of(const Run& run, ConsoleSession& session, const Plan& plan) {
  offboarding::Approver out;
  out.by = run.settings.who();
  out.earlier = [&session, &plan] {
    return offboarding::approved_before(offboarding::default_state_folder(), session.console().address(),
                                        plan);
  };
  if (!run.settings.approve.empty()) out.digest = run.settings.approve;
  return out;
}

offboarding::RunSettings run_settings(const Run& run, const std::string& reason) {
  offboarding::RunSettings settings;
  settings.evidence = run.settings.evidence;
  settings.by = run.settings.who();
  settings.reason = reason;
  settings.stop_kind = [&run] { return run.signals.received().value_or(Kind::interrupted); };
  return settings;
}

offboarding::Request RequestOptions::request() const {
  offboarding::Request out = offboarding::RemoveUser{email, teams};
  if (!people.empty()) out = offboarding::RemoveUsers{people, teams};
  if (!team.empty()) out = offboarding::RemoveTeam{team};
  offboarding::check(out);
  return out;
}

void add_requests(CommandLine& line, CLI::App& group,
                  const std::function<std::optional<Kind>(Run&, const RequestOptions&)>& action,
                  const std::function<void(CLI::App&)>& add_more) {
  const std::string verb = group.get_name();
  const auto person = std::make_shared<RequestOptions>();
  CLI::App& user = line.command(
      group, "user",
      verb == "plan" ? "Show what removing a person would do" : "Remove a person from every team",
      {verb + " user dana@example.com --from {app}",
       verb + " user dana@example.com --from {app} --team acme --team beta"},
      [person, action](Run& run) { return action(run, *person); });
  user.add_option("EMAIL", person->email, "The person's address, exactly as the console shows it")
      ->type_name("EMAIL")
      ->required();
  line.add_from(user, person->from);
  user.add_option("--team", person->teams, "Look only at this team (name or id); may be repeated")
      ->type_name("TEAM")
      ->expected(1)
      ->take_all();

  const auto whole = std::make_shared<RequestOptions>();
  CLI::App& team = line.command(
      group, "team", verb == "plan" ? "Show what deleting a team would do" : "Delete a team itself, for good",
      {verb + " team old-team --from {app}"}, [whole, action](Run& run) { return action(run, *whole); });
  team.add_option("NAME", whole->team, "The team's name or id, exactly")->type_name("NAME")->required();
  line.add_from(team, whole->from);

  for (CLI::App* command : {&user, &team}) {
    if (add_more) add_more(*command);
  }
  if (verb == "plan") return;
  user.add_option("--reason", person->reason, "A ticket or reason, for the evidence")->type_name("TEXT");
  team.add_option("--reason", whole->reason, "A ticket or reason, for the evidence")->type_name("TEXT");
}

std::optional<Kind> remove_now(Run& run, const RequestOptions& options) {
  const offboarding::Request request = options.request();
  const offboarding::Policy policy = policy_of(run.settings);
  const Until until = run.until(run_limit);
  Progress progress(run);
  ConsoleSession session(run, options.from, progress, until);
  const Planned planned = make_plan(session.console(), request, run.settings.who(), policy, progress, until);
  progress.done();
  return apply_planned(run, session, planned, policy, options.reason, {}, progress, until);
}

std::optional<Kind> resume(Run& run, const std::string& from) {
  const offboarding::Policy policy = policy_of(run.settings);
  const Until until = run.until(run_limit);
  Progress progress(run);
  ConsoleSession session(run, from, progress, until);
  const std::optional<offboarding::Interrupted> last = offboarding::interrupted_run(
      offboarding::default_state_folder(), session.console().connector(), session.console().address());
  if (!last) {
    run.output.line("Nothing to resume: the last run of each account came to its end.");
    if (run.output.json())
      run.output.document({{"version", 1}, {"command", "resume"}, {"interrupted", false}});
    return {};
  }
  run.output.line(fmt::format("Resuming: {} (run {}, cut off after {})", describe(last->request),
                              printable(last->run), last->at));
  const std::string account = session.console().sign_in(until);
  if (!same_email(account, last->account)) {
    throw Error(Kind::refused,
                fmt::format("signed in as {}, and the run that was cut off was one of {}", printable(account),
                            printable(last->account)),
                "resume with the secrets of that account");
  }
  const std::string requested_by = last->requested_by.empty() ? run.settings.who() : last->requested_by;
  const Planned planned = make_plan(session.console(), last->request, requested_by, policy, progress, until);
  progress.done();
  return apply_planned(run, session, planned, policy, last->reason, last->approved, progress, until);
}

std::optional<Kind> apply_saved(Run& run, const std::string& file, const std::string& reason) {
  const Plan saved = offboarding::load_plan(file);
  const offboarding::Policy policy = policy_of(run.settings);
  const Until until = run.until(run_limit);
  Progress progress(run);
  ConsoleSession session(run, saved.connector, progress, until);
  const Planned planned = make_plan_again(session.console(), saved, policy, {}, progress, until);
  progress.done();
  return apply_planned(run, session, planned, policy, reason, {}, progress, until);
}

std::optional<Kind> plan_only(Run& run, const RequestOptions& options, const std::string& file,
                              bool detailed) {
  const offboarding::Request request = options.request();
  const offboarding::Policy policy = policy_of(run.settings);
  const Until until = run.until(run_limit);
  Progress progress(run);
  ConsoleSession session(run, options.from, progress, until);
  const Plan plan = make_plan(session.console(), request, run.settings.who(), policy, progress, until).plan;
  progress.done();
  if (!file.empty()) write_file(file, offboarding::pretty(as_json(plan)));
  if (run.output.json()) {
    run.output.document(as_json(plan));
  } else {
    run.output.raw(plan_table(plan, layout_for(run.settings, STDOUT_FILENO)));
    if (!file.empty())
      run.output.line("Saved to " + file + ": apply it with \"offstage apply " + file + "\".");
  }
  if (plan.refused()) return Kind::refused;
  if (detailed && !plan.actions.empty()) return Kind::changes;
  return {};
}

}  // namespace offstage::cli
