#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/json.h"
#include "cdp/transport.h"

namespace offstage::cdp {

/// A conversation with Chrome written down beforehand, one JSON object a line:
///
///     {"send": {"id": 1, "method": "Page.navigate", "params": {"url": "https://a.test/"}}}
///     {"receive": {"id": 1, "result": {}}}
///     {"receive": {"method": "Inspector.targetCrashed", "sessionId": "S"}}
///     {"close": "Chrome died"}
///
/// Played line by line: a `send` waits for the command that the client sends next, which must have that
/// method, that session and at least those params; the script's ids stand for the client's. Empty lines and
/// lines that start with # are left out. A command that is not expected closes the connection. What the other
/// side answers to a command is only what the script says: nothing, if it says nothing.
class TranscriptTransport : public Transport {
 public:
  /// Throws Error{usage} naming the line of `script` that is no such object.
  explicit TranscriptTransport(std::string_view script);
  ~TranscriptTransport() override;

  void start(Events events) override;
  void send(std::string message) override;
  void close() noexcept override;

 private:
  void play();
  bool play_line(const Json& line);
  bool expect(const Json& wanted);
  void tell(Json message);
  void end(const std::string& reason);

  std::deque<Json> lines_;
  Events events_;
  std::map<std::string, Json> ids_;  // the script's ids to the client's
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Json> commands_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace offstage::cdp
