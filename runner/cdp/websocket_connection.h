#pragma once

// Plain C++17 on purpose: websocketpp does not compile as C++20, so this header stands between its one
// translation unit and the rest of the program.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace offstage::cdp {

/// One websocket, ws:// or wss:// (certificate and host name are checked against the system's authorities),
/// with one I/O thread of its own, on which the callbacks run. Messages that come before `start` are kept for
/// it.
class WebsocketConnection {
 public:
  /// Throws std::runtime_error when `url` is no websocket address.
  WebsocketConnection(const std::string& url, std::size_t largest_message);
  ~WebsocketConnection();
  WebsocketConnection(const WebsocketConnection&) = delete;
  WebsocketConnection& operator=(const WebsocketConnection&) = delete;

  /// Blocks until the other side has accepted. Throws std::runtime_error with the reason when it does not by
  /// then, or once `give_up` (asked every few milliseconds) says so.
  void open(std::chrono::steady_clock::time_point by, const std::function<bool()>& give_up);
  /// Once, after `open`. `closed` is called at most once, and not after `close`.
  void start(std::function<void(std::string)> message, std::function<void(std::string)> closed);
  void send(const std::string& message);
  /// Ends the connection and the thread; idempotent. On the I/O thread itself it only ends the connection.
  void close() noexcept;

  struct Implementation;

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace offstage::cdp
