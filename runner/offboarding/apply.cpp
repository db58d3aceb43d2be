#include "offboarding/apply.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "offboarding/commit.h"

namespace offstage::offboarding {
namespace {

using Outcome = ActionResult::Outcome;
using Report = script::CommitReport;

/// For one look after a commit, when the run's own deadline no longer counts.
constexpr Milliseconds look_time{60000};
/// For the last look, begun anew when a stop request has cut one short.
constexpr Milliseconds last_look_time{5000};

class Applier {
 public:
  Applier(const Plan& plan, Tools& tools, const Until& until) : plan_(plan), tools_(tools), until_(until) {}

  Applied run();

 private:
  ActionResult one(const Action& action);
  bool is_gone(const Action& action, const Until& until);
  bool is_gone_now(const Action& action);
  bool is_absent_at_turn(const Action& action);
  const Listing& look(const Resource& resource, const Until& until);
  bool settled_by_earlier_run(const Action& action, ActionResult& result);
  std::string objection(const Action& action);
  void commit(const Action& action, ActionResult& result);
  void settle(const Action& action, const CommitWatch& watch, const std::optional<Error>& error,
              ActionResult& result);
  void not_sent(const Error& error, bool intended, ActionResult& result);
  void verified(const Action& action, const std::string& how, ActionResult& result);
  void ended(Outcome outcome, Kind kind, const std::string& text, bool settled, ActionResult& result);
  bool goes_on(const ActionResult& result) const;

