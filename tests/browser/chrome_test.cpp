#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "browser_support.h"
#include "error_of.h"
#include "processes.h"

namespace offstage::chrome_test {

using namespace test;
using browser::Browser;
using browser::LaunchOptions;

namespace {

std::string read_proc(long pid, const std::string& name) {
  return test::read_proc(std::to_string(pid), name);
}

/// Chrome's private folder, from its own command line.
std::filesystem::path folder_of(long pid) {
  for (const std::string& argument : split(read_proc(pid, "cmdline"), '\0')) {
    const std::string switch_name = "--user-data-dir=";
    if (argument.starts_with(switch_name)) {
      return std::filesystem::path(argument.substr(switch_name.size())).parent_path();
    }
  }
  return {};
}

/// How many live processes name `text` on their command line.
int processes_with(const std::string& text) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (read_proc(std::stol(name), "cmdline").find(text) != std::string::npos) ++count;
  }
  return count;
}

bool becomes_true(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::in(Milliseconds(20'000));
  while (!condition()) {
    if (deadline.passed()) return false;
    std::this_thread::sleep_for(Milliseconds(5));
  }
  return true;
}

/// A program that stands in for Chrome.
struct FakeChrome {
  explicit FakeChrome(const std::string& script) {
    write_file(program(), "#!/bin/sh\n" + script, 0755);
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  }
  std::filesystem::path program() const { return folder.path() / "chrome"; }
  Error launch(Milliseconds patience) const {
    LaunchOptions options;
    options.executable = program();
    return test::error_of([&] { Browser::launch(options, Until::in(patience)); });
  }
  TemporaryFolder folder;
};

/// The sockets that a process has open, as the kernel numbers them.
std::set<std::string> sockets_of(const std::string& pid) {
  std::set<std::string> found;
  std::error_code none;  // the process may end meanwhile
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + pid + "/fd", none)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), none).string();
    if (target.starts_with("socket:[")) found.insert(target.substr(8, target.size() - 9));
  }
  return found;
}

/// How many TCP ports these processes listen on.
int ports_of(const std::vector<std::string>& processes) {
  std::set<std::string> sockets;
  for (const std::string& process : processes)
    sockets.merge(sockets_of(process));
  int count = 0;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
      // sl, local, remote, state (0A: listening), queues, timer, retransmits, uid, timeout, inode
      if (fields.size() > 9 && fields[3] == "0A" && sockets.contains(fields[9])) ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("a started Chrome listens on no port", "[chrome]") {
  Stage stage;
  stage.show("<title>here</title>");
  const auto own = ports_of({std::to_string(::getpid())});
  CHECK(own == 1);  // the server's, so that the test would see one
  const long pid = shared_browser().info().pid;
  const std::vector<std::string> family = family_of(pid);
  CHECK(family.size() > 2);
  CHECK(ports_of(family) == 0);
  CHECK_FALSE(std::filesystem::exists(folder_of(pid) / "profile" / "DevToolsActivePort"));
}

TEST_CASE("a started Chrome tells what it is and runs in its sandbox", "[chrome]") {
  const auto info = shared_browser().info();
  CHECK_THAT(info.product, Catch::Contains("Chrome/"));
  CHECK_THAT(info.user_agent, Catch::Contains("Mozilla"));
  CHECK(info.sandboxed);
  CHECK_FALSE(info.attached);
  CHECK(std::filesystem::exists(info.executable));
  CHECK(::kill(static_cast<pid_t>(info.pid), 0) == 0);
}

TEST_CASE("Chrome never runs as root, and holds no capabilities", "[chrome]") {
  const long pid = shared_browser().info().pid;
  const std::string status = read_proc(pid, "status");
  CHECK_THAT(status, !Catch::Contains("Uid:\t0\t"));
  CHECK_THAT(status, Catch::Contains("CapEff:\t0000000000000000"));
  CHECK_THAT(status, Catch::Contains("CapPrm:\t0000000000000000"));
}

TEST_CASE("Chrome gets none of our environment but what it needs", "[chrome]") {
  ::setenv("OFFSTAGE_PROBE", "one", 1);
  ::setenv("SOME_TOKEN", "two", 1);
  const auto browser = launch();
  ::unsetenv("OFFSTAGE_PROBE");
  ::unsetenv("SOME_TOKEN");
  const std::string environment = read_proc(browser->info().pid, "environ");
  CHECK_THAT(environment, !Catch::Contains("OFFSTAGE"));
  CHECK_THAT(environment, !Catch::Contains("SOME_TOKEN"));
  CHECK_THAT(environment, Catch::Contains("HOME=" + folder_of(browser->info().pid).string()));
}

TEST_CASE("Chrome's folder is its user's alone", "[chrome]") {
  const std::filesystem::path folder = folder_of(shared_browser().info().pid);
  CHECK((std::filesystem::status(folder).permissions() & std::filesystem::perms::all) ==
        std::filesystem::perms::owner_all);
}

TEST_CASE("nothing is left of a browser that goes", "[chrome]") {
  auto browser = launch();
  const std::filesystem::path folder = folder_of(browser->info().pid);
  REQUIRE(std::filesystem::exists(folder));
  browser.reset();
  CHECK(processes_with(folder.string()) == 0);
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("nothing is left of a browser whose Offstage was killed", "[chrome]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto browser = launch();
    const long pid = browser->info().pid;
    if (::write(ends[1], &pid, sizeof(pid)) != sizeof(pid)) ::_exit(1);
    while (true)
      ::pause();
  }
  long pid = 0;
  REQUIRE(::read(ends[0], &pid, sizeof(pid)) == sizeof(pid));
  const std::filesystem::path folder = folder_of(pid);
  REQUIRE(processes_with(folder.string()) > 1);
  REQUIRE(std::filesystem::exists(folder));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  CHECK(becomes_true([&] { return !std::filesystem::exists(folder); }));
  CHECK(becomes_true([&] { return processes_with(folder.string()) == 0; }));
}

TEST_CASE("a Chrome that is killed fails what waits for it at once", "[chrome]") {
  const auto browser = launch();
  const auto context = browser->new_context(soon());
  auto& page = context->new_page(soon());
  std::thread killer([pid = browser->info().pid] { ::kill(static_cast<pid_t>(pid), SIGKILL); });
  try {
    page.wait_for_expression({}, "false", soon());
    FAIL_CHECK("it went on");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::browser);
  }
  killer.join();
  CHECK_THROWS_AS(context->new_page(soon()), Error);
}

