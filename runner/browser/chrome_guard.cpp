#include "browser/chrome_guard.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything below `guard` runs in the child of a process that may have
// threads: only async-signal-safe calls and no memory allocation.

namespace offstage::browser {

namespace {

void report(int status, GuardReport::What what, int value) {
  const GuardReport message{what, value};
  // A pipe takes so few bytes whole. Nobody reads any more: then nobody needs
  // it.
  [[maybe_unused]] const ssize_t written = ::write(status, &message, sizeof(message));
}

constexpr int kept_descriptors = 5;

/// Closes every descriptor above 2 but those that the plan names, so that
/// nothing of Offstage's is held open.
void close_others(const GuardPlan& plan) {
  int keep[kept_descriptors] = {plan.lifeline, plan.status, plan.output, plan.commands, plan.answers};
  for (int i = 0; i < kept_descriptors; ++i) {
    for (int j = i + 1; j < kept_descriptors; ++j) {
      if (keep[j] >= keep[i]) continue;
      const int swapped = keep[i];
      keep[i] = keep[j];
      keep[j] = swapped;
    }
  }
  unsigned first = 3;
  bool closed = true;
  for (const int fd : keep) {
    const auto next = static_cast<unsigned>(fd);
    if (next > first) closed = ::syscall(SYS_close_range, first, next - 1, 0) == 0 && closed;
    if (next >= first) first = next + 1;
  }
  closed = ::syscall(SYS_close_range, first, ~0U, 0) == 0 && closed;
  if (closed) return;
  int at = 0;
  for (int fd = 3; fd < 65536; ++fd) {  // a kernel before 5.9
    while (at < kept_descriptors && keep[at] < fd)
      ++at;
    if (at == kept_descriptors || keep[at] != fd) ::close(fd);
  }
}

void default_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal)
    ::sigaction(signal, &action, nullptr);
}

/// A page whose JavaScript heap has a bound of its own can still take memory for buffers, for its document
/// and for pictures: Chrome lets a renderer have 16 GB. The limit is of what each process has mapped for
/// itself to write to; a renderer that shows the practice console has 650 MB of it, most of that untouched.
constexpr rlim_t most_memory = rlim_t{4} << 30;

void bound_memory() {
  rlimit data{};
  if (::getrlimit(RLIMIT_DATA, &data) != 0) return;
  data.rlim_max = std::min(data.rlim_max, most_memory);
  data.rlim_cur = std::min(data.rlim_cur, data.rlim_max);
  ::setrlimit(RLIMIT_DATA, &data);
}

/// The raw calls: the C library's wrappers change the ids of all threads, and
/// there is but one here.
bool become(uid_t uid, gid_t gid) {
  if (::syscall(SYS_setgroups, 0, nullptr) != 0) return false;
  if (::syscall(SYS_setresgid, gid, gid, gid) != 0) return false;
  if (::syscall(SYS_setresuid, uid, uid, uid) != 0) return false;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

[[noreturn]] void chrome(const GuardPlan& plan) {
  ::setpgid(0, 0);
  default_signals();
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(plan.output, 1);
  ::dup2(plan.output, 2);
  // Any of the plan's descriptors may be a 3 or a 4: all that is still needed
  // first goes above, to where it is closed when Chrome starts.
  const int status = ::fcntl(plan.status, F_DUPFD_CLOEXEC, 5);
  const int commands = ::fcntl(plan.commands, F_DUPFD_CLOEXEC, 5);
  const int answers = ::fcntl(plan.answers, F_DUPFD_CLOEXEC, 5);
  const bool ready = status >= 0 && ::dup2(commands, 3) == 3 && ::dup2(answers, 4) == 4 &&
                     (!plan.change_user || become(plan.uid, plan.gid)) && ::chdir(plan.folder) == 0;
  if (ready) {
    bound_memory();
    // After the change of user, which forgets it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execve(plan.executable, plan.arguments, plan.environment);
  }
  report(status, GuardReport::refused, errno);
  ::_exit(127);
}

/// Kills the guard's children as the kernel lists them. As its subreaper it
/// inherits every process whose parent died, so nothing that Chrome started is
/// out of reach.
void kill_children() {
  const int list = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (list < 0) return;
  char text[4096];
  const ssize_t size = ::read(list, text, sizeof(text));
  ::close(list);
  pid_t pid = 0;
  for (ssize_t i = 0; i < size; ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      pid = pid * 10 + (text[i] - '0');
    } else if (pid > 0) {
      ::kill(pid, SIGKILL);
      pid = 0;
    }
  }
}

void end_everything(pid_t chrome) {
  // Ten seconds at most: a process that the kernel does not let die must not
  // keep the folder for ever.
  for (int round = 0; round < 2000; ++round) {
    if (chrome > 0) ::kill(-chrome, SIGKILL);
    kill_children();
    pid_t reaped = 0;
    do {
      reaped = ::waitpid(-1, nullptr, WNOHANG | __WALL);
    } while (reaped > 0);
    if (reaped < 0) return;  // none left
    const timespec pause{0, 5'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

/// Reaps what has ended; false once Chrome itself is among it.
void reap(const GuardPlan& plan, pid_t& chrome_alive) {
  int status = 0;
  for (pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL); pid > 0;
       pid = ::waitpid(-1, &status, WNOHANG | __WALL)) {
    if (pid != chrome_alive) continue;
    report(plan.status, GuardReport::ended, status);
    chrome_alive = 0;
  }
}

void watch(const GuardPlan& plan, pid_t chrome_process, int children) {
  pid_t alive = chrome_process;
  while (true) {
    pollfd fds[2] = {{plan.lifeline, POLLIN, 0}, {children, POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) return;
    if (fds[0].revents != 0) return;
    if (fds[1].revents != 0) {
      signalfd_siginfo taken;
      [[maybe_unused]] const ssize_t size = ::read(children, &taken, sizeof(taken));
      reap(plan, alive);
      // Each of them that dies makes those that it leaves ours, and tells us.
      if (alive == 0) kill_children();
    }
  }
}

[[noreturn]] void guard(const GuardPlan& plan) {
  ::setsid();  // no signal from the terminal, or to Offstage's group, reaches it
               // or Chrome
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  default_signals();  // all of them are blocked; an ignored SIGCHLD would hide
                      // Chrome's end
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; ++fd)
    ::dup2(nothing, fd);
  close_others(plan);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  const int children = ::signalfd(-1, &child, SFD_CLOEXEC);
  const pid_t process = ::_Fork();
  if (process == 0) chrome(plan);
  // Now Chrome alone holds its ends: with it they are gone.
  ::close(plan.commands);
  ::close(plan.answers);
  if (process < 0) {
    report(plan.status, GuardReport::refused, errno);
  } else {
    ::setpgid(process, process);  // in both, so that neither can be too late
    report(plan.status, GuardReport::started, process);
    watch(plan, process, children);
    end_everything(process);
  }
  char rm[] = "rm";
  char force[] = "-rf";
  char end[] = "--";
  char* const arguments[] = {rm, force, end, const_cast<char*>(plan.folder), nullptr};
  char* const environment[] = {nullptr};
  ::execve("/bin/rm", arguments, environment);
  ::_exit(127);
}

}  // namespace

pid_t start_guard(const GuardPlan& plan) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t process = ::fork();
  if (process == 0) guard(plan);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return process;
}

}  // namespace offstage::browser
