#include "cdp/transcript_transport.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::cdp {

namespace {

/// Whether `actual` has everything that `wanted` has.
bool holds(const Json& actual, const Json& wanted) {
  if (!wanted.is_object()) return actual == wanted;
  if (!actual.is_object()) return false;
  for (const auto& [key, value] : wanted.items()) {
    const auto member = actual.find(key);
    if (member == actual.end() || !holds(*member, value)) return false;
  }
  return true;
}

}  // namespace

TranscriptTransport::TranscriptTransport(std::string_view script) {
  int number = 0;
  for (const std::string& text : split(script, '\n')) {
    ++number;
    const std::string_view line = trimmed(text);
    if (line.empty() || line.starts_with('#')) continue;
    Json entry = Json::parse(line, nullptr, false);
    if (!entry.is_object() || entry.size() != 1 ||
        !(member_of(entry, "send").is_object() || entry.contains("receive") ||
          member_of(entry, "close").is_string())) {
      throw Error(Kind::usage, fmt::format("transcript line {}: not a send, receive or close", number));
    }
    lines_.push_back(std::move(entry));
  }
}

TranscriptTransport::~TranscriptTransport() {
  TranscriptTransport::close();
}

void TranscriptTransport::start(Events events) {
  events_ = std::move(events);
  thread_ = std::thread([this] { play(); });
}

void TranscriptTransport::send(std::string message) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(Json::parse(message));
  }
  changed_.notify_all();
}

void TranscriptTransport::close() noexcept {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id()) thread_.join();
}

void TranscriptTransport::play() {
  while (!lines_.empty()) {
    const Json line = std::move(lines_.front());
    lines_.pop_front();
    if (!play_line(line)) return;
  }
  expect(Json());
}

/// Whether the play goes on.
bool TranscriptTransport::play_line(const Json& line) {
  if (line.contains("send")) return expect(line["send"]);
  if (line.contains("receive")) {
    tell(line["receive"]);
    return true;
  }
  end(line["close"].get<std::string>());
  return false;
}

/// Takes the client's next command and holds it against the script; null: there must be none.
bool TranscriptTransport::expect(const Json& wanted) {
  Json command;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || !commands_.empty(); });
    if (closing_) return false;
    command = std::move(commands_.front());
    commands_.pop_front();
  }
  Json compared = wanted;
  if (compared.is_object()) compared.erase("id");
  const bool same_session =
      !wanted.is_null() && command.value("sessionId", "") == wanted.value("sessionId", "");
  if (!same_session || !holds(command, compared)) {
    end(fmt::format("the transcript expects {}, not {}", wanted.is_null() ? "nothing more" : wanted.dump(),
                    command.dump()));
    return false;
  }
  if (wanted.contains("id")) ids_[wanted["id"].dump()] = command["id"];
  return true;
}

void TranscriptTransport::tell(Json message) {
  if (message.contains("id")) {
    const auto known = ids_.find(message["id"].dump());
    if (known != ids_.end()) message["id"] = known->second;
  }
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
  }
  events_.message(message.dump());
}

void TranscriptTransport::end(const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
  }
  events_.closed(reason);
}

}  // namespace offstage::cdp
