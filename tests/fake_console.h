#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "connector/console.h"
#include "offboarding/rows.h"
#include "script/observer.h"

namespace offstage::test {

using connector::Grant;
using connector::Listing;
using connector::Resource;

/// Thrown by a test's hook where the process is to die: nothing in Offstage catches it.
struct Killed {};

/// A console in memory that keeps a log of every change request that reached it, and goes wrong as told.
class FakeConsole : public connector::Console {
 public:
  /// What becomes of a change request.
  enum class Answer {
    done,               ///< taken away, and said so
    lies,               ///< said done, and is still there
    lost_but_done,      ///< taken away, the answer never came
    lost,               ///< sent, no answer, nothing happened
    forbidden,          ///< 403
    rate_limited,       ///< 429
    server_error,       ///< 500, nothing happened
    server_error_done,  ///< 500, and yet it is taken away
    mismatch,           ///< the confirmation names somebody else: not sent
    drift,              ///< the script does not find its way: no commit is announced
  };
  /// Where a hook can strike.
  enum class Moment { look, turn, before_intent, after_intent, after_send, after_report };

  std::string account = "admin@example.com";
  std::string where = "https://fake.test";
  std::vector<Resource> teams;
  std::map<std::string, std::vector<Grant>> rows;  ///< by the id of the team that lists them
  std::set<std::string> unmanageable;              ///< ids of teams the account cannot change
  bool must_wait = false;                          ///< whether each change has to wait for the console's pace
  bool supports_pending = true;
  bool supports_deletion = true;
  int lag = 0;  ///< how many listings after a change still show what was before
  Answer answer = Answer::done;
  std::map<std::string, Answer> answers;  ///< by team id, before `answer`
  std::function<void(Moment)> at;
  std::string words = "You may not";  ///< what it says when it refuses
  std::string intent_target;          ///< what a commit names instead of its target, when not empty
  bool screenshots_fail = false;

  std::vector<std::string> changes;  ///< every change request that reached the console
  int looks = 0;                     ///< listings given

  std::string connector() const override { return "fake"; }
  std::string title() const override { return "Fake"; }
  std::string address() const override { return where; }
  std::string primary_type() const override { return "team"; }
  std::string sign_in(const Until& until) override {
    (void)until;
    return account;
  }

  std::vector<Resource> list_resources(const Until& until) override {
    stop_if_asked(until);
    strike(Moment::look);
    if (stale_teams_left_ > 0) {
      --stale_teams_left_;
      return stale_teams_;
    }
    return teams;
  }

  Listing list_grants(const Resource& resource, const Until& until) override {
    stop_if_asked(until);
    strike(Moment::look);
    ++looks;
    Listing listing{resource, rows[resource.id], utc_now(), {}, !unmanageable.contains(resource.id)};
    auto& [left, before] = stale_[resource.id];
    if (left > 0) {
      --left;
      listing.grants = before;
    }
    return listing;
  }

  bool can_revoke(const Grant& grant) const override { return supports_pending || grant.state != "pending"; }
  bool can_delete(const Resource& resource) const override {
    (void)resource;
    return supports_deletion;
  }

  bool tells_privileged(const std::string& type) const override { return type == "team" || type == "app"; }

  bool wait_for_turn(const Until& until) override {
    stop_if_asked(until);
    strike(Moment::turn);
    return must_wait;
  }

  void revoke(const Grant& grant, script::Observer& observer, const Until& until) override {
    const std::string what = "revoke " + grant.user + " from " + grant.resource.name;
    commit(grant.listed_on.id, what, grant.user, observer, until, [&] {
      auto& list = rows[grant.listed_on.id];
      stale_[grant.listed_on.id] = {lag, list};
      std::erase_if(list, [&](const Grant& row) {
        return row.user == grant.user && offboarding::same(row.resource, grant.resource);
      });
    });
  }

  void delete_resource(const Resource& resource, script::Observer& observer, const Until& until) override {
    commit(resource.id, "delete " + resource.name, resource.name, observer, until, [&] {
      stale_teams_ = teams;
      stale_teams_left_ = lag;
      std::erase_if(teams, [&](const Resource& team) { return team.id == resource.id; });
    });
  }

