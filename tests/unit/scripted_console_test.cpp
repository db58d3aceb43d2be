#include "connector/scripted_console.h"

#include <filesystem>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "error_of.h"
#include "script/script.h"

namespace offstage::scripted_console_test {

using connector::Connector;
using connector::Grant;
using connector::Launcher;
using connector::Registry;
using connector::Resource;
using connector::ScriptedConsole;
using script::Finding;
using test::error_of;

namespace {

namespace fs = std::filesystem;

const Launcher no_browser = [](const offstage::browser::Fence&,
                               const Until&) -> std::unique_ptr<offstage::browser::Browser> {
  throw Error(Kind::internal, "a browser was started");
};

SecretStore heroku_secrets() {
  SecretStore secrets;
  for (const char* name : {"email", "password", "totp"})
    secrets.add(name, Secret("JBSWY3DPEHPK3PXP"));
  return secrets;
}

/// Makes a console and lets it go again.
void make(Connector connector, const SecretStore& secrets) {
  Log log = Log::none();
  offstage::script::Observer progress;
  const ScriptedConsole console(std::move(connector), no_browser, secrets, log, progress);
}

}  // namespace

TEST_CASE("a missing secret is told before any browser starts", "[console]") {
  const Connector heroku = Registry::standard({}).find("heroku");
  SecretStore secrets;
  secrets.add("email", Secret("a@b.example"));
  secrets.add("totp", Secret("JBSWY3DPEHPK3PXP"));
  const Error error = error_of([&] { make(heroku, secrets); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.message(), Catch::Contains("\"password\""));
  CHECK_THAT(error.hint(), Catch::Contains("--secret password="));
}

TEST_CASE(
    "a connector whose script is missing, or asks for what nobody gives, is told before any browser starts",
    "[console]") {
  const TemporaryFolder folder;
  fs::copy(OFFSTAGE_SOURCE_DIR "/scripts/heroku", folder.path());
  Connector heroku = Registry::standard({}).find("heroku");
  heroku.scripts = folder.path();
  offstage::write_file(
      folder.path() / "list-teams.json",
      R"({"title": "x", "steps": [{"type": "navigate", "url": "https://x.example/{{user}}"}]})");
  const Error free_name = error_of([&] { make(heroku, heroku_secrets()); });
  CHECK(free_name.kind() == Kind::usage);
  CHECK_THAT(free_name.message(), Catch::Contains("list-teams.json") && Catch::Contains("{{user}}"));
  fs::remove(folder.path() / "delete-team.json");
  fs::copy_file(OFFSTAGE_SOURCE_DIR "/scripts/heroku/list-teams.json", folder.path() / "list-teams.json",
                fs::copy_options::overwrite_existing);
  const Error missing = error_of([&] { make(heroku, heroku_secrets()); });
  CHECK(missing.kind() == Kind::usage);
  CHECK_THAT(missing.message(), Catch::Contains("delete-team.json"));
}

TEST_CASE("a console knows what it can take away without a browser", "[console]") {
  Log log = Log::none();
  offstage::script::Observer progress;
  const SecretStore secrets = heroku_secrets();
  const ScriptedConsole console(Registry::standard({}).find("heroku"), no_browser, secrets, log, progress);
  CHECK(console.connector() == "heroku");
  CHECK(console.primary_type() == "team");
  Grant grant;
  grant.resource = {"team", "ops", "ops"};
  grant.state = "pending";
  CHECK(console.can_revoke(grant));
  grant.resource.type = "app";
  CHECK_FALSE(console.can_revoke(grant));
  grant.state = "active";
  CHECK(console.can_revoke(grant));
  grant.resource.type = "space";
  CHECK_FALSE(console.can_revoke(grant));
  CHECK(console.can_delete(Resource{"team", "ops", "ops"}));
  CHECK_FALSE(console.can_delete(Resource{"app", "x", "x"}));
  CHECK(console.versions().at("browser").is_null());
}

TEST_CASE("the scripts that come with Offstage leave a careful reader nothing to say", "[console]") {
  for (const fs::directory_entry& folder : fs::directory_iterator(OFFSTAGE_SOURCE_DIR "/scripts")) {
    for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
      const auto script = offstage::script::load(file.path());
      for (const Finding& finding : offstage::script::check(*script)) {
        INFO(file.path() << ":" << finding.line << ": " << finding.path << ": " << finding.text);
        CHECK(finding.level == Finding::Level::note);
      }
    }
  }
}

}  // namespace offstage::scripted_console_test
