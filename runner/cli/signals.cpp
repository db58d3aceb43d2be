#include "cli/signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace offstage::cli {
namespace {

/// Those that the caller left to us: one that is ignored (nohup) stays so, and blocked it would wait to be
/// read.
sigset_t stopping() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction inherited {};
    ::sigaction(signal, nullptr, &inherited);
    if (inherited.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Signals::Signals() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = stopping();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_.reset(signalfd(-1, &set, SFD_CLOEXEC));
  finish_.reset(eventfd(0, EFD_CLOEXEC));
  if (!signals_.valid() || !finish_.valid())
    throw Error(Kind::internal, with_errno("cannot watch for signals"));
  thread_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
  const std::uint64_t one = 1;
  // Cannot fail: the counter is at zero.
  [[maybe_unused]] const ssize_t written = ::write(finish_.get(), &one, sizeof one);
  thread_.join();
}

std::optional<Kind> Signals::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void Signals::hold() {
  const std::lock_guard lock(mutex_);
  ++held_;
}

void Signals::release() {
  const std::lock_guard lock(mutex_);
  --held_;
  released_.notify_all();
}

void Signals::restore() {
  std::signal(SIGPIPE, SIG_DFL);
  const sigset_t set = stopping();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Signals::watch() {
  while (true) {
    std::array<pollfd, 2> sources{{{signals_.get(), POLLIN, 0}, {finish_.get(), POLLIN, 0}}};
    if (::poll(sources.data(), sources.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    if ((sources[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      take(static_cast<int>(info.ssi_signo));
    }
  }
}

void Signals::take(int signal) {
  const Kind kind = signal == SIGINT ? Kind::interrupted : Kind::terminated;
  std::unique_lock lock(mutex_);
  if (!received_) {
    received_ = kind;
    lock.unlock();
    stop_.request_stop();
    return;
  }
  released_.wait(lock, [this] { return held_ == 0; });
  // Chrome watches for the end of its starter; nothing else needs more than the system's own clearing up.
  ::_exit(exit_code_of(kind));
}

void forbid_core_files() {
  // One byte, not none: it is too small for a file too, and the kernel then starts no program that
  // /proc/sys/kernel/core_pattern names, which it does whatever else the limit is. Chrome inherits it.
  const rlimit none{1, 1};
  setrlimit(RLIMIT_CORE, &none);
#ifndef OFFSTAGE_SANITIZED  // whose leak check must trace its own process
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

Error as_signalled(const Error& error, const Signals& signals) {
  const std::optional<Kind> signal = signals.received();
  const bool stopped = is_stop(error.kind());
  if (!stopped || !signal || *signal == error.kind()) return error;
  return {*signal, error.message(), error.hint()};
}

}  // namespace offstage::cli
