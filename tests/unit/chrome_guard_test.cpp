#include "browser/chrome_guard.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "base/file.h"

namespace offstage::chrome_guard_test {

using browser::GuardPlan;
using browser::start_guard;

namespace {

/// Ends a child when something is not as it must be: Catch works in the parent alone.
void require(bool done) {
  if (!done) ::_exit(1);
}

/// Everything that the shell `script`, in Chrome's place, says on its descriptor 4 when it is told "hello" on
/// its 3. In the guard's parent the two have the numbers `commands` and `answers` (-1: high ones).
std::string answer_of(std::string script, int commands, int answers) {
  TemporaryFolder folder;
  int result[2];
  REQUIRE(::pipe2(result, O_CLOEXEC) == 0);
  const pid_t child = ::fork();  // whose descriptors can be numbered at will
  REQUIRE(child >= 0);
  if (child == 0) {
    const int out = ::fcntl(result[1], F_DUPFD_CLOEXEC, 50);
    require(::syscall(SYS_close_range, 3, 49, 0) == 0 && ::syscall(SYS_close_range, out + 1, ~0U, 0) == 0);
    const auto end_at = [](int fd, int number) {
      const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, 60);
      ::close(fd);
      if (number < 0) return high;
      require(::dup3(high, number, O_CLOEXEC) == number);
      ::close(high);
      return number;
    };
    int told[2];
    int said[2];
    int life[2];
    int status[2];
    require(::pipe(told) == 0 && ::pipe(said) == 0 && ::pipe(life) == 0 && ::pipe(status) == 0);
    for (int* end : {&told[0], &told[1], &said[0], &said[1], &life[0], &life[1], &status[0], &status[1]})
      *end = end_at(*end, -1);
    char shell[] = "sh";
    char command[] = "-c";
    char* const arguments[] = {shell, command, script.data(), nullptr};
    char* const environment[] = {nullptr};
    GuardPlan plan;
    plan.executable = "/bin/sh";
    plan.arguments = arguments;
    plan.environment = environment;
    plan.folder = folder.path().c_str();
    plan.lifeline = life[0];
    plan.status = end_at(status[1], commands == 3 || answers == 3 ? -1 : 3);
    plan.output = out;
    plan.commands = end_at(told[0], commands);
    plan.answers = end_at(said[1], answers);
    const pid_t guard = start_guard(plan);
    require(guard > 0);
    ::close(plan.commands);
    ::close(plan.answers);
    require(::write(told[1], "hello\n", 6) == 6);
    char buffer[4096];
    ssize_t size = 0;
    while ((size = ::read(said[0], buffer, sizeof(buffer))) > 0)
      require(::write(out, buffer, static_cast<std::size_t>(size)) == size);
    ::close(life[1]);
    require(::waitpid(guard, nullptr, 0) == guard);
    ::_exit(0);
  }
  ::close(result[1]);
  const FileDescriptor from(result[0]);
  std::string answer(4096, '\0');
  std::size_t at = 0;
  ssize_t size = 0;
  while ((size = ::read(from.get(), answer.data() + at, answer.size() - at)) > 0)
    at += static_cast<std::size_t>(size);
  answer.resize(at);
  int ended = 0;
  REQUIRE(::waitpid(child, &ended, 0) == child);
  CHECK(ended == 0);
  return answer;
}

}  // namespace

TEST_CASE("Chrome gets its pipes as 3 and 4 and nothing else, however they are numbered before", "[chrome]") {
  // `ls` itself has the folder open, as the lowest number that is free.
  const std::string script = "read -r word <&3; echo \"$word\" >&4; exec ls /proc/self/fd >&4";
  const std::vector<std::pair<int, int>> numbers{{-1, -1}, {3, 4},  {4, 3}, {-1, 3},
                                                 {-1, 4},  {3, -1}, {4, -1}};
  for (const auto& [commands, answers] : numbers) {
    CAPTURE(commands, answers);
    CHECK(answer_of(script, commands, answers) == "hello\n0\n1\n2\n3\n4\n5\n");
  }
}

TEST_CASE("what Chrome leaves behind does not hold its pipe open", "[chrome]") {
  CHECK(answer_of("setsid sh -c 'sleep 6000; :' & echo gone >&4", -1, -1) == "gone\n");
}

}  // namespace offstage::chrome_guard_test
