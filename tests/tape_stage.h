#pragma once

#include <string>
#include <utility>
#include <variant>

#include "recording/tape.h"

namespace offstage::recording {

/// Builds a recording exchange by exchange, counting epochs as a recorder does, and asks a tape of it. The
/// address of everything is below https://a.test.
class TapeStage {
 public:
  /// Records a request and the body of its answer; the next ones are recorded after its answer.
  Exchange& record(const std::string& method, const std::string& path, const std::string& answer) {
    Exchange exchange;
    exchange.method = method;
    exchange.url = "https://a.test" + path;
    exchange.status = 200;
    exchange.response_body = answer;
    exchange.mutation = method != "GET" && method != "OPTIONS";
    exchange.epoch = epoch_;
    if (exchange.mutation) ++epoch_;
    recording.exchanges.push_back(std::move(exchange));
    return recording.exchanges.back();
  }

  Tape& tape() {
    if (!tape_) tape_.emplace(recording, rules);
    return *tape_;
  }

  /// What a request gets: the body of the answer, or the word for the miss.
  std::string ask(const std::string& method, const std::string& path, Headers headers = {},
                  std::optional<std::string> body = {}) {
    return told(
        tape().answer({method, "https://a.test" + path, std::move(headers), std::move(body), "Fetch"}));
  }

  static std::string told(const std::variant<Answer, Miss>& found) {
    if (const Answer* answer = std::get_if<Answer>(&found))
      return answer->exchange.status == 0 ? answer->exchange.failure : answer->exchange.response_body;
    constexpr const char* words[] = {"unknown", "consumed", "out of order", "later", "cookies"};
    return std::string("miss: ") + words[static_cast<int>(std::get<Miss>(found).why)];
  }

  std::string last_miss() { return tape().misses().back().explain(); }

  Recording recording;
  TrafficRules rules;

 private:
  int epoch_ = 0;
  std::optional<Tape> tape_;
};

inline const Headers json_type = {{"Content-Type", "application/json"}};

}  // namespace offstage::recording
