#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/deadline.h"
#include "base/json.h"
#include "cdp/transport.h"

namespace offstage::cdp {

/// What became of one command. Chrome answers none of crash, close, dialog and death: the client does.
struct Reply {
  enum class Outcome {
    result,        ///< Chrome answered; `result` holds it
    refused,       ///< Chrome answered with an error; `message` and `code` hold it
    crashed,       ///< the renderer of the session's target died
    detached,      ///< the target closed, or the session was detached
    dialog,        ///< a JavaScript dialog opened and holds the page until somebody handles it
    disconnected,  ///< the browser died or the connection broke
    late,          ///< no answer by the deadline
    stopped,       ///< the caller's stop token was triggered
  };
  Outcome outcome = Outcome::result;
  Json result;
  std::string message;
  int code = 0;

  bool ok() const { return outcome == Outcome::result; }
};

class Session;

/// A command on its way. Movable; dropping it forgets the answer.
class Call {
 public:
  struct State;  // shared with the client
  explicit Call(std::shared_ptr<State> state) : state_(std::move(state)) {}
  /// Blocks for the answer. Never throws for what Chrome says: that is in the Reply. Asked again, it gives
  /// the same reply. Must not be called on the I/O thread.
  Reply wait(const Until& until);

 private:
  std::shared_ptr<State> state_;
};

/// Ends a subscription when destroyed: after that the handler is not running and never runs again (unless it
/// is destroyed from inside the handler itself). Movable.
class Subscription {
 public:
  Subscription() = default;
  explicit Subscription(std::function<void()> cancel) : cancel_(std::move(cancel)) {}
  Subscription(Subscription&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}
  Subscription& operator=(Subscription&& other) noexcept;
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription();

 private:
  std::function<void()> cancel_;
};

/// Called on the I/O thread: it must not block and must not wait for a command; it may `post`.
using EventHandler = std::function<void(const Json& params)>;

class Connection;  // the client's inside: connection.h

/// A DevTools connection in flat mode: numbers the commands, matches the answers, hands out the events by
/// session, and completes every pending command itself when Chrome never will. Thread-safe.
class Client {
 public:
  explicit Client(std::unique_ptr<Transport> transport);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The session of the browser itself.
  Session& root();
  /// The session with that id, as Target.attachedToTarget announced it; the same object each time, until it
  /// detaches. Ask for it inside the handler of that event, or events that follow at once may be missed.
  std::shared_ptr<Session> session(const std::string& id);
  /// Called once, on the I/O thread, when the connection ends other than by `close`.
  Subscription on_disconnect(std::function<void(std::string reason)> handler);
  bool connected() const;
  void close() noexcept;

  /// Commands sent so far, and waits for an answer so far (sequential round trips): for tests and benchmarks.
  struct Counts {
    long commands = 0;
    long waits = 0;
  };
  Counts counts() const;

 private:
  std::shared_ptr<Connection> connection_;
};

/// One target's side of the connection. Thread-safe. Outlives its client harmlessly: its commands then fail
/// as disconnected.
class Session {
 public:
  struct State;  // shared with the client; guarded by the client's mutex
  explicit Session(std::shared_ptr<State> state) : state_(std::move(state)) {}

  /// Empty for the browser itself.
  const std::string& id() const;
  /// The session that Target.attachedToTarget announced on this one; as Client::session. Nothing when the
  /// client is gone.
  std::shared_ptr<Session> attached(const std::string& id);
  /// Sends without waiting; several in a row go out as one batch of a single round trip.
  Call send(std::string_view method, Json params = Json::object());
  /// Sends and forgets the answer: for event handlers.
  void post(std::string_view method, Json params = Json::object());
  /// Sends, and calls `then` once with what became of it: on the I/O thread (it must not block) or, when the
  /// session is gone already, at once on the caller's. For event handlers that need an answer.
  void ask(std::string_view method, Json params, std::function<void(const Reply&)> then);
  /// Sends and waits; any outcome but a result is thrown: crashed, detached, disconnected as Error{browser},
  /// late as Error{unreachable}, refused and dialog as Error{drift} with Chrome's words, stopped as
  /// Error{interrupted}.
  Json call(std::string_view method, Json params, const Until& until);
  /// Handlers of one event run in the order in which they subscribed, before the client itself acts on it.
  Subscription on(std::string_view event, EventHandler handler);
  /// Whether the target is gone (crashed, detached or disconnected): every further command fails at once.
  bool gone() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace offstage::cdp
