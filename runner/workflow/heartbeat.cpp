#include "workflow/heartbeat.h"

#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace offstage::workflow {

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  gone_.notify_all();
  for (std::thread& each : threads_)
    each.join();
}

void Heartbeat::every(Milliseconds interval, Beat beat) {
  threads_.emplace_back([this, interval, beat = std::move(beat)] { beat_until_gone(interval, beat); });
}

void Heartbeat::doing(const std::string& what) {
  const std::lock_guard lock(mutex_);
  doing_ = what;
}

void Heartbeat::beat_until_gone(Milliseconds interval, const Beat& beat) {
  std::unique_lock lock(mutex_);
  while (!over_) {
    const std::string doing = doing_;
    lock.unlock();
    beat(doing);
    lock.lock();
    gone_.wait_for(lock, interval, [this] { return over_; });
  }
}

Heartbeat::Beat beat_to_descriptor(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (fd <= STDERR_FILENO || !is_handed_down(fd) || flags < 0 || (flags & O_ACCMODE) == O_RDONLY) {
    throw Error(
        Kind::usage, fmt::format("--heartbeat-fd {} is not open for writing", fd),
        "give a descriptor above 2 that the caller has opened: offstage job --heartbeat-fd 3 3>beats");
  }
  const auto owned = std::make_shared<FileDescriptor>(fd);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  return [owned](const std::string& doing) {
    const std::string line = Json{{"time", utc_now()}, {"doing", printable(doing, 500)}}.dump(
                                 -1, ' ', false, Json::error_handler_t::replace) +
                             "\n";
    // A full pipe is a reader that sleeps, a closed one a reader that has gone: the job goes on.
    [[maybe_unused]] const ssize_t written = ::write(owned->get(), line.data(), line.size());
  };
}

}  // namespace offstage::workflow
