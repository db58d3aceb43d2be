#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cdp/client.h"

namespace offstage::cdp {

/// The two sides of one command: the caller waits here, the connection completes it. Thread-safe.
struct Call::State {
  /// The first completion counts; later ones are dropped.
  void complete(Reply reply);
  Reply wait(const Until& until);

  std::string method;
  std::weak_ptr<Connection> connection;    // counts the wait
  std::function<void(const Reply&)> then;  // set before it is sent

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Reply> reply_;
};

/// One handler that somebody subscribed. The recursive mutex makes `cancel` wait for a running handler, but
/// not for itself when the handler cancels its own subscription.
class Handler {
 public:
  explicit Handler(EventHandler run) : run_(std::move(run)) {}
  void operator()(const Json& params);
  void cancel();
  bool cancelled() const;

 private:
  mutable std::recursive_mutex mutex_;
  EventHandler run_;
  bool cancelled_ = false;
};

struct Session::State {
  std::weak_ptr<Connection> connection;
  std::string id;
  // All below: guarded by the connection's mutex.
  std::string target;  // the target's id, once attachedToTarget told it
  std::string parent;  // the session on which it was announced
  std::optional<Reply::Outcome> gone;
  bool dialog = false;
  std::map<std::string, std::vector<std::shared_ptr<Handler>>, std::less<>> handlers;
};

/// What client, sessions and calls share: the commands on their way, the sessions, and the rules by which
/// commands are completed that Chrome will never answer. Thread-safe; `receive` and `lose` run on the
/// transport's I/O thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}
  void start();
  void close() noexcept;

  /// `keep`: the answer is wanted. With `then` the connection itself keeps the call until it is complete.
  std::shared_ptr<Call::State> send(Session::State& session, std::string_view method, Json params, bool keep,
                                    std::function<void(const Reply&)> then = {});
  std::shared_ptr<Session> session(const std::string& id);
  Session& root() { return *root_; }
  Subscription subscribe(const std::shared_ptr<Session::State>& session, std::string_view event,
                         EventHandler run);
  Subscription on_disconnect(std::function<void(std::string)> run);
  bool gone(const Session::State& session) const;
  bool connected() const;
  Client::Counts counts() const;
  void count_wait();

 private:
  struct Pending {
    std::weak_ptr<Call::State> call;
    std::string session;
    std::string method;
    std::shared_ptr<Call::State> kept;  // one that nobody else holds
  };
  using Completion = std::pair<std::shared_ptr<Call::State>, Reply>;

  void receive(const std::string& text);
  void answer(const Json& message);
  void event(const Json& message);
  void lose(const std::string& reason);

  // With the mutex held.
  void note_attached(const std::string& parent, const Json& params);
  void apply(const std::string& session, const std::string& method, const Json& params,
             std::vector<Completion>& done);
  void end_session(const std::string& id, Reply::Outcome outcome, std::vector<Completion>& done);
  void end_target(const std::string& target, Reply::Outcome outcome, std::vector<Completion>& done);
  void set_dialog(const std::string& id, bool open, std::vector<Completion>& done);
  void complete_pending(const std::string& session, Reply::Outcome outcome, bool only_held,
                        std::vector<Completion>& done);
  std::vector<std::string> children(const std::string& id) const;

  std::unique_ptr<Transport> transport_;
  std::shared_ptr<Session::State> root_state_;
  std::shared_ptr<Session> root_;
  mutable std::mutex mutex_;
  bool connected_ = true;
  int last_id_ = 0;
  Client::Counts counts_;
  std::map<int, Pending> pending_;
  struct Known {
    std::shared_ptr<Session::State> state;
    std::shared_ptr<Session> session;
  };
  std::map<std::string, Known> sessions_;
  std::vector<std::shared_ptr<Handler>> disconnect_handlers_;
};

/// Whether a JavaScript dialog keeps Chrome from answering that command. What only the browser process
/// handles is answered all the same.
bool held_by_dialog(std::string_view method);

}  // namespace offstage::cdp