  std::string screenshot(const std::vector<std::string>& keep, const Until& until) override {
    (void)until;
    if (screenshots_fail) throw Error(Kind::browser, "no picture");
    kept = keep;
    return "PNG of " + join(keep, ",");
  }
  Json versions() const override { return {{"offstage", "0.1.0"}, {"chrome", {{"sandbox", true}}}}; }

  std::vector<std::string> kept;  ///< the addresses left uncovered in the last screenshot

 private:
  void strike(Moment moment) {
    if (at) at(moment);
  }

  static void stop_if_asked(const Until& until) {
    if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped");
  }

  template <typename Change>
  void commit(const std::string& team, const std::string& what, const std::string& target,
              script::Observer& observer, const Until& until, Change change) {
    const Answer now = answers.contains(team) ? answers.at(team) : answer;
    stop_if_asked(until);
    strike(Moment::before_intent);
    if (now == Answer::drift) throw Error(Kind::drift, "no button \"Remove\"");
    script::CommitIntent intent{"remove.json", "sha256:0",
                                "/steps/4",    intent_target.empty() ? target : intent_target,
                                "DELETE",      {"https://api.example.com/" + team}};
    observer.commit_intended(intent);
    strike(Moment::after_intent);
    script::CommitReport report;
    report.method = "DELETE";
    report.url = intent.urls.front();
    if (now == Answer::mismatch || until.stop.stop_requested()) {
      report.outcome = script::CommitReport::Outcome::not_sent;
      observer.commit_reported(intent, report);
      stop_if_asked(until);
      throw Error(Kind::refused, "the confirmation names somebody else");
    }
    changes.push_back(what);
    if (now == Answer::done || now == Answer::lost_but_done || now == Answer::server_error_done) change();
    strike(Moment::after_send);
    const auto [status, kind, outcome] = reply(now);
    report.status = status;
    report.outcome = outcome;
    report.words = status == 403 ? words : "";
    observer.commit_reported(intent, report);
    strike(Moment::after_report);
    if (outcome != script::CommitReport::Outcome::done)
      throw Error(kind, status == 0 ? "no answer came" : "the console answered " + std::to_string(status));
    stop_if_asked(until);
  }

  struct Reply {
    int status;
    Kind kind;
    script::CommitReport::Outcome outcome;
  };
  static Reply reply(Answer answer) {
    using Outcome = script::CommitReport::Outcome;
    switch (answer) {
      case Answer::lost_but_done:
      case Answer::lost:
        return {0, Kind::unknown, Outcome::lost};
      case Answer::forbidden:
        return {403, Kind::refused, Outcome::refused};
      case Answer::rate_limited:
        return {429, Kind::busy, Outcome::refused};
      case Answer::server_error:
      case Answer::server_error_done:
        return {500, Kind::unknown, Outcome::lost};
      default:
        return {200, Kind::internal, Outcome::done};
    }
  }

  std::map<std::string, std::pair<int, std::vector<Grant>>> stale_;
  std::vector<Resource> stale_teams_;
  int stale_teams_left_ = 0;
};

inline Resource team(const std::string& name) {
  return {"team", "id-" + name, name};
}

/// A member's row on a team's own listing.
inline Grant member(const Resource& on, const std::string& user, const std::string& role = "member",
                    const std::string& state = "active") {
  return {user, on, on, role, state, {}, role == "admin"};
}

/// A row that gives access to one app, on a team's listing.
inline Grant collaborator(const Resource& on, const std::string& app, const std::string& user) {
  return {user, {"app", app, app}, on, "collaborator", "active", {}, false};
}

/// Three teams with an admin and some people: bob is a member of acme, invited to beta, and a collaborator on
/// an app of gamma; he has no row on delta.
inline FakeConsole console_with_bob() {
  FakeConsole console;
  console.teams = {team("acme"), team("beta"), team("gamma"), team("delta")};
  for (const Resource& one : console.teams) {
    console.rows[one.id] = {member(one, "admin@example.com", "admin"), member(one, "carol@example.com"),
                            member(one, "dave@example.com")};
  }
  console.rows["id-acme"].push_back(member(console.teams[0], "bob@example.com"));
  console.rows["id-beta"].push_back(member(console.teams[1], "bob@example.com", "member", "pending"));
  console.rows["id-gamma"].push_back(collaborator(console.teams[2], "shop", "bob@example.com"));
  return console;
}

}  // namespace offstage::test
