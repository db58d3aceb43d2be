#include "console/heroku/announcement.h"

#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"
#include "console/heroku/practice.h"

namespace offstage::practice_heroku {
namespace {

/// What one person holds.
struct Holdings {
  std::string email;
  std::vector<std::string> member_of;
  std::vector<std::string> invited_to;
  std::vector<std::string> collaborates_on;

  std::size_t kinds() const {
    return static_cast<std::size_t>(!member_of.empty()) + static_cast<std::size_t>(!invited_to.empty()) +
           static_cast<std::size_t>(!collaborates_on.empty());
  }
  std::size_t count() const { return member_of.size() + invited_to.size() + collaborates_on.size(); }
};

/// Everybody but the automation account; who holds most, and most kinds of things, first.
std::vector<Holdings> people_of(const World& world) {
  std::map<std::string, Holdings> people;
  const auto holdings = [&](const std::string& email) -> Holdings& {
    Holdings& held = people[email_key(email)];
    held.email = email;
    return held;
  };
  for (const Team& team : world.teams) {
    for (const Member& member : team.members)
      holdings(member.email).member_of.push_back(team.name);
    for (const Invitation& invitation : team.invitations)
      holdings(invitation.email).invited_to.push_back(team.name);
  }
  for (const App& app : world.apps) {
    for (const Collaborator& row : app.collaborators)
      holdings(row.email).collaborates_on.push_back(app.name);
  }
  people.erase(email_key(world.automation));
  std::vector<Holdings> sorted;
  sorted.reserve(people.size());
  for (auto& [key, held] : people)
    sorted.push_back(std::move(held));
  std::stable_sort(sorted.begin(), sorted.end(), [](const Holdings& a, const Holdings& b) {
    return std::pair(a.kinds(), a.count()) > std::pair(b.kinds(), b.count());
  });
  return sorted;
}

/// The first of some names, and how many more there are.
std::string few(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  if (names.size() <= most) return join(names, ", ");
  return join({names.begin(), names.begin() + most}, ", ") + fmt::format(" and {} more", names.size() - most);
}

std::string told(const Holdings& person) {
  std::vector<std::string> parts;
  if (!person.member_of.empty()) parts.push_back("member of " + few(person.member_of));
  if (!person.invited_to.empty()) parts.push_back("invited to " + few(person.invited_to));
  if (!person.collaborates_on.empty()) parts.push_back("collaborator on " + few(person.collaborates_on));
  return fmt::format("  {:34} {}\n", person.email, join(parts, "; "));
}

std::string people_and_teams(const World& world) {
  const std::vector<Holdings> people = people_of(world);
  std::string text = "People worth trying:\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(people.size(), 5); ++i)
    text += told(people[i]);
  text += "Teams:\n";
  constexpr std::size_t most_teams = 20;
  for (std::size_t i = 0; i < std::min(world.teams.size(), most_teams); ++i) {
    const Team& team = world.teams[i];
    const auto apps = std::count_if(world.apps.begin(), world.apps.end(),
                                    [&](const App& app) { return app.team == team.name; });
    const auto self = std::find_if(team.members.begin(), team.members.end(), [&](const Member& member) {
      return same_email(member.email, world.automation);
    });
    text += fmt::format("  {:16} {:2} members, {} pending, {} apps; {} is {}\n", team.name,
                        team.members.size(), team.invitations.size(), apps, world.automation,
                        self == team.members.end() ? "not in it" : self->role);
  }
  if (world.teams.size() > most_teams)
    text += fmt::format("  and {} more\n", world.teams.size() - most_teams);
  return text;
}

}  // namespace

std::string announcement(const World& world, const std::filesystem::path& folder, int port,
                         const std::string& spki_hash) {
  const std::vector<Holdings> people = people_of(world);
  const std::string someone = people.empty() ? "someone@example.com" : people.front().email;
  std::string text = fmt::format(
      "Practice console for Heroku, a stand-in on this machine: it is not Heroku, and nothing here reaches "
      "it.\n"
      "It answers on 127.0.0.1:{} as {}.\n\n",
      port, join({hosts().begin(), hosts().end()}, ", "));
  text += people_and_teams(world);
  text += fmt::format(
      "\nPoint Offstage at it:\n"
      "  offstage plan user {0} --from heroku --practice {1}/practice.json\n"
      "  offstage remove user {0} --from heroku --practice {1}/practice.json\n"
      "It signs in as {2}, with the secrets in {1}/secrets.\n",
      someone, folder.string(), world.automation);
  text += fmt::format(
      "\nSee it in a browser:\n"
      "  chromium --user-data-dir=$(mktemp -d) --ignore-certificate-errors-spki-list={} \\\n"
      "    --host-resolver-rules=\"MAP *.heroku.com 127.0.0.1:{},MAP verify.salesforce.com 127.0.0.1:{}\" "
      "\\\n"
      "    https://dashboard.heroku.com/teams\n"
      "The password, the code of the moment and the record of changes:\n"
      "  https://127.0.0.1:{}/_practice/\n"
      "Ctrl-C ends it.\n",
      spki_hash, port, port, port);
  return text;
}

std::string description(const std::filesystem::path& folder, int port, const std::string& spki_hash) {
  Json names = Json::array();
  for (const std::string_view host : hosts())
    names.push_back(host);
  return Json{{"version", 1},     {"connector", "heroku"}, {"address", fmt::format("127.0.0.1:{}", port)},
              {"hosts", names},   {"spki", spki_hash},     {"secrets", (folder / "secrets").string()},
              {"pid", ::getpid()}}
             .dump(2) +
         "\n";
}

}  // namespace offstage::practice_heroku
