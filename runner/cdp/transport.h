#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/file.h"

namespace offstage::cdp {

/// Carries whole DevTools Protocol messages and knows nothing of what is in them. The callbacks run on the
/// transport's own I/O thread and must not block. `start` is called once; `send` from any thread; `close` is
/// idempotent, and after it (or after `closed`) no callback runs again.
class Transport {
 public:
  struct Events {
    std::function<void(std::string message)> message;
    /// The other side is gone, and why; called at most once, and not after `close()`.
    std::function<void(std::string reason)> closed;
  };

  virtual ~Transport() = default;
  virtual void start(Events events) = 0;
  virtual void send(std::string message) = 0;
  virtual void close() noexcept = 0;
};

/// Messages larger than this end the connection: room for one large body, not for running out of memory.
inline constexpr std::size_t largest_message = std::size_t{256} << 20;

/// Connects to a DevTools websocket address (ws:// or wss://). Throws Error{browser} when nobody answers by
/// then.
std::unique_ptr<Transport> connect_websocket(const std::string& url, const Until& until);

/// Talks over two pipes, as Chrome does with --remote-debugging-pipe: what is sent goes to `write`, what
/// comes is read from `read`, each message ended by a null byte (JSON holds none), and the end of `read` is
/// the end of the browser. Owns both ends and closes them in `close`. `send` never waits: what the other side
/// does not read yet is kept. The connection ends at a message of more than `limit` bytes, and when so many
/// wait to be read. Messages that come before `start` stay in the pipe for it. A broken pipe raises no
/// signal. Throws Error{browser} when the system has no descriptors left.
std::unique_ptr<Transport> connect_pipe(FileDescriptor read, FileDescriptor write,
                                        std::size_t limit = largest_message);

}  // namespace offstage::cdp