  const Plan& plan_;
  Tools& tools_;
  const Until& until_;
  Applied applied_;
  /// Listings that no commit of ours has outdated.
  std::vector<Resource> fresh_;
};

/// The last listing of a resource; taken anew unless nothing was changed since.
const Listing& Applier::look(const Resource& resource, const Until& until) {
  auto known = std::find_if(applied_.listings.begin(), applied_.listings.end(),
                            [&](const Listing& listing) { return same(listing.resource, resource); });
  if (known != applied_.listings.end() && is_among(fresh_, resource)) return *known;
  tools_.progress.doing("looking at " + label(resource));
  Listing listing = list_wholly(tools_.console, resource, until);
  fresh_.push_back(resource);
  if (known == applied_.listings.end()) return applied_.listings.emplace_back(std::move(listing));
  *known = std::move(listing);
  return *known;
}

bool Applier::is_gone(const Action& action, const Until& until) {
  if (action.grant) {
    const Listing& listing = look(action.grant->listed_on, until);
    return rows_of(listing, action.grant->user, action.grant->resource).empty();
  }
  applied_.resources = tools_.console.list_resources(until);
  return !is_among(applied_.resources, action.resource);
}

/// Looks anew, after a commit. A stop request leaves the console one short look.
bool Applier::is_gone_now(const Action& action) {
  fresh_.clear();
  if (!until_.stop.stop_requested()) {
    try {
      return is_gone(action, Until::in(look_time, until_.stop));
    } catch (const Error& error) {
      if (!is_stop(error.kind())) throw;
    }
  }
  return is_gone(action, Until::in(last_look_time));
}

/// Whether there is nothing to take away, by a look that is no older than the last wait for the console's
/// pace.
bool Applier::is_absent_at_turn(const Action& action) {
  if (is_gone(action, until_)) return true;
  if (!tools_.console.wait_for_turn(until_)) return false;
  fresh_.clear();
  return is_gone(action, until_);
}

/// Rule 6: a commit that an earlier run announced, and whose end nobody knows, is waited for before another
/// one is thought of.
bool Applier::settled_by_earlier_run(const Action& action, ActionResult& result) {
  const auto open = std::find_if(tools_.unresolved.begin(), tools_.unresolved.end(),
                                 [&](const Unresolved& other) { return other.action == action.id; });
  if (open == tools_.unresolved.end()) return false;
  const std::string what =
      fmt::format("{}: an earlier run was at this; waiting for the console to show it", action.describe());
  const Waited waited = wait_until_gone(
      [&] {
        fresh_.clear();
        return is_gone(action, until_);
      },
      tools_.pace, what, tools_.progress, until_);
  if (waited.trouble) throw *waited.trouble;
  if (!waited.gone) return false;
  verified(action, fmt::format("the commit of run {} has taken effect", open->run), result);
  return true;
}

/// Why the action must not be done on what the console shows now, or "".
std::string Applier::objection(const Action& action) {
  if (tools_.policy.hours) {
    // A run may outlast the hours in which it was approved.
    if (const std::string why = tools_.policy.hours->objection(tools_.now()); !why.empty())
      return "hours: " + why;
  }
  const Listing& listing = look(action.listed_on(), until_);
  const std::vector<Listing> listings{listing};
  const std::vector<Action> actions{action};
  const std::vector<Verdict> refused = refusals(judge(
      {plan_.request, plan_.requested_by, plan_.account, listings, actions, tools_.policy, tools_.console}));
  if (!refused.empty()) return refused.front().rule + ": " + refused.front().text;
  if (!action.grant) {
    if (digest_of(listing) == action.listing) return {};
    return fmt::format("who has access to {} has changed since the plan", label(action.resource));
  }
  const Grant& row = *rows_of(listing, action.grant->user, action.grant->resource).front();
  if (row.role == action.grant->role && row.state == action.grant->state &&
      row.privileged == action.grant->privileged) {
    return {};
  }
  return fmt::format("the row has changed since the plan: {}, {}; now {}, {}", printable(action.grant->role),
                     printable(action.grant->state), printable(row.role), printable(row.state));
}

void Applier::verified(const Action& action, const std::string& how, ActionResult& result) {
  result.outcome = Outcome::verified;
  result.verified_at = utc_now();
  Json data{{"how", how}};
  if (action.grant) {
    const Listing& listing = look(action.grant->listed_on, Until::in(look_time));
    result.people_left = people_in(listing);
    data["listing"] = digest_of(listing);
    data["people"] = result.people_left;
    data["taken_at"] = listing.taken_at;
  } else {
    data["resources"] = applied_.resources.size();
  }
  result.text = "gone: " + how;
  tools_.journal.write(Event::verified, action.id, std::move(data));
}

void Applier::ended(Outcome outcome, Kind kind, const std::string& text, bool settled, ActionResult& result) {
  result.outcome = outcome;
  result.kind = kind;
  result.text = printable(text);
  tools_.journal.write(
      Event::failed, result.action.id,
      {{"outcome", name_of(outcome)}, {"kind", name_of(kind)}, {"text", result.text}, {"settled", settled}});
}

void Applier::not_sent(const Error& error, bool intended, ActionResult& result) {
  result.hint = error.hint();
  const Outcome outcome = error.kind() == Kind::refused ? Outcome::refused : Outcome::failed;
  ended(is_stop(error.kind()) ? Outcome::not_tried : outcome, error.kind(), error.message(), intended,
        result);
}

void Applier::commit(const Action& action, ActionResult& result) {
  CommitWatch watch(action, tools_.console, tools_.journal, tools_.evidence, tools_.progress, until_.stop);
  std::optional<Error> error;
  tools_.progress.doing("removing " + action.describe());
  fresh_.clear();
  try {
    if (action.grant) {
      tools_.console.revoke(*action.grant, watch, until_);
    } else {
      tools_.console.delete_resource(action.resource, watch, until_);
    }
  } catch (const Error& caught) {
    // A stop request that cuts off the rest of the script says nothing of its commit.
    const bool done = watch.report() && watch.report()->outcome == Report::Outcome::done;
    if (!done || !is_stop(caught.kind())) error = caught;
  }
  result.committed_at = watch.intended_at();
  settle(action, watch, error, result);
}

/// What a commit came to is decided by looking, whatever was said of it.
void Applier::settle(const Action& action, const CommitWatch& watch, const std::optional<Error>& error,
                     ActionResult& result) {
  const bool intended = !watch.intended_at().empty();
  const std::optional<Report>& report = watch.report();
  if (error && error->kind() != Kind::unknown) {
    if (!intended || (report && report->outcome == Report::Outcome::not_sent)) {
      not_sent(*error, intended, result);
      return;
    }
  }
  // The console said no, in so many words: one look is enough to believe it.
  const bool said_no = error && report && report->outcome == Report::Outcome::refused;
  Pace pace = tools_.pace;
  if (said_no) pace.limit = Milliseconds(0);
  const Waited waited = wait_until_gone(
      [&] { return is_gone_now(action); }, pace,
      action.describe() + ": waiting for the console to show that it is gone", tools_.progress, until_);
  const std::string answer = error ? error->message() : "the console said that it is done";
  if (waited.gone) {
    std::string how = action.grant ? "a fresh listing does not show it" : "it is no longer listed";
    if (error) how += fmt::format(" (although: {})", printable(answer));
    verified(action, how, result);
    return;
  }
  if (error) result.hint = error->hint();
  if (waited.trouble) {
    ended(
        Outcome::unknown, Kind::unknown,
        fmt::format("{}; whether that took effect could not be seen: {}", answer, waited.trouble->message()),
        false, result);
    return;
  }
  if (said_no) {
    ended(Outcome::failed, error->kind(), fmt::format("{}; it is still there", answer), true, result);
    return;
  }
  ended(Outcome::unknown, Kind::unknown,
        fmt::format("{}; after {} it is still there", answer,
                    waited.looks == 1 ? "one look" : fmt::format("{} looks", waited.looks)),
        false, result);
}

ActionResult Applier::one(const Action& action) {
  ActionResult result;
  result.action = action;
  tools_.journal.write(Event::action_started, action.id, as_json(action));
  try {
    if (settled_by_earlier_run(action, result)) return result;
    if (is_absent_at_turn(action)) {
      result.outcome = Outcome::already_absent;
      result.verified_at = utc_now();
      result.text = "already absent: nothing was sent";
      tools_.journal.write(Event::already_absent, action.id);
      return result;
    }
    if (const std::string why = objection(action); !why.empty()) {
      ended(Outcome::refused, Kind::refused, why, false, result);
      return result;
    }
  } catch (const Error& error) {
    not_sent(error, false, result);
    return result;
  }
  commit(action, result);
  return result;
}

bool Applier::goes_on(const ActionResult& result) const {
  switch (result.outcome) {
    case Outcome::verified:
    case Outcome::already_absent:
    case Outcome::refused:
      return true;
    case Outcome::failed:
      return result.kind == Kind::refused;
    case Outcome::unknown:
    case Outcome::not_tried:
      break;
  }
  return false;
}

Applied Applier::run() {
  bool going = true;
  for (const Action& action : plan_.actions) {
    if (going && until_.stop.stop_requested()) {
      applied_.stopped = Kind::interrupted;
      going = false;
    }
    if (!going) {
      ActionResult skipped;
      skipped.action = action;
      skipped.text = "not tried: the run ended before it";
      applied_.actions.push_back(std::move(skipped));
      continue;
    }
    ActionResult result = one(action);
    if (result.kind && is_stop(*result.kind)) applied_.stopped = result.kind;
    going = goes_on(result);
    tools_.progress.finished(action.describe() + ": " + result.text);
    applied_.actions.push_back(std::move(result));
  }
  return std::move(applied_);
}

}  // namespace

Applied apply(const Plan& plan, Tools& tools, const Until& until) {
  return Applier(plan, tools, until).run();
}

}  // namespace offstage::offboarding
