// A conversation with a Chrome that says anything: what the connection, the listeners of a page, a capture
// and the readers of in-page answers make of it. Nothing crashes, every command comes to an end, and whoever
// waits gets an answer or an Error. A line of the input is
//
//     {"method": …}               a message from Chrome, well-formed or not
//     ? METHOD "result": {…}      what the next such command is answered (put behind its id as it stands)
//     + METHOD {"method": …}      a message that comes before that answer
//     ! OPERATION REST            something that a caller does, see `operate`
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "browser/dialogs.h"
#include "browser/frames.h"
#include "browser/in_flight.h"
#include "browser/inpage.h"
#include "browser/navigation.h"
#include "browser/request_gate.h"
#include "browser/targets.h"
#include "cdp/client.h"
#include "cdp/message.h"
#include "fuzz/require.h"
#include "recording/capture.h"

using namespace offstage;
using fuzz::require;

namespace {

/// Long enough for what has been said already.
Until soon() {
  return Until::in(Milliseconds{0});
}

/// The other side. It answers where it is spoken to, but never within one of its own callbacks, as a
/// transport with a thread of its own never does.
class Wire : public cdp::Transport {
 public:
  void answer(const std::string& method, std::string body) { answers_[method].push_back(std::move(body)); }
  void before(const std::string& method, std::string message) {
    before_[method].push_back(std::move(message));
  }

  void start(Events events) override { events_ = std::move(events); }
  void send(std::string message) override {
    const Json command = Json::parse(message);
    const std::string method = command.at("method");
    require(command.at("params").is_structured(), "a command has params");
    for (std::string& each : before_[method])
      waiting_.push_back(std::move(each));
    before_[method].clear();
    if (std::deque<std::string>& bodies = answers_[method]; !bodies.empty()) {
      waiting_.push_back("{\"id\":" + command.at("id").dump() + "," + bodies.front() + "}");
      bodies.pop_front();
    }
    if (!inside_) run();
  }
  void close() noexcept override { closed_ = true; }

  void say(std::string message) {
    waiting_.push_back(std::move(message));
    run();
  }

 private:
  void run() {
    inside_ = true;
    while (!waiting_.empty() && !closed_) {
      const std::string message = std::move(waiting_.front());
      waiting_.pop_front();
      try {
        events_.message(message);
      } catch (const std::exception& error) {
        // As the transports do.
        closed_ = true;
        events_.closed(error.what());
      }
    }
    inside_ = false;
  }

  Events events_;
  std::map<std::string, std::deque<std::string>> answers_;
  std::map<std::string, std::deque<std::string>> before_;
  std::deque<std::string> waiting_;
  bool inside_ = false;
  bool closed_ = false;
};

/// All that listens to a page "S", whose main frame is "MAIN".
class Scene {
 public:
  Scene() {
    auto wire = std::make_unique<Wire>();
    wire_ = wire.get();
    client_ = std::make_unique<cdp::Client>(std::move(wire));
    page_ = client_->session("S");
    monitor_ = std::make_shared<browser::Monitor>(page_);
    frames_ = std::make_shared<browser::Frames>(monitor_, page_, "MAIN");
    dialogs_ = std::make_unique<browser::Dialogs>(monitor_);
    in_flight_ = std::make_unique<browser::InFlight>(monitor_);
    navigation_ = std::make_unique<browser::Navigation>(monitor_, page_, "MAIN", *dialogs_, *in_flight_);
    targets_ = std::make_unique<browser::Targets>(client_->root());
    listen(dialogs_->listen(page_));
    listen(frames_->listen(page_));
    listen(in_flight_->listen(page_));
    listen(navigation_->listen());
    gate_ = std::make_shared<browser::GateState>(
        monitor_, [](const std::string&, const std::string& url, const std::string&) {
          return url.find("yes") != std::string::npos;
        });
    capture_->on_attached({browser::AttachedTarget::What::page, "MAIN", page_});
    subscriptions_.push_back(page_->on("Fetch.requestPaused", [this](const Json& params) {
      if (recording::is_response(params)) return capture_->on_response(page_, params);
      capture_->on_request(page_, params);
    }));
  }

  void line(std::string_view text) {
    const std::size_t first = text.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
    if (second == std::string_view::npos || first != 1) return wire_->say(std::string(text));
    const std::string word(text.substr(2, second - 2));
    std::string rest(text.substr(second + 1));
    if (text[0] == '?') {
      wire_->answer(word, std::move(rest));
    } else if (text[0] == '+') {
      wire_->before(word, std::move(rest));
    } else if (text[0] == '!') {
      try {
        operate(word, rest);
      } catch (const Error&) {
        return;
      }
    } else {
      wire_->say(std::string(text));
    }
  }

