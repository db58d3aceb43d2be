#include "console/heroku/seed.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/schema.h"
#include "base/text.h"
#include "console/heroku/one_time_code.h"
#include "embedded/seed_json.h"
#include "embedded/seed_schema_json.h"

namespace offstage::practice_heroku {
namespace {

/// Reads the seed into a World, object by object, and refuses what the schema cannot see: addresses that are
/// none or come twice, and names that point nowhere.
class Reader {
 public:
  World read(const JsonView& seed) {
    for (const JsonView& name : list(seed, "enterprise_accounts"))
      world_.enterprise_accounts.push_back(name.string());
    read_automation(seed.at("automation"));
    for (const JsonView& account : list(seed, "accounts"))
      read_account(account);
    for (const JsonView& team : list(seed, "teams"))
      read_team(team);
    for (const JsonView& app : list(seed, "apps"))
      read_app(app, "");
    return std::move(world_);
  }

 private:
  static std::vector<JsonView> list(const JsonView& from, std::string_view key) {
    const auto found = from.find(key);
    return found ? found->elements() : std::vector<JsonView>{};
  }

  static std::string address(const JsonView& view) {
    std::string email = view.string();
    // A console may hold addresses that no mail server would take, also such as only look like another.
    std::string plain = email;
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }, 'x');
    if (!is_email(plain)) throw view.error(fmt::format("\"{}\" is no e-mail address", printable(email, 80)));
    return email;
  }

  void read_automation(const JsonView& view) {
    Account account;
    account.email = address(view.at("email"));
    account.password = view.string_or("password", "");
    account.totp_key = view.string_or("totp", "");
    if (account.password.empty()) account.password = made_up_password();
    if (account.totp_key.empty()) account.totp_key = made_up_key();
    if (!is_key(account.totp_key)) throw view.at("totp").error("is no base32 key for one-time codes");
    world_.automation = account.email;
    world_.accounts.emplace(email_key(account.email), account);
  }

  void read_account(const JsonView& view) {
    Account account;
    account.email = address(view.at("email"));
    if (const auto name = view.find("name")) account.name = name->string();
    account.two_factor = view.boolean_or("two_factor", true);
    account.password = view.string_or("password", "");
    account.totp_key = view.string_or("totp", "");
    if (!account.totp_key.empty() && !is_key(account.totp_key))
      throw view.at("totp").error("is no base32 key for one-time codes");
    if (!world_.accounts.emplace(email_key(account.email), account).second)
      throw view.error(fmt::format("{} is there twice", account.email));
  }

  /// An address in a list of people, which must not hold it yet.
  std::string person(const JsonView& view, std::set<std::string>& seen) {
    const JsonView place = view.at("email");
    std::string email = address(place);
    if (!seen.insert(email_key(email)).second) throw place.error(fmt::format("{} is there twice", email));
    Account account;
    account.email = email;
    world_.accounts.try_emplace(email_key(email), account);
    return email;
  }

  void read_team(const JsonView& view) {
    Team team;
    team.name = view.at("name").string();
    if (!teams_.insert(team.name).second) throw view.at("name").error("names a team that is there already");
    team.type = view.string_or("type", "team");
    team.licensed = view.boolean_or("licensed", false);
    team.enterprise_account = view.string_or("enterprise_account", "");
    const auto& known = world_.enterprise_accounts;
    if (!team.enterprise_account.empty() &&
        std::find(known.begin(), known.end(), team.enterprise_account) == known.end()) {
      throw view.at("enterprise_account").error("names no enterprise account of this seed");
    }
    std::set<std::string> people;
    for (const JsonView& member : list(view, "members")) {
      const std::string email = person(member, people);
      team.members.push_back(
          {email, member.string_or("role", "member"), member.boolean_or("federated", false), false, {}});
    }
    if (team.type != "team" && !list(view, "invitations").empty())
      throw view.at("invitations").error("an enterprise team has no invitations: it adds people at once");
    for (const JsonView& invitation : list(view, "invitations")) {
      const std::string email = person(invitation, people);
      team.invitations.push_back({email,
                                  invitation.string_or("role", "member"),
                                  invitation.string_or("invited_by", world_.automation),
                                  false,
                                  {}});
    }
    for (const JsonView& app : list(view, "apps"))
      read_app(app, team.name);
    world_.teams.push_back(std::move(team));
  }

  void read_app(const JsonView& view, const std::string& team) {
    App app;
    app.name = view.at("name").string();
    app.team = team;
    if (!apps_.insert(app.name).second) throw view.at("name").error("names an app that is there already");
    if (team.empty()) app.owner = address(view.at("owner"));
    std::set<std::string> people;
    for (const JsonView& row : list(view, "collaborators")) {
      Collaborator collaborator;
      collaborator.email = person(row, people);
      const auto permissions = row.find("permissions");
      collaborator.permissions =
          permissions ? permissions->strings() : std::vector<std::string>{"deploy", "operate", "view"};
      app.collaborators.push_back(std::move(collaborator));
    }
    world_.apps.push_back(std::move(app));
  }

  World world_;
  std::set<std::string> teams_;
  std::set<std::string> apps_;
};

}  // namespace

std::shared_ptr<const JsonDocument> default_seed() {
  return JsonDocument::parse(std::string(embedded::seed_json), "the built-in seed");
}

World world_of(const std::shared_ptr<const JsonDocument>& seed) {
  validate(*seed, embedded::seed_schema_json);
  return Reader().read(JsonView(seed));
}

}  // namespace offstage::practice_heroku
