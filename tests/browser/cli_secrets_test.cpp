#include <array>
#include <ctime>
#include <sstream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <liboath/oath.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "browser_support.h"
#include "cli_scene.h"
#include "console/heroku/sessions.h"
#include "processes.h"
#include "secret_search.h"

/// Whole runs with marked secrets, and a search for these in everything that a run writes, says, or shows to
/// other processes.
namespace offstage::cli_secrets_test {

namespace {

using namespace test;

// Unlikely anywhere, and written differently in every encoding.
const std::string password = R"(Zq7!"vT&w\k+9/hP%x<Y>2=uJ)";
const std::string wrong_password = R"(Wq4!"nB&c\z+6/rL%d<G>8=sK)";
const std::string key = "MZXW6YTBOJQXU43FMNZGK5BAMVSXG5DF";
const std::string wrong_key = "OBSXE3DJNZTSA53JORUCAYJAMJUWOIDI";
const std::string session_key = "5f1d8a0c77e24b96a3c0d9e8417b62fa90ce3d5581b7f2460a9e6dd83c154b7e";
const std::string callback_key = "whsec-Kq83/vLw+0pT-callbacks";
/// How the practice console begins the access tokens that it gives to its page, its session cookies with the
/// codes that are exchanged for tokens, and the signed notes that its sites hand each other.
const std::string token_mark = "HRKU-";
const std::string session_mark(practice_heroku::session_mark);
const std::string note_mark = base64_encoded(R"({"alg":"HS256","typ":"JWT"})");
constexpr long code_seconds = 30;

std::string code_at(std::string base32, std::time_t at) {
  char* bytes = nullptr;
  std::size_t length = 0;
  REQUIRE(oath_base32_decode(base32.data(), base32.size(), &bytes, &length) == OATH_OK);
  std::array<char, 16> code{};
  REQUIRE(oath_totp_generate(bytes, length, at, code_seconds, 0, 6, code.data()) == OATH_OK);
  std::free(bytes);  // NOLINT: liboath allocates with malloc
  return code.data();
}

/// A practice console whose secrets are the marked ones, and apart from it the folder in which everything
/// that a run writes must lie.
class MarkedScene {
 public:
  MarkedScene() : console_({"--seed", seed().string()}) {
    write_file(outside_.path() / "password", password + "\n");
    write_file(outside_.path() / "wrong-password", wrong_password + "\n");
    write_file(outside_.path() / "totp", key + "\n");
    write_file(outside_.path() / "wrong-totp", wrong_key + "\n");
    write_file(outside_.path() / "session-key", session_key + "\n");
    write_file(outside_.path() / "callback", callback_key + "\n");
    for (const char* name : {"", "tmp", "state", "cache", "config"}) {
      std::filesystem::create_directory(sandbox_.path() / name);
      // Chrome is another user when Offstage is root, and must get through.
      std::filesystem::permissions(sandbox_.path() / name, std::filesystem::perms(0711));
    }
    search_.add("password", password);
    search_.add("wrong password", wrong_password);
    search_.add("key of the one-time codes", key);
    search_.add("another key of one-time codes", wrong_key);
    search_.add("access token", token_mark);
    search_.add("session cookie or code", session_mark);
    search_.add("signed note", note_mark);
    search_.add("key of the session", session_key);
    search_.add("key of callbacks", callback_key);
  }

  Start start() const {
    Start start;
    start.folder = sandbox_.path();
    start.variables["OFFSTAGE_PRACTICE"] = console_.description_file().string();
    start.variables["TMPDIR"] = temporary().string();
    start.variables["XDG_STATE_HOME"] = (sandbox_.path() / "state").string();
    start.variables["XDG_CACHE_HOME"] = (sandbox_.path() / "cache").string();
    start.variables["XDG_CONFIG_HOME"] = (sandbox_.path() / "config").string();
    start.variables["OFFSTAGE_OUT_DIR"] = (sandbox_.path() / "out").string();
    return start;
  }

