// offstage, with one thing going wrong: OFFSTAGE_FAULT is "N FAULT", and at the Nth moment of the run FAULT
// happens. OFFSTAGE_FAULT_LOG names a file that gets one line for each moment, and beside it FILE.stop tells
// when the run was asked to stop.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <sstream>
#include <unistd.h>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "base/fault_point.h"
#include "base/file.h"
#include "cli/run.h"
#include "cli/signals.h"
#include "processes.h"

namespace offstage::faults {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// When a process was started, in ticks since the machine was; 0 when it is gone. The 22nd of the fields that
/// proc(5) has in /proc/PID/stat, of which the second, in brackets, may hold anything.
unsigned long long start_of(const std::string& process) {
  const std::string stat = test::read_proc(process, "stat");
  std::istringstream rest(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field)
    rest >> skipped;
  unsigned long long started = 0;
  rest >> started;
  return started;
}

/// Chrome's renderers that this process started, or what else of Chrome has no type: the browser itself.
std::vector<std::string> chrome_processes(bool renderers) {
  std::vector<std::string> found;
  for (const std::string& process : test::family_of(::getpid())) {
    const std::string command = test::read_proc(process, "cmdline");
    const bool is_wanted = renderers ? command.find("--type=renderer") != std::string::npos
                                     : command.find("--type=") == std::string::npos &&
                                           command.find("--remote-debugging-pipe") != std::string::npos;
    if (is_wanted) found.push_back(process);
  }
  return found;
}

void end(const std::string& process) {
  ::kill(static_cast<pid_t>(std::stol(process)), SIGKILL);
}

/// Ends the renderer that was started last: that of the page, or of a frame from elsewhere in it.
void kill_renderer() {
  const std::vector<std::string> all = chrome_processes(true);
  const auto last = std::max_element(all.begin(), all.end(), [](const std::string& a, const std::string& b) {
    return start_of(a) < start_of(b);
  });
  if (last != all.end()) end(*last);
}

void kill_chrome() {
  for (const std::string& process : chrome_processes(false))
    end(process);
}

/// Leaves of a file's last line only a part, as a machine does that fails before the line is on its disk, and
/// ends the process.
void tear(const std::string& file) {
  const std::string content = read_file(file);
  const std::size_t before = content.rfind('\n', content.size() - 2);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  std::filesystem::resize_file(file, start + (content.size() - start) / 2);
  ::kill(::getpid(), SIGKILL);
}

class Disturber final : public FaultPoints {
 public:
  Disturber() {
    std::istringstream(variable("OFFSTAGE_FAULT")) >> at_ >> fault_;
    if (const std::string log = variable("OFFSTAGE_FAULT_LOG"); !log.empty()) log_.open(log);
  }

  void reached(std::string_view what, const std::string& object) override {
    const bool is_file = object.find("://") == std::string::npos;
    const std::string name = is_file ? std::filesystem::path(object).filename().string() : object;
    if (!is_now((is_file ? "file " : "exchange ") + std::string(what) + " " + name)) return;
    if (fault_ == "full") throw Error(Kind::usage, "cannot write " + object + ": No space left on device");
    if (fault_ == "torn") tear(object);
    happen();
  }

  int passing(bool to_chrome, std::string& message) override {
    const std::string_view head(message.data(), std::min<std::size_t>(message.size(), 80));
    if (!is_now((to_chrome ? "send " : "take ") + std::string(head))) return 1;
    if (fault_ == "drop") return 0;
    if (fault_ == "double") return 2;
    if (fault_ == "corrupt") {
      message.resize(message.size() / 2);
      return 1;
    }
    happen();
    return 1;
  }

 private:
  bool is_now(const std::string& moment) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (log_.is_open()) log_ << moment.substr(0, moment.find('\n')) << std::endl;
    return count_ == at_;
  }

  static void stop() {
    const std::string log = variable("OFFSTAGE_FAULT_LOG");
    if (!log.empty()) std::ofstream(log + ".stop") << Clock::now().time_since_epoch().count();
    ::kill(::getpid(), SIGTERM);
  }

  void happen() const {
    if (fault_ == "kill") ::kill(::getpid(), SIGKILL);
    if (fault_ == "stop") stop();
    if (fault_ == "delay") ::usleep(700'000);
    if (fault_ == "chrome") kill_chrome();
    if (fault_ == "renderer") kill_renderer();
  }

  long at_ = 0;
  std::string fault_;
  std::mutex mutex_;
  std::ofstream log_;
  long count_ = 0;
};

}  // namespace
}  // namespace offstage::faults

int main(int argc, char** argv) {
  offstage::cli::forbid_core_files();
  offstage::cli::Signals signals;
  offstage::faults::Disturber disturber;
  offstage::set_fault_points(&disturber);
  return offstage::cli::run(std::vector<std::string>(argv + 1, argv + argc), signals);
}
