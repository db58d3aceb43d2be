#include "browser/chrome_process.h"

#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "browser/chrome_arguments.h"
#include "browser/chrome_guard.h"
#include "browser/chrome_user.h"

namespace offstage::browser {

namespace {

/// How long the guard may take to tell of Chrome's end, once its pipe is closed.
constexpr Milliseconds longest_report{2'000};
/// How long the guard may take to end Chrome and remove its folder.
constexpr Milliseconds longest_end{15'000};

constexpr std::string_view sandbox_hint =
    "Chrome's sandbox needs unprivileged user namespaces: check the sysctls "
    "kernel.unprivileged_userns_clone and "
    "kernel.apparmor_restrict_unprivileged_userns, and in a container its "
    "seccomp profile. `offstage doctor` says "
    "which. Running without the sandbox needs --allow-no-sandbox.";

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(Kind::browser, with_errno("cannot make a pipe for Chrome"));
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::string ending(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

/// What Chrome says wherever there is no desktop, and what helps nobody.
bool is_noise(std::string_view line) {
  return line.empty() || line.find("dbus") != std::string_view::npos ||
         line.find("bluetooth") != std::string_view::npos || line.find("vaapi") != std::string_view::npos;
}

}  // namespace

ChromeProcess::ChromeProcess(const std::filesystem::path& executable, const LaunchOptions& options)
    : folder_("offstage-chrome-") {
  start(executable, options);
}

ChromeProcess::~ChromeProcess() {
  lifeline_.reset();
  const Deadline deadline = Deadline::in(longest_end);
  while (::waitpid(guard_, nullptr, WNOHANG) == 0 && !deadline.passed())
    ::usleep(2000);
}

void ChromeProcess::start(const std::filesystem::path& executable, const LaunchOptions& options) {
  const std::filesystem::path& folder = folder_.path();
  for (const char* name : {"profile", "home", "tmp"}) {
    std::filesystem::create_directory(folder / name);
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
  const std::filesystem::path log = folder / "stderr";
  const FileDescriptor output(::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
  if (!output.valid()) throw Error(Kind::browser, with_errno("cannot write " + log.string()));
  const std::optional<ChromeUser> user = chrome_user(options.allow_no_sandbox);
  if (user) give_to(*user, folder);

  std::vector<std::string> arguments = chrome_arguments(options, folder / "profile");
  arguments.insert(arguments.begin(), executable.string());
  std::vector<std::string> environment = chrome_environment(folder, options.headed);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  Pipe lifeline = make_pipe();
  Pipe status = make_pipe();
  Pipe commands = make_pipe();
  Pipe answers = make_pipe();
  const std::string program = executable.string();
  const std::string private_folder = folder.string();
  GuardPlan plan;
  plan.executable = program.c_str();
  plan.arguments = argv.data();
  plan.environment = envp.data();
  plan.folder = private_folder.c_str();
  plan.lifeline = lifeline.read.get();
  plan.status = status.write.get();
  plan.output = output.get();
  plan.commands = commands.read.get();
  plan.answers = answers.write.get();
  plan.change_user = user.has_value();
  plan.uid = user ? user->uid : 0;
  plan.gid = user ? user->gid : 0;
  guard_ = start_guard(plan);
  if (guard_ < 0) throw Error(Kind::browser, with_errno("cannot start Chrome"));
  lifeline_ = std::move(lifeline.write);
  status_ = std::move(status.read);
  commands_ = std::move(commands.write);
  answers_ = std::move(answers.read);
}

std::unique_ptr<cdp::Transport> ChromeProcess::connect() {
  return cdp::connect_pipe(std::move(answers_), std::move(commands_));
}

Json ChromeProcess::wait_ready(cdp::Client& client, const Until& until) {
  using Outcome = cdp::Reply::Outcome;
  cdp::Reply reply = client.root().send("Browser.getVersion").wait(until);
  if (reply.ok()) return std::move(reply.result);
  if (reply.outcome == Outcome::stopped) {
    throw Error(Kind::interrupted, "stopped while Chrome was starting");
  }
  if (reply.outcome == Outcome::disconnected) fail_ended();
  if (reply.outcome == Outcome::late) fail("did not get ready in time");
  fail("does not tell its version: " + printable(reply.message, 300));
}

void ChromeProcess::fail_ended() {
  wait_ended(Until::in(longest_report));
  if (refused_ != 0) fail(std::string("could not be started: ") + std::strerror(refused_));
  if (ended_) fail(ending(ended_status_) + " before it was ready");
  fail("closed its connection before it was ready");
}

void ChromeProcess::take_reports(Milliseconds wait) {
  pollfd ready{status_.get(), POLLIN, 0};
  if (ended_ || ::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return;
  GuardReport report{};
  if (::read(status_.get(), &report, sizeof(report)) != sizeof(report)) {
    ended_ = true;  // the guard itself is gone, which nothing but a signal from
                    // outside can do
    ended_status_ = SIGKILL;
    return;
  }
  if (report.what == GuardReport::started) chrome_ = report.value;
  if (report.what == GuardReport::refused) refused_ = report.value;
  if (report.what == GuardReport::ended) {
    ended_ = true;
    ended_status_ = report.value;
  }
}

bool ChromeProcess::wait_ended(const Until& until) {
  while (!ended_ && !until.over()) {
    take_reports(std::min(until.deadline.left(), Milliseconds(20)));
  }
  return ended_;
}

std::string ChromeProcess::last_words() const {
  std::ifstream log(folder_.path() / "stderr");
  std::deque<std::string> lines;
  std::string line;
  while (std::getline(log, line)) {
    if (is_noise(line)) continue;
    lines.push_back(printable(line, 300));
    if (lines.size() > 8) lines.pop_front();
  }
  return join({lines.begin(), lines.end()}, "\n");
}

void ChromeProcess::fail(std::string what) const {
  const std::string words = last_words();
  const bool sandbox =
      words.find("sandbox") != std::string::npos || words.find("namespace") != std::string::npos;
  std::string message = "Chrome " + std::move(what);
  if (!words.empty()) message += "; its last words were:\n" + words;
  throw Error(
      Kind::browser, std::move(message),
      sandbox ? std::string(sandbox_hint) : "See `offstage doctor` for what may be wrong with this Chrome.");
}

}  // namespace offstage::browser
