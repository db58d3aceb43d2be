#include <fcntl.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "cli/doctor.h"
#include "cli/output.h"
#include "cli/settings.h"

namespace offstage::cli_parts_test {

namespace {

using namespace cli;

TEST_CASE("a span of time is read in every unit", "[cli]") {
  CHECK(parse_span("250ms") == Milliseconds(250));
  CHECK(parse_span("90") == Milliseconds(90'000));
  CHECK(parse_span("90s") == Milliseconds(90'000));
  CHECK(parse_span("5m") == Milliseconds(300'000));
  CHECK(parse_span("1h") == Milliseconds(3'600'000));
  CHECK_THROWS_AS(parse_span("25h"), Error);
}

TEST_CASE("who runs Offstage is who --by names, else whom the machine knows", "[cli]") {
  Settings settings;
  CHECK_THAT(settings.who(), Catch::Contains("@"));
  settings.by = "  ";
  CHECK_THAT(settings.who(), Catch::Contains("@"));
  settings.by = " Dana\x1b[31m Ops ";
  CHECK(settings.who() == "Dana\\u{1b}[31m Ops");
}

TEST_CASE("an error becomes a document with its causes and its answer to trying again", "[cli]") {
  const Error cause(Kind::unreachable, "connection refused", "look at the network");
  const Error error(Kind::browser, "Chrome \x1b[31mdied", "", cause);
  const Json document = error_document(error, SecretStore()).at("error");
  CHECK(document.at("kind") == "browser");
  CHECK(document.at("exit_code") == 69);
  CHECK(document.at("message") == "Chrome \\u{1b}[31mdied");
  CHECK(document.at("causes").at(0) == "connection refused");
  CHECK(document.at("hint") == "look at the network");
  CHECK(document.at("try_again") == "yes");
}

TEST_CASE("a secret in an error is taken out", "[cli]") {
  SecretStore secrets;
  secrets.add("password", Secret("hunter22"));
  const Error error(Kind::human, "the console said: hunter22 is wrong");
  CHECK(error_text(error, secrets).find("hunter22") == std::string::npos);
  CHECK(error_document(error, secrets).dump().find("hunter22") == std::string::npos);
}

TEST_CASE("secrets that are read again are as their files have them now, and a descriptor's stay", "[cli]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "all");
  write_file(folder.path() / "password", "old");
  write_file(folder.path() / "all/totp", "old");
  write_file(folder.path() / "given", "once");
  const FileDescriptor given(::open((folder.path() / "given").c_str(), O_RDONLY));
  Settings settings;
  settings.secrets = {"password=file:" + (folder.path() / "password").string(),
                      "callback=fd:" + std::to_string(given.get())};
  settings.secrets_folder = folder.path() / "all";
  SecretStore secrets;
  read_secrets_again(secrets, settings, Until::in(Milliseconds(5000)));
  CHECK(secrets.get("password").reveal() == "old");
  write_file(folder.path() / "password", "new");
  write_file(folder.path() / "all/totp", "new");
  read_secrets_again(secrets, settings, Until::in(Milliseconds(5000)));
  CHECK(secrets.get("password").reveal() == "new");
  CHECK(secrets.get("totp").reveal() == "new");
  CHECK(secrets.get("callback").reveal() == "once");
  std::filesystem::remove(folder.path() / "password");
  CHECK_THROWS_AS(read_secrets_again(secrets, settings, Until::in(Milliseconds(5000))), Error);
  CHECK(secrets.get("callback").reveal() == "once");
}

TEST_CASE("too little shared memory and none at all are told apart", "[cli][doctor]") {
  CHECK(probe_shared_memory("/nonexistent").level == Finding::Level::warning);
  CHECK(probe_shared_memory("/nonexistent").seen.find("there is no") != std::string::npos);
  // /proc/sys holds no free space at all.
  CHECK(probe_shared_memory("/proc/sys").seen.find("0 MB") != std::string::npos);
}

TEST_CASE("a machine without fonts is told so, with the package to install", "[cli][doctor]") {
  const TemporaryFolder folder;
  CHECK(probe_fonts({folder.path()}).level == Finding::Level::warning);
  std::filesystem::create_directories(folder.path() / "truetype");
  write_file(folder.path() / "truetype/a.TTF", "");
  CHECK(probe_fonts({"/nonexistent", folder.path()}).level == Finding::Level::good);
}

TEST_CASE("switched-off user namespaces are a fault that names the switch", "[cli][doctor]") {
  const TemporaryFolder proc;
  std::filesystem::create_directories(proc.path() / "sys/kernel");
  std::filesystem::create_directories(proc.path() / "sys/user");
  write_file(proc.path() / "sys/kernel/unprivileged_userns_clone", "0\n");
  const Finding debian = probe_user_namespaces(proc.path());
  CHECK(debian.level == Finding::Level::fault);
  CHECK(debian.hint.find("unprivileged_userns_clone=1") != std::string::npos);
  write_file(proc.path() / "sys/kernel/unprivileged_userns_clone", "1\n");
  write_file(proc.path() / "sys/user/max_user_namespaces", "0\n");
  CHECK(probe_user_namespaces(proc.path()).hint.find("max_user_namespaces") != std::string::npos);
}

}  // namespace

}  // namespace offstage::cli_parts_test
