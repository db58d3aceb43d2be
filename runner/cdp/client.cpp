#include "cdp/client.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cdp/connection.h"

namespace offstage::cdp {

namespace {

[[noreturn]] void fail(std::string_view method, const Reply& reply) {
  using Outcome = Reply::Outcome;
  const std::string words = printable(reply.message, 500);
  switch (reply.outcome) {
    case Outcome::crashed:
      throw Error(Kind::browser, fmt::format("the page crashed during {}", method),
                  "If pages crash again and again, Chrome may be short of memory: see `offstage doctor`.");
    case Outcome::detached:
      throw Error(Kind::browser, fmt::format("the page was closed during {}", method));
    case Outcome::disconnected:
      throw Error(Kind::browser, fmt::format("the connection to Chrome ended during {}{}{}", method,
                                             words.empty() ? "" : ": ", words));
    case Outcome::late:
      throw Error(Kind::unreachable, fmt::format("Chrome did not answer {} in time", method));
    case Outcome::stopped:
      throw Error(Kind::interrupted, fmt::format("stopped while waiting for {}", method));
    case Outcome::dialog:
      throw Error(Kind::drift, fmt::format("a JavaScript dialog opened during {}", method),
                  "A script must declare the dialogs that it expects with a `dialog` step.");
    case Outcome::refused:
    case Outcome::result:
      break;
  }
  throw Error(Kind::drift, fmt::format("Chrome refused {}: {}", method, words));
}

}  // namespace

Client::Client(std::unique_ptr<Transport> transport)
    : connection_(std::make_shared<Connection>(std::move(transport))) {
  connection_->start();
}

Client::~Client() {
  close();
}

Session& Client::root() {
  return connection_->root();
}

std::shared_ptr<Session> Client::session(const std::string& id) {
  return connection_->session(id);
}

Subscription Client::on_disconnect(std::function<void(std::string reason)> handler) {
  return connection_->on_disconnect(std::move(handler));
}

bool Client::connected() const {
  return connection_->connected();
}

void Client::close() noexcept {
  connection_->close();
}

Client::Counts Client::counts() const {
  return connection_->counts();
}

const std::string& Session::id() const {
  return state_->id;
}

std::shared_ptr<Session> Session::attached(const std::string& id) {
  const std::shared_ptr<Connection> connection = state_->connection.lock();
  return connection ? connection->session(id) : nullptr;
}

Call Session::send(std::string_view method, Json params) {
  if (const std::shared_ptr<Connection> connection = state_->connection.lock()) {
    return Call(connection->send(*state_, method, std::move(params), true));
  }
  auto call = std::make_shared<Call::State>();
  Reply reply;
  reply.outcome = Reply::Outcome::disconnected;
  call->complete(std::move(reply));
  return Call(std::move(call));
}

void Session::post(std::string_view method, Json params) {
  if (const std::shared_ptr<Connection> connection = state_->connection.lock()) {
    connection->send(*state_, method, std::move(params), false);
  }
}

void Session::ask(std::string_view method, Json params, std::function<void(const Reply&)> then) {
  if (const std::shared_ptr<Connection> connection = state_->connection.lock()) {
    connection->send(*state_, method, std::move(params), true, std::move(then));
    return;
  }
  Reply reply;
  reply.outcome = Reply::Outcome::disconnected;
  then(reply);
}

Json Session::call(std::string_view method, Json params, const Until& until) {
  Reply reply = send(method, std::move(params)).wait(until);
  if (!reply.ok()) fail(method, reply);
  return std::move(reply.result);
}

Subscription Session::on(std::string_view event, EventHandler handler) {
  if (const std::shared_ptr<Connection> connection = state_->connection.lock()) {
    return connection->subscribe(state_, event, std::move(handler));
  }
  return {};
}

bool Session::gone() const {
  const std::shared_ptr<Connection> connection = state_->connection.lock();
  return !connection || connection->gone(*state_);
}

}  // namespace offstage::cdp
