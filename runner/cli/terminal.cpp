#include "cli/terminal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <pwd.h>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

#include <climits>
#include <fmt/format.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

namespace offstage::cli {
namespace {

std::optional<std::string> read_line(const std::stop_token& stop) {
  constexpr int look_again_ms = 100;
  std::array<char, 1024> buffer{};
  while (true) {
    if (stop.stop_requested()) {
      write_error("\n");
      throw Error(Kind::interrupted, "interrupted while waiting for an answer: nothing was done");
    }
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&input, 1, look_again_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    // A terminal hands over whole lines.
    const ssize_t got = ready < 0 ? -1 : ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Kind::usage, with_errno("cannot read the answer"));
    if (got == 0) return {};
    const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    return std::string(text.substr(0, text.find('\n')));
  }
}

}  // namespace

std::function<std::optional<std::string>(const std::string&)> terminal_asker(const std::stop_token& stop) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return {};
  return [stop](const std::string& question) {
    write_error(question);
    return read_line(stop);
  };
}

int terminal_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

std::string who_runs() {
  std::array<char, HOST_NAME_MAX + 1> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  std::string name = found != nullptr ? found->pw_name : fmt::format("uid {}", ::getuid());
  const std::string before_sudo = environment("SUDO_USER");
  if (::getuid() == 0 && !before_sudo.empty()) name = fmt::format("{} (through {})", before_sudo, name);
  return printable(fmt::format("{}@{}", name, host.data()), 200);
}

}  // namespace offstage::cli
