#pragma once

// Plain C++17 on purpose, as cdp/websocket_connection.h: websocketpp does not compile as C++20.

#include <memory>
#include <string>

namespace offstage::test {

/// A websocket server on a free port of loopback, over TLS, that sends every message back. Ends with its
/// object.
class EchoServer {
 public:
  /// The server's certificate and key, as PEM texts. Throws std::exception when it cannot serve.
  EchoServer(const std::string& certificate, const std::string& key);
  ~EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  int port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace offstage::test
