#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "offboarding/observe.h"
#include "script/script.h"

namespace offstage::cli {
namespace {

using connector::Grant;
using connector::Listing;
using connector::Resource;

/// One place where the console is not as the connector expects it.
struct Difference {
  std::string level;  ///< "note": worth knowing; "differs": look; "broken": removals would fail there
  std::string where;
  std::string what;
  bool operator<(const Difference& other) const {
    return std::tie(level, where, what) < std::tie(other.level, other.where, other.what);
  }
};

/// Collects what a run of the listing scripts gives away about the pages, each thing once.
class Watcher final : public script::Observer {
 public:
  explicit Watcher(script::Observer& progress) : progress_(progress) {}

  void step_started(const std::string& path, const std::string& what) override {
    step_ = what;
    progress_.step_started(path, what);
  }
  void step_finished(const std::string& path) override { progress_.step_finished(path); }
  void weaker_selector(const std::string& path, const std::string& used) override {
    add("differs", fmt::format("{} ({})", path, printable(step_, 120)),
        fmt::format("the first selector found nothing; {} did", printable(used, 200)));
    progress_.weaker_selector(path, used);
  }
  void commit_intended(const script::CommitIntent& intent) override {
    // Listing scripts have no commit step; one that has is stopped here, before anything is sent.
    throw Error(Kind::refused, fmt::format("{} has a commit step, which a check never takes", intent.script),
                "leave commit steps to the revoke and delete scripts");
  }

  void add(const std::string& level, const std::string& where, const std::string& what) {
    differences_.insert({level, where, what});
  }
  const std::set<Difference>& differences() const { return differences_; }
  bool has(const std::string& level) const {
    return std::any_of(differences_.begin(), differences_.end(),
                       [&](const Difference& each) { return each.level == level; });
  }

 private:
  script::Observer& progress_;
  std::string step_;
  std::set<Difference> differences_;
};

void look_at(const Listing& listing, const connector::Console& console, const std::string& account,
             Watcher& watcher) {
  const std::string where = offboarding::label(listing.resource);
  if (!listing.console_total) {
    watcher.add("note", where,
                "the console shows no count of its own: completeness rests on the end of its pages");
  }
  if (!listing.manageable) watcher.add("note", where, "the account signed in cannot change access here");
  if (listing.grants.empty()) watcher.add("differs", where, "the listing is empty");
  const std::string self = email_key(account);
  const bool self_there = std::any_of(listing.grants.begin(), listing.grants.end(),
                                      [&](const Grant& grant) { return email_key(grant.user) == self; });
  if (!self_there) watcher.add("note", where, "the account signed in is not among its rows");
  for (const Grant& grant : listing.grants) {
    if (!is_email(grant.user))
      watcher.add("differs", where, fmt::format("\"{}\" is no e-mail address", printable(grant.user, 80)));
    if (!console.can_revoke(grant)) {
      watcher.add("differs", where,
                  fmt::format("there is no script to take away {} access of a {}", printable(grant.state, 40),
                              printable(grant.resource.type, 40)));
    }
  }
}

/// Lists everything; a listing that fails as drift is a finding, and the next one is tried.
std::size_t look_at_all(connector::Console& console, const std::string& account, Progress& progress,
                        Watcher& watcher, const Until& until) {
  std::size_t rows = 0;
  const std::vector<Resource> resources = console.list_resources(until);
  for (const Resource& resource : resources) {
    progress.doing("listing " + offboarding::label(resource));
    try {
      const Listing listing = offboarding::list_wholly(console, resource, until);
      rows += listing.grants.size();
      look_at(listing, console, account, watcher);
    } catch (const Error& error) {
      if (error.kind() != Kind::drift) throw;
      watcher.add("broken", offboarding::label(resource), printable(error.message(), 600));
    }
  }
  if (resources.empty()) watcher.add("differs", "teams", "the account signed in sees none");
  return rows;
}

std::optional<Kind> check(Run& run, const std::string& from) {
  const Until until = run.until(Milliseconds(30 * 60'000));
  Progress progress(run);
  Watcher watcher(progress);
  ConsoleSession session(run, from, watcher, until);
  connector::Console& console = session.console();

  progress.doing("signing in to " + console.title());
  std::string account;
  std::size_t rows = 0;
  try {
    account = console.sign_in(until);
    progress.doing("listing teams");
    rows = look_at_all(console, account, progress, watcher, until);
  } catch (const Error& error) {
    if (error.kind() != Kind::drift) throw;
    watcher.add("broken", account.empty() ? "sign-in" : "teams", printable(error.message(), 600));
  }
  progress.done();

  const bool broken = watcher.has("broken");
  Json document{{"version", 1},
                {"command", "check"},
                {"connector", console.connector()},
                {"practice", session.practice()},
                {"account", printable(account)},
                {"rows", rows},
                {"usable", !broken},
                {"differences", Json::array()},
                {"versions", console.versions()}};
  for (const Difference& each : watcher.differences()) {
    document["differences"].push_back({{"level", each.level}, {"where", each.where}, {"what", each.what}});
    run.output.line(fmt::format(
        "{}: {}: {}",
        run.output.toned(each.level, each.level == "note" ? Output::Tone::dim : Output::Tone::bad),
        each.where, each.what));
  }
  if (run.output.json()) {
    run.output.document(document);
  } else {
    run.output.line(fmt::format("{}: signed in as {}, {} rows read; {}.", console.title(),
                                account.empty() ? "nobody" : printable(account, 100), rows,
                                broken                   ? "the scripts need mending"
                                : watcher.has("differs") ? "it works, with differences"
                                                         : "everything is as the connector expects"));
    run.output.line("Not looked at: what only a removal opens (panels, confirmations). Nothing was changed.");
  }
  if (!broken) return {};
  return Kind::drift;
}

}  // namespace

void add_check(CommandLine& line) {
  const auto from = std::make_shared<std::string>();
  CLI::App& command = line.command(
      line.root(), "check", "Sign in and list, changing nothing, and report where the console's pages differ",
      {"check {app}", "check {app} --output json"}, [from](Run& run) { return check(run, *from); });
  command.add_option("CONNECTOR", *from, "Which console")->type_name("CONNECTOR")->required();
}

}  // namespace offstage::cli
