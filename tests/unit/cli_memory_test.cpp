#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "program.h"

namespace offstage::cli_memory_test {

namespace {

using namespace test;

constexpr unsigned nobody = 65534;
constexpr int cannot_drop = 255;

/// What `ask` says, which is below 255, in a process of an ordinary user: this one, or nobody where it is
/// root.
int as_ordinary_user(const std::function<int()>& ask) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool dropped =
        ::geteuid() != 0 || (::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0 &&
                             ::setresuid(nobody, nobody, nobody) == 0);
    ::_exit(dropped ? ask() : cannot_drop);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : cannot_drop;
}

/// Why that user cannot read a file of a process in /proc; 0: it can.
int reading(const Program& program, const char* name) {
  const std::string file = "/proc/" + std::to_string(program.pid()) + "/" + name;
  return as_ordinary_user([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC) >= 0 ? 0 : errno; });
}

/// The words that run a program as that user.
std::vector<std::string> of_ordinary_user(std::vector<std::string> words) {
  if (::geteuid() != 0) return words;
  const std::string id = std::to_string(nobody);
  words.insert(words.begin(), {"/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups"});
  return words;
}

}  // namespace

TEST_CASE("other processes of the same user cannot read Offstage's memory or environment", "[cli][secrets]") {
#ifdef OFFSTAGE_SANITIZED
  WARN("left out: under the sanitizers the program lets itself be traced, for their leak check");
  return;
#endif
  const std::string offstage = offstage_program().string();
  // A program that its user cannot read is kept from that user by the kernel already.
  if (as_ordinary_user([&] { return ::access(offstage.c_str(), R_OK | X_OK) == 0 ? 0 : errno; }) != 0) {
    WARN("left out: this is root, and " << offstage << " is out of reach for other users");
    return;
  }
  const Sandbox sandbox;
  sandbox.write("inbox/.keep", "");
  if (::geteuid() == 0) {
    for (const char* folder : {"", "inbox"})
      REQUIRE(::chown((sandbox.path() / folder).c_str(), nobody, nobody) == 0);
  }
  Start start;
  start.folder = sandbox.path();
  Program waiting(of_ordinary_user({offstage, "job", "--watch", "inbox"}), start);
  waiting.wait_for("waiting for requests");
  // Any other program of that user can be read: it is not the system that forbids it.
  start.terminal = true;
  Program other(of_ordinary_user({"/bin/sh", "-c", "echo begun >&2; read line"}), start);
  other.wait_for("begun");
  CHECK(reading(other, "environ") == 0);
  for (const char* name : {"environ", "mem"}) {
    CAPTURE(name);
    CHECK(reading(waiting, name) == EACCES);
  }
}

}  // namespace offstage::cli_memory_test
