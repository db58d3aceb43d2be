#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"

namespace offstage {
namespace {

/// How often a wait looks whether it was asked to stop.
constexpr Milliseconds between_looks{50};

void throw_if_over(const Until& until) {
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped on request");
  if (until.deadline.passed()) throw Error(Kind::unreachable, "it did not come in time");
}

/// All of it until its end; `name` is what errors call it. `look` is called now and then while nothing comes.
std::string read_descriptor(
    int fd, const std::string& name, const Until& until, const std::function<void()>& look = [] {}) {
  std::string content;
  std::array<char, 4096> buffer{};
  while (true) {
    throw_if_over(until);
    pollfd source{fd, POLLIN, 0};
    const Milliseconds wait = std::min(until.deadline.left(), between_looks);
    if (::poll(&source, 1, static_cast<int>(wait.count())) <= 0) {
      look();
      continue;
    }
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) throw Error(Kind::usage, with_errno("cannot read " + name));
    if (got == 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return content;
}

/// A shell command whose output can be read: in a process group of its own, no signal blocked or ignored.
/// Killed with all that it started unless it is waited for to its end.
class Command {
 public:
  explicit Command(std::string text) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(Kind::usage, with_errno("cannot run the command"));
    output_.reset(ends[0]);
    const FileDescriptor input(ends[1]);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input.get(), STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE})
      sigaddset(&set, signal);
    posix_spawnattr_setsigdefault(&attributes, &set);
    std::string shell = "sh";
    std::string option = "-c";
    const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    const int fault = ::posix_spawn(&process_, "/bin/sh", &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (fault == 0) return;
    errno = fault;
    throw Error(Kind::usage, with_errno("cannot run the command"));
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command() {
    if (ended_) return;
    ::kill(-process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR)
      continue;
  }

  int output() const { return output_.get(); }

  /// Only the group in front may read from the terminal; the system stops any other that tries to.
  void throw_if_stopped() const {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(process_), &info, WSTOPPED | WNOHANG | WNOWAIT) != 0) return;
    if (info.si_pid != 0) {
      throw Error(Kind::usage, "the command wants to ask something at the terminal, which it cannot here");
    }
  }

  /// Waits for its end; throws Error{usage} unless it went well.
  void finish(const Until& until) {
    int status = 0;
    while (::waitpid(process_, &status, WNOHANG) == 0) {
      throw_if_over(until);
      throw_if_stopped();
      ::poll(nullptr, 0, 5);
    }
    ended_ = true;
    if (WIFSIGNALED(status)) {
      throw Error(Kind::usage, fmt::format("the command was ended by signal {}", WTERMSIG(status)));
    }
    if (status != 0) {
      throw Error(Kind::usage, fmt::format("the command ended with status {}", WEXITSTATUS(status)));
    }
  }

 private:
  FileDescriptor output_;
  pid_t process_ = 0;
  bool ended_ = false;
};

std::string read_command(const std::string& text, const Until& until) {
  Command command(text);
  std::string content = read_descriptor(command.output(), "what the command writes", until,
                                        [&command] { command.throw_if_stopped(); });
  try {
    command.finish(until);
  } catch (const Error&) {
    OPENSSL_cleanse(content.data(), content.size());
    throw;
  }
  return content;
}

/// A file may be a pipe that nobody writes to yet.
std::string read_named(const std::string& path, const Until& until) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) throw Error(Kind::usage, with_errno("cannot read " + path));
  return read_descriptor(fd.get(), path, until);
}

/// One of Offstage's own would be read from whatever else it belongs to.
std::string read_handed_down(int fd, const Until& until) {
  const std::string name = fmt::format("descriptor {}", fd);
  if (!is_handed_down(fd)) {
    throw Error(Kind::usage, name + " was not handed down by whoever started Offstage",
                fmt::format("open it in the shell: {}<FILE", fd));
  }
  return read_descriptor(fd, name, until);
}

int descriptor_number(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 5 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits)
    throw Error(Kind::usage, fmt::format("\"fd:{}\" names no file descriptor", printable(text, 40)));
  return std::stoi(text);
}

}  // namespace

SecretSource SecretSource::parse(std::string_view text) {
  const auto after = [&](std::string_view prefix) { return std::string(text.substr(prefix.size())); };
  SecretSource source;
  if (text.starts_with("fd:")) {
    source = {Where::descriptor, after("fd:")};
    descriptor_number(source.what);
  } else if (text.starts_with("command:")) {
    source = {Where::command, after("command:")};
  } else {
    source = {Where::file, text.starts_with("file:") ? after("file:") : std::string(text)};
  }
  if (source.what.empty()) {
    throw Error(Kind::usage, "a secret's source is empty", "give file:PATH, fd:N or command:CMD");
  }
  return source;
}

std::string SecretSource::read(const Until& until) const {
  switch (where) {
    case Where::file:
      return read_named(what, until);
    case Where::descriptor:
      return read_handed_down(descriptor_number(what), until);
    case Where::command:
      return read_command(what, until);
  }
  return {};
}

}  // namespace offstage