TEST_CASE("a Chrome that hangs is waited for no longer than its patience", "[chrome]") {
  LaunchOptions options;
  options.patience = Milliseconds(20'000);
  const auto browser = Browser::launch(options, soon());
  const auto context = browser->new_context(soon());
  const auto chrome = static_cast<pid_t>(browser->info().pid);
  ::kill(chrome, SIGSTOP);
  const Until until = Until::in(Milliseconds(240'000));
  const Error error = test::error_of([&] { context->new_page(until); });
  CHECK_FALSE(until.over());
  ::kill(chrome, SIGCONT);
  CHECK(error.kind() == Kind::unreachable);
  CHECK_THAT(error.message(), Catch::Contains("did not answer Target.createTarget in time"));
}

TEST_CASE("a Chrome that dies at its start is quoted", "[chrome]") {
  const Error error = FakeChrome("echo 'dreadful words' >&2\nexit 3\n").launch(Milliseconds(20'000));
  CHECK(error.kind() == Kind::browser);
  CHECK_THAT(error.message(), Catch::Contains("exit code 3") && Catch::Contains("dreadful words"));
}

TEST_CASE("a Chrome that dies at its start is told of at once, whatever it leaves behind", "[chrome]") {
  const Error error = FakeChrome("setsid sleep 6000 &\nexit 3\n").launch(Milliseconds(20'000));
  CHECK_THAT(error.message(), Catch::Contains("exit code 3"));
}

TEST_CASE("a Chrome without a usable sandbox gets a hint how to have one", "[chrome]") {
  const Error error =
      FakeChrome("echo 'FATAL: No usable sandbox!' >&2\nexit 1\n").launch(Milliseconds(20'000));
  CHECK(error.kind() == Kind::browser);
  CHECK_THAT(error.hint(),
             Catch::Contains("unprivileged_userns_clone") && Catch::Contains("--allow-no-sandbox"));
}

TEST_CASE("a Chrome that hangs at its start is given up, with all that it started", "[chrome]") {
  TemporaryFolder marker;
  const std::string mark = marker.path().filename().string();
  // The second sleep leaves the process group, as Chrome's helpers may.
  const FakeChrome chrome("setsid sh -c 'sleep 6000; : " + mark + "' &\nexec sh -c 'sleep 6000; : " + mark +
                          "'\n");
  const Error error = chrome.launch(Milliseconds(300));
  CHECK(error.kind() == Kind::browser);
  CHECK_THAT(error.message(), Catch::Contains("in time"));
  CHECK(processes_with(": " + mark) == 0);
}

TEST_CASE("a Chrome that is not there is told by name", "[chrome]") {
  LaunchOptions options;
  options.executable = "/nowhere/chrome";
  try {
    Browser::launch(options, soon());
    FAIL("it started");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::browser);
    CHECK_THAT(error.message(), Catch::Contains("/nowhere/chrome"));
    CHECK_THAT(error.hint(), Catch::Contains("apt-get install"));
  }
}

TEST_CASE("a Chrome without its sandbox is refused unless that is allowed, and then told of", "[chrome]") {
  LaunchOptions options;
  options.extra_arguments = {"--no-sandbox"};
  try {
    launch(options);
    FAIL_CHECK("it started");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::browser);
    CHECK_THAT(error.message(), Catch::Contains("sandbox"));
  }
  LaunchOptions allowed;
  allowed.allow_no_sandbox = true;
  CHECK_FALSE(launch(allowed)->info().sandboxed);
}

TEST_CASE("two browsers do not keep each other alive", "[chrome]") {
  auto first = launch();
  const auto second = launch();
  const std::filesystem::path folder = folder_of(first->info().pid);
  first.reset();
  CHECK_FALSE(std::filesystem::exists(folder));
  second->new_context(soon())->new_page(soon());
}

}  // namespace offstage::chrome_test
