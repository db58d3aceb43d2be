#include "program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"

namespace offstage::test {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(Kind::internal, with_errno("no pipe"));
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  FileDescriptor read;
  FileDescriptor write;
};

std::vector<std::string> environment(const Start& start) {
  std::map<std::string, std::string> all{{"PATH", std::getenv("PATH") == nullptr ? "" : std::getenv("PATH")},
                                         {"HOME", start.folder.string()},
                                         {"TERM", "xterm"},
                                         {"LC_ALL", "C.UTF-8"},
                                         {"OFFSTAGE_STATE_DIR", (start.folder / "state").string()}};
  for (const auto& [name, value] : start.variables)
    all[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : all)
    out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words)
    out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// What a program finds as its three streams; -1 keeps none.
struct Streams {
  int in;
  int out;
  int err;
};

[[noreturn]] void become(std::vector<char*>& words, std::vector<char*>& variables, const char* folder,
                         const Streams& streams, bool terminal) {
  if (::chdir(folder) != 0) ::_exit(126);
  ::setsid();
  // Whatever the tests themselves do about them, or were started with.
  for (const int each : {SIGPIPE, SIGHUP, SIGINT, SIGTERM})
    ::signal(each, SIG_DFL);
  ::dup2(streams.in, STDIN_FILENO);
  ::dup2(streams.out, STDOUT_FILENO);
  ::dup2(streams.err, STDERR_FILENO);
  if (terminal) ::ioctl(STDIN_FILENO, TIOCSCTTY, 0);
  ::execve(words.front(), words.data(), variables.data());
  ::_exit(127);
}

}  // namespace

std::filesystem::path offstage_program() {
  return std::filesystem::path(OFFSTAGE_BINARY_DIR) / "bin/offstage";
}

std::filesystem::path Sandbox::write(const std::string& name, const std::string& content) const {
  std::filesystem::path file = path() / name;
  std::filesystem::create_directories(file.parent_path());
  write_file(file, content);
  return file;
}

Json Finished::document() const {
  try {
    return Json::parse(out);
  } catch (const Json::parse_error& error) {
    throw Error(Kind::internal, fmt::format("stdout is not one JSON document ({}):\n{}\nstderr:\n{}",
                                            error.what(), out, err));
  }
}

Program::Program(const std::vector<std::string>& words, const Start& start)
    : terminal_(start.terminal), patience_(start.patience) {
  std::vector<std::string> arguments = words;
  std::vector<std::string> variables = environment(start);
  std::vector<char*> raw_arguments = pointers(arguments);
  std::vector<char*> raw_variables = pointers(variables);
  const std::string folder = start.folder.string();
  Pipe in;
  Pipe out;
  Pipe err;
  if (terminal_) {
    int outer = -1;
    int inner = -1;
    winsize size{};
    size.ws_col = 100;
    size.ws_row = 40;
    if (::openpty(&outer, &inner, nullptr, nullptr, &size) != 0)
      throw Error(Kind::internal, with_errno("no terminal"));
    in.write.reset(outer);
    in.read.reset(inner);
    ::fcntl(outer, F_SETFD, FD_CLOEXEC);
  }
  FileDescriptor file;
  if (!start.output_file.empty())
    file.reset(::open(start.output_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const Streams streams{in.read.get(), file.valid() ? file.get() : out.write.get(),
                        terminal_ ? in.read.get() : err.write.get()};
  pid_ = ::fork();
  if (pid_ < 0) throw Error(Kind::internal, with_errno("no process"));
  if (pid_ == 0) become(raw_arguments, raw_variables, folder.c_str(), streams, terminal_);
  out_ = std::move(out.read);
  if (terminal_) {
    err_.reset(::dup(in.write.get()));
    input_ = std::move(in.write);
  } else {
    err_ = std::move(err.read);
    // Short enough for the pipe to hold: nobody need read it.
    if (::write(in.write.get(), start.input.data(), start.input.size()) < 0)
      throw Error(Kind::internal, with_errno("no input"));
  }
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool Program::read_some(const Deadline& deadline) {
  std::array<pollfd, 2> sources{{{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}}};
  if (!out_.valid() && !err_.valid()) return false;
  const int ready = ::poll(sources.data(), sources.size(), static_cast<int>(deadline.left().count()));
  if (ready < 0 && errno == EINTR) return true;
  if (ready <= 0)
    throw Error(Kind::internal, fmt::format("the program does not go on; stderr:\n{}", finished_.err));
  const auto take = [](pollfd& source, FileDescriptor& from, std::string& into) {
    if (source.revents == 0) return;
    std::array<char, 8192> buffer{};
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    // A terminal whose other end has been closed reads as EIO.
    if (got <= 0) {
      from.reset();
    } else {
      into.append(buffer.data(), static_cast<std::size_t>(got));
    }
  };
  take(sources[0], out_, finished_.out);
  take(sources[1], err_, finished_.err);
  return true;
}

void Program::wait_for(const std::string& text) {
  const Deadline deadline = Deadline::in(patience_);
  while (finished_.err.find(text) == std::string::npos) {
    if (!read_some(deadline)) {
      throw Error(Kind::internal,
                  fmt::format("the program ended without \"{}\"; stderr:\n{}", text, finished_.err));
    }
  }
}

void Program::type(const std::string& text) {
  if (::write(input_.get(), text.data(), text.size()) < 0)
    throw Error(Kind::internal, with_errno("cannot type"));
}

void Program::signal(int number) const {
  ::kill(pid_, number);
}

Finished Program::finish() {
  const Deadline deadline = Deadline::in(patience_);
  while (read_some(deadline)) {
  }
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  finished_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished_;
}

Finished run_offstage(const std::vector<std::string>& arguments, const Start& start) {
  std::vector<std::string> words{offstage_program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Program(words, start).finish();
}

}  // namespace offstage::test
