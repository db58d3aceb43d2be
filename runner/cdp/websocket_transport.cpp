#include "base/error.h"
#include "base/text.h"
#include "cdp/transport.h"
#include "cdp/websocket_connection.h"

namespace offstage::cdp {

namespace {

class WebsocketTransport : public Transport {
 public:
  WebsocketTransport(const std::string& url, const Until& until) : connection_(url, largest_message) {
    connection_.open(until.deadline.at(), [&until] { return until.stop.stop_requested(); });
  }
  void start(Events events) override {
    connection_.start(std::move(events.message), std::move(events.closed));
  }
  void send(std::string message) override { connection_.send(message); }
  void close() noexcept override { connection_.close(); }

 private:
  WebsocketConnection connection_;
};

}  // namespace

std::unique_ptr<Transport> connect_websocket(const std::string& url, const Until& until) {
  try {
    return std::make_unique<WebsocketTransport>(url, until);
  } catch (const std::exception& error) {
    if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while connecting to Chrome");
    throw Error(
        Kind::browser,
        "cannot connect to the browser at " + printable(url, 300) + ": " + printable(error.what(), 300),
        "Check that the address is a DevTools websocket address and that the browser still runs.");
  }
}

}  // namespace offstage::cdp
