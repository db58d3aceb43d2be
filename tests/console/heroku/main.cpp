// practice-heroku: a stand-in for the Heroku console, for the demo, for tests and for learning.
#include <csignal>
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "console/heroku/announcement.h"
#include "console/heroku/practice.h"
#include "console/heroku/seed.h"
#include "console/heroku/server.h"

namespace {

using namespace offstage;                   // NOLINT: a program's own main file
using namespace offstage::practice_heroku;  // NOLINT

struct Options {
  int port = 0;
  std::string folder;
  std::string seed;
  std::vector<std::string> faults;
  long latency = 0;
  std::string labels = "2020";
  bool list_faults = false;
  bool print_seed = false;
  bool until_stdin_closes = false;
};

void describe(CLI::App& app, Options& options) {
  app.description(
      "A stand-in for the Heroku console on 127.0.0.1, for practice and tests. It is not Heroku.");
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes any that is free")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option(
      "--dir", options.folder,
      "Folder for practice.json and the secrets; made when missing. Without it: a private one that is "
      "removed at the end");
  app.add_option("--seed", options.seed, "JSON file with the people and teams to start with");
  // One value each: CLI11 would take the words after it for further faults.
  app.add_option("--fault", options.faults, "Switch on a fault: NAME or NAME=VALUE; may be given again")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--latency", options.latency, "Milliseconds that every answer waits first")
      ->check(CLI::Range(0, 600000))
      ->capture_default_str();
  app.add_option("--labels", options.labels, "Variant of the dashboard's words")
      ->check(CLI::IsMember({"2020", "2015"}))
      ->capture_default_str();
  app.add_flag("--list-faults", options.list_faults, "List the faults and end");
  app.add_flag("--print-seed", options.print_seed, "Print the built-in seed and end");
  app.add_flag("--until-stdin-closes", options.until_stdin_closes, "End when standard input ends");
}

std::string values_of(const FaultInfo& fault) {
  switch (fault.takes) {
    case FaultInfo::Takes::flag:
      return "";
    case FaultInfo::Takes::choice:
      return fmt::format("={}", fault.choices);
    case FaultInfo::Takes::number:
      return fault.implied.empty() ? "=N" : "[=N]";
    case FaultInfo::Takes::status:
      return "=STATUS[:TIMES]";
    case FaultInfo::Takes::text:
      return fault.implied.empty() ? "=NAME" : "[=NAME]";
  }
  return {};
}

void list_faults() {
  for (const FaultInfo& fault : fault_table()) {
    std::string preset;
    if (!fault.preset.empty()) preset = fmt::format(" (default: {})", fault.preset);
    if (fault.preset.empty() && !fault.implied.empty() && fault.takes == FaultInfo::Takes::number)
      preset = fmt::format(" (alone: {})", fault.implied);
    fmt::print("{}{}\n    {}{}\n", fault.name, values_of(fault), fault.meaning, preset);
  }
}

Stage stage_of(const Options& options) {
  Stage stage;
  for (const std::string& fault : options.faults)
    stage.faults.set(fault);
  stage.world = world_of(options.seed.empty() ? default_seed() : JsonDocument::load(options.seed));
  stage.labels = options.labels;
  return stage;
}

/// The folder in which others find the console; what was written there goes when this is destroyed, and the
/// folder too unless it was asked for by name.
class Premises {
 public:
  explicit Premises(const std::string& wanted) {
    if (wanted.empty()) {
      own_ = std::make_unique<TemporaryFolder>("offstage-practice-");
      path_ = own_->path();
      return;
    }
    path_ = std::filesystem::absolute(wanted);
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) {
      std::filesystem::create_directories(path_, error);
      std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
    }
    if (error || !std::filesystem::is_directory(path_, error)) {
      throw Error(Kind::usage, fmt::format("cannot use the folder {}: {}", path_.string(),
                                           error ? error.message() : "it is no folder"));
    }
    // Who waits for the file must not find that of an earlier console.
    std::filesystem::remove(path_ / "practice.json", error);
  }
  Premises(const Premises&) = delete;
  Premises& operator=(const Premises&) = delete;
  ~Premises() {
    std::error_code ignored;  // at the end there is nobody to tell
    std::filesystem::remove(path_ / "practice.json", ignored);
    for (const char* name : {"email", "password", "totp"})
      std::filesystem::remove(path_ / "secrets" / name, ignored);
    std::filesystem::remove(path_ / "secrets", ignored);
  }

  void write(const Account& account, const std::string& about) const {
    const std::filesystem::path secrets = path_ / "secrets";
    std::error_code error;
    std::filesystem::create_directory(secrets, error);
    std::filesystem::permissions(secrets, std::filesystem::perms::owner_all, error);
    if (error) throw Error(Kind::usage, fmt::format("cannot make {}: {}", secrets.string(), error.message()));
    write_file(secrets / "email", account.email + "\n");
    write_file(secrets / "password", account.password + "\n");
    write_file(secrets / "totp", account.totp_key + "\n");
    write_file(path_ / "practice.json", about);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::unique_ptr<TemporaryFolder> own_;
  std::filesystem::path path_;
};

/// Blocks SIGINT and SIGTERM for this and all later threads and hands them out through a descriptor.
FileDescriptor ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  FileDescriptor fd(::signalfd(-1, &set, SFD_CLOEXEC));
  if (!fd.valid()) throw Error(Kind::internal, with_errno("cannot wait for signals"));
  return fd;
}

void wait_for_the_end(const FileDescriptor& signals, bool until_stdin_closes) {
  std::array<pollfd, 2> waiting{};
  waiting[0] = {signals.get(), POLLIN, 0};
  waiting[1] = {until_stdin_closes ? STDIN_FILENO : -1, POLLIN, 0};
  while (true) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) return;
    if (waiting[1].revents == 0) continue;
    std::array<char, 256> ignored{};
    if (::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
  }
}

int run(const Options& options) {
  if (options.list_faults) {
    list_faults();
    return 0;
  }
  if (options.print_seed) {
    fmt::print("{}", default_seed()->text());
    return 0;
  }
  const FileDescriptor signals = ending_signals();
  const Stage stage = stage_of(options);
  Practice practice(stage);
  const Premises premises(options.folder);
  const Server server(practice, options.port, Milliseconds(options.latency));
  premises.write(practice.automation(), description(premises.path(), server.port(), server.spki_hash()));
  fmt::print("{}", announcement(stage.world, premises.path(), server.port(), server.spki_hash()));
  std::fflush(stdout);
  wait_for_the_end(signals, options.until_stdin_closes);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  CLI::App app;
  app.name("practice-heroku");
  describe(app, options);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code_of(Kind::usage);
  }
  try {
    return run(options);
  } catch (const Error& error) {
    std::cerr << "practice-heroku: " << error.explain() << "\n";
    return exit_code_of(error.kind());
  } catch (const std::exception& error) {
    std::cerr << "practice-heroku: " << error.what() << "\n";
    return exit_code_of(Kind::internal);
  }
}