  /// A removal from acme-data, loud and with everything kept, with these files for secrets.
  std::vector<std::string> removal(const std::string& password_file, const std::string& key_file) const {
    const auto policy = sandbox_.write("unattended.json", R"({"version": 1, "unattended": true})");
    return CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--policy",
                            policy.string(), "--verbose", "--output", "json", "--secret",
                            "password=file:" + (outside_.path() / password_file).string(), "--secret",
                            "totp=command:cat '" + (outside_.path() / key_file).string() + "'"});
  }

  /// The same with a session that is kept between runs.
  std::vector<std::string> with_session(std::vector<std::string> words) const {
    words.insert(words.end(), {"--session", (sandbox_.path() / "session").string(), "--session-key",
                               "file:" + (outside_.path() / "session-key").string()});
    return words;
  }

  /// A job that is told to somebody at `url` when it ends, with its outputs in files.
  std::vector<std::string> job(const std::string& url) const {
    const Json request{{"version", 1},
                       {"connector", "heroku"},
                       {"operation", "remove_user"},
                       {"targets", {dana}},
                       {"teams", {"acme-data"}},
                       {"idempotency_key", "marked"},
                       {"policy", {{"version", 1}, {"unattended", true}}},
                       {"callback", {{"url", url}}}};
    const auto source = [&](const std::string& name) {
      return name + "=file:" + (outside_.path() / name).string();
    };
    return CliScene::words({"job", "--request", request.dump(), "--verbose", "--secret", source("password"),
                            "--secret", source("totp"), "--secret", source("callback")});
  }

  /// A removal that leaks: its password stands on a command line, and its key is written to the working
  /// folder.
  std::vector<std::string> leaking_removal() const {
    const auto policy = sandbox_.write("unattended.json", R"({"version": 1, "unattended": true})");
    return CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data", "--policy",
                            policy.string(), "--secret",
                            "password=command:sleep 1; printf %s '" + password + "'", "--secret",
                            "totp=command:tee leaked <'" + (outside_.path() / "totp").string() + "'"});
  }

  /// Runs it, searches meanwhile, and all that was left afterwards.
  Finished watched(const std::vector<std::string>& words) {
    const std::time_t began = std::time(nullptr);
    for (const std::string& file : files_written_outside(sandbox_.path(), "self"))
      inherited_.insert(file);
    Program program(words, start());
    Finished end;
    {
      const std::jthread sampler([&](const std::stop_token& stop) { sample(program.pid(), stop); });
      end = program.finish();
    }
    search_codes(began);
    search_.search("stdout", end.out, findings_);
    search_.search("stderr", end.err, findings_);
    search_.search_folder(sandbox_.path(), findings_);
    return end;
  }

  PracticeConsole& console() { return console_; }
  const Findings& findings() const { return findings_; }
  const std::set<std::string>& written_outside() const { return written_outside_; }
  std::size_t chromes_seen() const { return chromes_.size(); }
  std::filesystem::path temporary() const { return sandbox_.path() / "tmp"; }

 private:
  std::filesystem::path seed() const {
    Json seed = Json::parse(read_file(OFFSTAGE_SOURCE_DIR "/tests/console/heroku/seed.json"));
    seed.erase("$schema");
    seed["automation"]["password"] = password;
    seed["automation"]["totp"] = key;
    std::filesystem::path file = outside_.path() / "seed.json";
    write_file(file, seed.dump());
    return file;
  }

  /// Looks again and again at what runs, and at what lies in the folder while it runs.
  void sample(long pid, const std::stop_token& stop) {
    SecretSearch with_codes = search_;
    add_codes(with_codes, std::time(nullptr) - code_seconds, std::time(nullptr) + 20 * code_seconds);
    while (!stop.stop_requested()) {
      with_codes.search_family(pid, findings_);
      for (const std::string& process : family_of(pid)) {
        if (read_proc(process, "cmdline").find("--user-data-dir=") != std::string::npos)
          chromes_.insert(process);
        for (const std::string& file : files_written_outside(sandbox_.path(), process)) {
          if (!inherited_.contains(file)) written_outside_.insert(file);
        }
      }
      with_codes.search_folder(sandbox_.path(), findings_);
      std::this_thread::sleep_for(Milliseconds(50));
    }
  }

  /// The codes that can have been typed since `began` are secrets of this run too, and of all later ones.
  void search_codes(std::time_t began) { add_codes(search_, began, std::time(nullptr)); }

  static void add_codes(SecretSearch& search, std::time_t from, std::time_t to) {
    for (const std::string& each : {key, wrong_key}) {
      for (std::time_t at = from; at <= to + code_seconds; at += code_seconds)
        search.add("one-time code", code_at(each, at));
    }
  }

  TemporaryFolder outside_{"offstage-marked-"};
  PracticeConsole console_;
  Sandbox sandbox_;
  SecretSearch search_;
  Findings findings_;
  std::set<std::string> written_outside_;
  std::set<std::string> inherited_;  ///< open in this process before anything was started, such as a test log
  std::set<std::string> chromes_;
};

/// The limit on core files that a process has, soft and hard.
std::vector<std::string> core_limits(const std::string& pid) {
  const std::string limits = read_proc(pid, "limits");
  const std::string name = "Max core file size";
  const std::size_t at = limits.find(name);
  if (at == std::string::npos) return {};
  std::istringstream words(limits.substr(at + name.size()));
  std::string soft;
  std::string hard;
  words >> soft >> hard;
  return {soft, hard};
}