  void end() {
    client_->close();
    for (cdp::Call& call : calls_)
      require(call.wait(soon()).outcome != cdp::Reply::Outcome::late, "every command comes to an end");
    require(asked_ == answered_, "whoever asks is answered once");
  }

 private:
  void listen(std::vector<cdp::Subscription> list) {
    for (cdp::Subscription& each : list)
      subscriptions_.push_back(std::move(each));
  }

  void operate(const std::string& word, const std::string& rest) {
    const auto fenced = [](const std::string& url) { return url.find("no") != std::string::npos; };
    if (word == "send") calls_.push_back(page_->send(rest));
    if (word == "send-root") calls_.push_back(client_->root().send(rest));
    if (word == "send-to") calls_.push_back(client_->session(rest)->send("Runtime.evaluate"));
    if (word == "call") page_->call(rest, Json::object(), soon());
    if (word == "ask") {
      ++asked_;
      page_->ask(rest, Json::object(), [this](const cdp::Reply&) { ++answered_; });
    }
    if (word == "go") navigation_->go(rest, fenced, soon());
    if (word == "reload") navigation_->reload(soon());
    if (word == "close") navigation_->close(soon());
    if (word == "accept") dialogs_->handle(true, rest, soon());
    if (word == "gate") gate_->cover(page_);
    if (word == "open") gate_->open();
    if (word == "shut") gate_->shut();
    if (word == "answered") gate_->wait_for_answer(soon());
    if (word == "move") frames_->move_to(rest, "https://b.test/", client_->session("T"));
    if (word == "drop") frames_->drop(rest);
    if (word == "finish") {
      recording::Recording recording;
      capture_->finish(recording, recording::TrafficRules{}, soon());
    }
    if (word == "look") look(rest);
    if (word == "parse") parse(rest);
  }

  void look(const std::string& path) {
    browser::FramePath frame;
    for (const char c : path)
      frame.push_back(c - '0');
    if (const auto dialog = dialogs_->current()) static_cast<void>(browser::describe(*dialog));
    for (const std::string& line : in_flight_->describe())
      require(printable(line) == line, "what is under way is told in printable lines");
    static_cast<void>(frames_->stamp(frame));
    static_cast<void>(frames_->main_url());
    static_cast<void>(targets_->at("https://a.test/"));
    static_cast<void>(gate_->exchanges(true));
    browser::FrameNavigationWatch(frames_, frame).wait(soon());
    frames_->world(frame, browser::Realm::isolated, soon());
  }

  /// What the in-page script is said to have answered, as every one of its operations.
  static void parse(const std::string& text) {
    namespace inpage = browser::inpage;
    const Json reply = cdp::parse_message(text);
    if (!reply.is_object() || !inpage::installed(reply)) return;
    const std::vector<std::function<void()>> readers{
        [&] { inpage::parse_point(reply); },       [&] { inpage::parse_disarm(reply); },
        [&] { inpage::parse_frame_point(reply); }, [&] { inpage::parse_fill(reply); },
        [&] { inpage::parse_filled(reply); },      [&] { inpage::parse_wait(reply); },
        [&] { inpage::parse_check(reply); },       [&] { inpage::parse_text(reply); },
        [&] { inpage::parse_extract(reply); },     [&] { inpage::parse_scroll(reply); },
        [&] { inpage::parse_mask(reply); },        [&] { inpage::parse_html(reply); },
        [&] { inpage::parse_verdict(text); },      [&] { inpage::parse_verdict(text_of(reply, "payload")); }};
    for (const std::function<void()>& read : readers) {
      try {
        read();
      } catch (const Error&) {
        continue;
      }
    }
  }

  Wire* wire_ = nullptr;  // owned by the client
  std::unique_ptr<cdp::Client> client_;
  std::shared_ptr<cdp::Session> page_;
  std::shared_ptr<browser::Monitor> monitor_;
  std::shared_ptr<browser::Frames> frames_;
  std::unique_ptr<browser::Dialogs> dialogs_;
  std::unique_ptr<browser::InFlight> in_flight_;
  std::unique_ptr<browser::Navigation> navigation_;
  std::unique_ptr<browser::Targets> targets_;
  std::shared_ptr<browser::GateState> gate_;
  std::shared_ptr<recording::Capture> capture_ = std::make_shared<recording::Capture>();
  std::vector<cdp::Call> calls_;
  int asked_ = 0;
  int answered_ = 0;
  std::vector<cdp::Subscription> subscriptions_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Scene scene;
  for (const std::string& line : split({reinterpret_cast<const char*>(bytes), size}, '\n'))
    scene.line(line);
  scene.end();
  return 0;
}
