#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "cdp/transport.h"

namespace offstage::cdp {

namespace {

/// As much as the kernel lets an ordinary user have: a large message then needs fewer turns.
constexpr int pipe_capacity = 1 << 20;

/// The I/O thread reads and writes in turns, as much as each pipe takes at that moment, so that neither
/// direction waits for the other. Below, "on the I/O thread" says what only it touches.
class PipeTransport : public Transport {
 public:
  PipeTransport(FileDescriptor read, FileDescriptor write, std::size_t limit)
      : limit_(limit),
        read_(std::move(read)),
        write_(std::move(write)),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        buffer_(pipe_capacity) {
    if (!wake_.valid() || !prepare(read_.get()) || !prepare(write_.get())) {
      throw Error(Kind::browser, with_errno("cannot talk to Chrome over its pipes"));
    }
  }
  ~PipeTransport() override { PipeTransport::close(); }
  PipeTransport(const PipeTransport&) = delete;
  PipeTransport& operator=(const PipeTransport&) = delete;

  void start(Events events) override {
    events_ = std::move(events);
    thread_ = std::thread([this] { run(); });
  }

  void send(std::string message) override {
    bool notice = false;
    {
      const std::lock_guard lock(mutex_);
      if (ended_ || overfull_) return;
      overfull_ = queued_.size() + message.size() >= limit_;
      notice = overfull_ || queued_.empty();
      if (!overfull_) queued_.append(message).push_back('\0');
    }
    if (notice) wake();
  }

  void close() noexcept override {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    closing_ = true;
    if (io_thread_ == std::this_thread::get_id()) return;  // it ends when the callback is over
    wake();
    const std::lock_guard lock(closing_mutex_);
    if (thread_.joinable()) thread_.join();
    read_.reset();
    write_.reset();
  }

 private:
  static bool prepare(int fd) {
    ::fcntl(fd, F_SETPIPE_SZ, pipe_capacity);  // refused for what is no pipe, or once the user has too many
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
  }

  void wake() noexcept { ::eventfd_write(wake_.get(), 1); }

  // All below: on the I/O thread.

  void run() {
    io_thread_ = std::this_thread::get_id();
    // A write to a pipe that nobody reads then fails and says so, instead of ending the process.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    try {
      while (!closing_ && end_.empty())
        turn();
    } catch (const std::exception& error) {
      end_ = error.what();
    }
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      queued_ = {};
    }
    if (!closing_) events_.closed(end_);
  }

  void turn() {
    take_queued();
    if (!end_.empty()) return;
    const bool writes = written_ < outgoing_.size();
    pollfd ready[3] = {
        {wake_.get(), POLLIN, 0}, {read_.get(), POLLIN, 0}, {writes ? write_.get() : -1, POLLOUT, 0}};
    if (::poll(ready, 3, -1) < 0) {
      if (errno != EINTR) end_ = with_errno("cannot wait for Chrome");
      return;
    }
    if (ready[0].revents != 0) {
      eventfd_t count = 0;
      ::eventfd_read(wake_.get(), &count);
    }
    // Even what cannot be written to may have said its last words.
    if (ready[1].revents != 0) receive();
    if (ready[2].revents != 0 && end_.empty() && !closing_) transmit();
  }

  void take_queued() {
    const std::lock_guard lock(mutex_);
    if (overfull_) end_ = fmt::format("Chrome does not read: more than {} bytes wait for it", limit_);
    if (written_ < outgoing_.size() || queued_.empty()) return;
    outgoing_.clear();
    written_ = 0;
    outgoing_.swap(queued_);
  }

  void transmit() {
    const ssize_t size = ::write(write_.get(), outgoing_.data() + written_, outgoing_.size() - written_);
    if (size >= 0) {
      written_ += static_cast<std::size_t>(size);
    } else if (errno != EAGAIN && errno != EINTR) {
      end_with_last_words(with_errno("Chrome takes no more commands"));
    }
  }

  void end_with_last_words(const std::string& why) {
    std::size_t before = 0;
    do {
      before = received_;
      receive();
    } while (received_ != before && end_.empty() && !closing_);
    if (end_.empty()) end_ = why;
  }

  void receive() {
    const ssize_t size = ::read(read_.get(), buffer_.data(), buffer_.size());
    if (size == 0) {
      end_ = "Chrome closed its end of the pipe";
    } else if (size > 0) {
      received_ += static_cast<std::size_t>(size);
      take({buffer_.data(), static_cast<std::size_t>(size)});
    } else if (errno != EAGAIN && errno != EINTR) {
      end_ = with_errno("cannot read what Chrome says");
    }
  }

  void take(std::string_view bytes) {
    while (!bytes.empty() && !closing_) {
      const std::size_t size = std::min(bytes.find('\0'), bytes.size());
      if (partial_.size() + size > limit_) {
        end_ = fmt::format("Chrome sent a message of more than {} bytes", limit_);
        return;
      }
      partial_.append(bytes.substr(0, size));
      if (size == bytes.size()) return;
      bytes.remove_prefix(size + 1);
      events_.message(std::exchange(partial_, {}));
    }
  }

  const std::size_t limit_;
  FileDescriptor read_;
  FileDescriptor write_;
  FileDescriptor wake_;
  Events events_;
  std::thread thread_;
  std::mutex closing_mutex_;  // one closer at a time waits for the thread
  std::atomic<std::thread::id> io_thread_;
  std::atomic<bool> closing_ = false;
  std::mutex mutex_;
  std::string queued_;     // guarded: what is sent and not yet taken
  bool overfull_ = false;  // guarded
  bool ended_ = false;     // guarded: nothing is taken any more
  // On the I/O thread:
  std::string outgoing_;
  std::size_t written_ = 0;
  std::vector<char> buffer_;
  std::size_t received_ = 0;  // bytes in all
  std::string partial_;       // the message that is coming
  std::string end_;           // why the connection ended, once it has
};

}  // namespace

std::unique_ptr<Transport> connect_pipe(FileDescriptor read, FileDescriptor write, std::size_t limit) {
  return std::make_unique<PipeTransport>(std::move(read), std::move(write), limit);
}

}  // namespace offstage::cdp