/// Lets this process, and what it starts, leave core files again: a test that forbids them must have them
/// first.
class CoreFilesAllowed {
 public:
  CoreFilesAllowed() {
    ::getrlimit(RLIMIT_CORE, &before_);
    const bool privileged = ::geteuid() == 0;
    const rlim_t most = privileged ? RLIM_INFINITY : before_.rlim_max;
    const rlimit all{most, most};
    allowed_ = ::setrlimit(RLIMIT_CORE, &all) == 0 && most > 4096;
  }
  CoreFilesAllowed(const CoreFilesAllowed&) = delete;
  CoreFilesAllowed& operator=(const CoreFilesAllowed&) = delete;
  ~CoreFilesAllowed() { ::setrlimit(RLIMIT_CORE, &before_); }
  bool allowed() const { return allowed_; }

 private:
  rlimit before_{};
  bool allowed_ = false;
};

// Left to ./dev check, which prints what it says.
TEST_CASE("no secret is on disk, in what is said, on a command line or in an environment",
          "[.][cli][secrets]") {
  MarkedScene scene;
  struct Attempt {
    std::string about;
    std::string password;
    std::string key;
    int exit_code;
  };
  scene.console().set_fault("total-lies", "on");
  for (const Attempt& attempt :
       {Attempt{"wrong password", "wrong-password", "totp", 77},
        Attempt{"wrong code", "password", "wrong-totp", 77}, Attempt{"drift", "password", "totp", 70}}) {
    const Finished end = scene.watched(scene.removal(attempt.password, attempt.key));
    CAPTURE(attempt.about, end.err);
    CHECK(end.exit_code == attempt.exit_code);
    CHECK(std::filesystem::is_empty(scene.temporary()));
  }
  scene.console().reset();
  const Finished end = scene.watched(scene.removal("password", "totp"));
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK_FALSE(scene.console().is_invited("acme-data", dana));
  CHECK(std::filesystem::is_empty(scene.temporary()));

  scene.console().reset();
  PageServer listener;
  listener.page("/", "{}");
  for (const std::vector<std::string>& words :
       {scene.with_session(scene.removal("password", "totp")),
        scene.with_session(scene.removal("password", "totp")), scene.job(listener.url("/"))}) {
    const Finished kept = scene.watched(words);
    CAPTURE(kept.err);
    CHECK(kept.exit_code == 0);
  }
  CHECK(listener.requests().size() == 1);

  const Findings& findings = scene.findings();
  // Seven runs, each with the processes of a Chrome: otherwise the search saw nothing.
  CHECK(scene.chromes_seen() >= 7);
  CHECK(findings.places > 1000);
  CHECK(findings.found == std::set<std::string>{});
  CHECK(scene.written_outside() == std::set<std::string>{});
  if (::geteuid() == 0) CHECK(findings.unreadable == std::set<std::string>{});
  if (!findings.unreadable.empty())
    fmt::print("secrets: {} places could not be read by this user\n", findings.unreadable.size());
  fmt::print("secrets searched {} places, found {}\n", findings.places, findings.found.size());
  std::fflush(stdout);
}

TEST_CASE("a secret that a whole run leaks is found, on a command line and on disk", "[.][cli][secrets]") {
  MarkedScene scene;
  const Finished end = scene.watched(scene.leaking_removal());
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  bool on_command_line = false;
  bool on_disk = false;
  for (const std::string& finding : scene.findings().found) {
    on_command_line |= finding.find(": password (plain)") != std::string::npos;
    on_disk |= finding.find("leaked: key of the one-time codes (plain)") != std::string::npos;
  }
  CAPTURE(scene.findings().found);
  CHECK(on_command_line);
  CHECK(on_disk);
}

TEST_CASE("neither Offstage nor its Chrome leaves a core file", "[cli][secrets]") {
  const CoreFilesAllowed core_files;
  REQUIRE(core_files.allowed());
  REQUIRE(core_limits("self").front() != "0");
  const CliScene scene;
  Start start = scene.start();
  start.terminal = true;
  Program program(CliScene::words({"remove", "user", dana, "--from", "heroku", "--team", "acme-data"}),
                  start);
  program.wait_for("Type yes to remove");
  std::size_t chromes = 0;
  for (const std::string& pid : family_of(program.pid())) {
    CAPTURE(read_proc(pid, "cmdline"));
    chromes += read_proc(pid, "cmdline").find("--type=renderer") == std::string::npos ? 0U : 1U;
    CHECK(core_limits(pid) == std::vector<std::string>{"1", "1"});
  }
  CHECK(chromes > 0);
  program.type("no\n");
  program.finish();
}

}  // namespace

}  // namespace offstage::cli_secrets_test
