#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/console_session.h"
#include "cli/progress.h"
#include "offboarding/observe.h"

namespace offstage::cli {
namespace {

using connector::Grant;
using connector::Listing;
using connector::Resource;

struct ListOptions {
  std::string from;
  std::vector<std::string> teams;
};

/// Those of `all` that were named, in the order of the console; all when none was. Throws Error{usage}.
std::vector<Resource> named(const std::vector<Resource>& all, const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<Resource> out;
  for (const std::string& name : names) {
    const Resource* resource = offboarding::find_resource(all, name);
    if (resource == nullptr) {
      std::vector<std::string> known;
      for (const Resource& each : all)
        known.push_back(each.name);
      const std::string meant = nearest(name, known);
      throw Error(Kind::usage, fmt::format("the account signed in sees no team \"{}\"", printable(name, 80)),
                  meant.empty() ? "\"list teams\" shows those it sees"
                                : fmt::format("did you mean \"{}\"?", printable(meant, 80)));
    }
    if (std::find(out.begin(), out.end(), *resource) == out.end()) out.push_back(*resource);
  }
  return out;
}

std::optional<Kind> list_teams(Run& run, const ListOptions& options) {
  const Until until = run.until(Milliseconds(10 * 60'000));
  Progress progress(run);
  ConsoleSession session(run, options.from, progress, until);
  connector::Console& console = session.console();
  progress.doing("signing in to " + console.title());
  const std::string account = console.sign_in(until);
  progress.doing("listing teams");
  const std::vector<Resource> resources = console.list_resources(until);
  progress.done();
  if (run.output.json()) {
    Json document{{"version", 1},
                  {"command", "list teams"},
                  {"connector", console.connector()},
                  {"account", printable(account)},
                  {"teams", Json::array()}};
    for (const Resource& resource : resources)
      document["teams"].push_back(offboarding::as_json(resource));
    run.output.document(document);
    return {};
  }
  Table table({"TEAM", "ID"});
  for (const Resource& resource : resources)
    table.add({resource.name, resource.id});
  table.print(run.output);
  run.output.line(
      fmt::format("{} teams, as {} sees {}.", resources.size(), printable(account, 100), console.title()));
  return {};
}

std::optional<Kind> list_access(Run& run, const ListOptions& options) {
  const Until until = run.until(Milliseconds(30 * 60'000));
  Progress progress(run);
  ConsoleSession session(run, options.from, progress, until);
  connector::Console& console = session.console();
  progress.doing("signing in to " + console.title());
  const std::string account = console.sign_in(until);
  progress.doing("listing teams");
  Json document{{"version", 1},
                {"command", "list access"},
                {"connector", console.connector()},
                {"account", printable(account)},
                {"listings", Json::array()}};
  Table table({"WHO", "WHERE", "ROLE", "STATE", "MARKS"});
  std::size_t rows = 0;
  for (const Resource& resource : named(console.list_resources(until), options.teams)) {
    progress.doing("listing " + offboarding::label(resource));
    const Listing listing = offboarding::list_wholly(console, resource, until);
    document["listings"].push_back(offboarding::as_json(listing));
    rows += listing.grants.size();
    for (const Grant& grant : listing.grants) {
      const Output::Tone tone = grant.privileged ? Output::Tone::strong : Output::Tone::plain;
      table.add(
          {grant.user, offboarding::place(grant), {grant.role, tone}, grant.state, join(grant.marks, ", ")});
    }
  }
  progress.done();
  if (run.output.json()) {
    run.output.document(document);
    return {};
  }
  table.print(run.output);
  run.output.line(fmt::format("{} rows in {} teams.", rows, document["listings"].size()));
  return {};
}

}  // namespace

void add_list(CommandLine& line) {
  CLI::App& group =
      line.group(line.root(), "list", "List what the account signed in can see; changes nothing");

  const auto teams = std::make_shared<ListOptions>();
  CLI::App& list = line.command(group, "teams", "List the teams", {"list teams --from {app}"},
                                [teams](Run& run) { return list_teams(run, *teams); });
  line.add_from(list, teams->from);

  const auto access = std::make_shared<ListOptions>();
  CLI::App& who =
      line.command(group, "access", "List who has access, pending invitations included",
                   {"list access --from {app}", "list access --from {app} --team acme --output json"},
                   [access](Run& run) { return list_access(run, *access); });
  line.add_from(who, access->from);
  who.add_option("--team", access->teams, "Only this team (name or id); may be repeated")
      ->type_name("TEAM")
      ->expected(1)
      ->take_all();
}

}  // namespace offstage::cli
