#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace offstage::test {

/// Debian's rabbitmq-server with its management pages, as a child process on loopback: an ordinary user, a
/// node name, ports and folders of its own. Ends, with everything that it started, with this object or with
/// the test program however that ends. One thread.
class RabbitmqServer {
 public:
  /// Whether the programs that it takes are on this machine.
  static bool installed();

  /// Starts it and waits until its management pages answer. Throws Error{internal} with its last words when
  /// they do not.
  RabbitmqServer();
  RabbitmqServer(const RabbitmqServer&) = delete;
  RabbitmqServer& operator=(const RabbitmqServer&) = delete;
  ~RabbitmqServer();

  int port() const { return port_; }  ///< of the management pages, on 127.0.0.1
  void add_user(const std::string& name, const std::string& password, const std::string& tags);
  /// The names of all users, as the server's own HTTP API tells them, sorted.
  std::vector<std::string> users() const;

 private:
  void write_configuration();
  void start(const std::vector<std::string>& command, pid_t& pid);
  void wait_until_it_answers();
  std::string last_words() const;

  TemporaryFolder folder_{"offstage-rabbitmq-test-"};
  int port_ = 0;
  int distribution_port_ = 0;
  int mapper_port_ = 0;
  pid_t mapper_ = -1;  ///< Erlang's port mapper
  pid_t server_ = -1;
};

}  // namespace offstage::test
