#pragma once

#include <memory>
#include <string>

#include "base/deadline.h"
#include "console/heroku/practice.h"

namespace offstage::practice_heroku {

/// Answers for a Practice over TLS on 127.0.0.1, on threads of its own, until it is destroyed.
class Server {
 public:
  /// Binds `port` (0: any that is free) and starts to answer; each answer waits `latency` first. `practice`
  /// must outlive the server. Throws Error{usage} when the port is taken.
  Server(Practice& practice, int port, Milliseconds latency);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Closes every connection and waits for the threads; well under a second.
  ~Server();

  int port() const;
  /// The hash of the key, for Chrome's --ignore-certificate-errors-spki-list.
  const std::string& spki_hash() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace offstage::practice_heroku
