#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "cdp/client.h"
#include "cdp/transport.h"

namespace offstage::test {

/// The other side of a DevTools connection, played by a test in its own thread: it says what commands answer,
/// sends events when it likes, and keeps what was sent. For tests of what listens to Chrome; conversations
/// whose order matters use the transcript transport.
class FakeChrome : public cdp::Transport {
 public:
  struct Command {
    std::string session;
    std::string method;
    Json params;
  };
  using Answer = std::function<Json(const Json& params)>;

  /// What a command answers from now on; commands without one answer {}.
  void answer(const std::string& method, Answer answer) { answers_[method] = std::move(answer); }
  /// That command is never answered.
  void ignore(const std::string& method) { answers_[method] = nullptr; }
  /// That command is refused with these words.
  void refuse(const std::string& method, const std::string& words) { refusals_[method] = words; }
  void emit(const std::string& session, const std::string& method, Json params) {
    events_.message(Json{{"method", method}, {"sessionId", session}, {"params", std::move(params)}}.dump());
  }
  std::vector<Command> sent(const std::string& method) const {
    const std::lock_guard lock(mutex_);
    std::vector<Command> list;
    for (const Command& command : sent_) {
      if (command.method == method) list.push_back(command);
    }
    return list;
  }

  void start(Events events) override { events_ = std::move(events); }
  void send(std::string message) override {
    const Json command = Json::parse(message);
    const std::string method = command.at("method");
    const std::string session = command.value("sessionId", "");
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back({session, method, command.at("params")});
    }
    Json reply = {{"id", command.at("id")}, {"sessionId", session}};
    if (refusals_.contains(method)) {
      reply["error"] = {{"code", -32000}, {"message", refusals_[method]}};
    } else if (!answers_.contains(method)) {
      reply["result"] = Json::object();
    } else if (answers_[method]) {
      reply["result"] = answers_[method](command.at("params"));
    } else {
      return;
    }
    events_.message(reply.dump());
  }
  void close() noexcept override {}

 private:
  Events events_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, std::string> refusals_;
  mutable std::mutex mutex_;
  std::vector<Command> sent_;
};

/// A client that talks to a FakeChrome, and the session "S" of a page there.
struct FakeConnection {
  FakeConnection() {
    auto transport = std::make_unique<FakeChrome>();
    chrome = transport.get();
    client = std::make_unique<cdp::Client>(std::move(transport));
    page = client->session("S");
  }
  FakeChrome* chrome = nullptr;  // owned by the client
  std::unique_ptr<cdp::Client> client;
  std::shared_ptr<cdp::Session> page;
};

}  // namespace offstage::test
