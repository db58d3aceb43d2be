// Compiled as C++17, with the definitions that websocketpp needs: see floor.cmake.

#include "cdp/websocket_connection.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>

namespace offstage::cdp {

/// What both kinds of socket share: the callbacks and what came before they were known.
struct WebsocketConnection::Implementation {
  virtual ~Implementation() = default;
  virtual void connect() = 0;
  virtual void send(const std::string& message) = 0;
  virtual void stop() noexcept = 0;

  void opened() {
    const std::lock_guard<std::mutex> lock(mutex);
    is_open = true;
    changed.notify_all();
  }

  void ended(const std::string& why) {
    std::unique_lock<std::mutex> lock(mutex);
    if (has_ended) return;
    has_ended = true;
    reason = why;
    changed.notify_all();
    if (on_closed && !closing) {
      const auto tell = on_closed;
      lock.unlock();
      tell(why);
    }
  }

  void received(std::string message) {
    std::unique_lock<std::mutex> lock(mutex);
    if (closing) return;
    if (!on_message) {
      early.push_back(std::move(message));
      return;
    }
    const auto tell = on_message;
    lock.unlock();
    tell(std::move(message));
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = false;
  bool has_ended = false;
  bool closing = false;
  std::string reason;
  std::vector<std::string> early;
  std::function<void(std::string)> on_message;
  std::function<void(std::string)> on_closed;
  std::thread thread;
};

namespace {

template <typename Config>
struct Socket : WebsocketConnection::Implementation {
  using Client = websocketpp::client<Config>;

  Socket(const std::string& url, std::size_t largest_message) {
    client.clear_access_channels(websocketpp::log::alevel::all);
    client.clear_error_channels(websocketpp::log::elevel::all);
    client.init_asio();
    client.set_max_message_size(largest_message);
    if constexpr (std::is_same_v<Config, websocketpp::config::asio_tls_client>)
      use_tls(websocketpp::uri(url).get_host());
    websocketpp::lib::error_code error;
    connection = client.get_connection(url, error);
    if (error) throw std::runtime_error(error.message());
    watch();
  }

  void use_tls(const std::string& host) {
    namespace ssl = websocketpp::lib::asio::ssl;
    // Called while the connection is being made: there is none to ask for the host yet.
    client.set_tls_init_handler([this, host](const websocketpp::connection_hdl&) {
      auto context = websocketpp::lib::make_shared<ssl::context>(ssl::context::tls_client);
      context->set_default_verify_paths();
      context->set_verify_mode(ssl::verify_peer);
      context->set_verify_callback([this, host, names_host = ssl::host_name_verification(host)](
                                       bool trusted, ssl::verify_context& seen) {
        if (names_host(trusted, seen)) return true;
        distrust = trusted
                       ? "its certificate is not for " + host
                       : std::string("its certificate is not trusted: ") +
                             X509_verify_cert_error_string(X509_STORE_CTX_get_error(seen.native_handle()));
        return false;
      });
      return context;
    });
  }

  void watch() {
    connection->set_open_handler([this](const websocketpp::connection_hdl&) {
      websocketpp::lib::asio::error_code ignored;
      // Commands are small and somebody waits for each: they must not wait for one another.
      connection->get_raw_socket().set_option(websocketpp::lib::asio::ip::tcp::no_delay(true), ignored);
      opened();
    });
    connection->set_fail_handler([this](const websocketpp::connection_hdl&) {
      ended(distrust.empty() ? connection->get_ec().message() : distrust);
    });
    connection->set_close_handler([this](const websocketpp::connection_hdl&) {
      const std::string words = connection->get_remote_close_reason();
      ended(words.empty() ? connection->get_ec().message() : words);
    });
    connection->set_message_handler(
        [this](const websocketpp::connection_hdl&, const typename Client::message_ptr& message) {
          received(std::move(message->get_raw_payload()));
        });
  }

  void connect() override {
    client.connect(connection);
    thread = std::thread([this] {
      try {
        client.run();
        ended("the connection was closed");
      } catch (const std::exception& error) {
        ended(error.what());
      }
    });
  }

  void send(const std::string& message) override {
    // An error means that the connection is ending: the close handler tells of it.
    connection->send(message, websocketpp::frame::opcode::text);
  }

  void stop() noexcept override { client.stop(); }

  Client client;
  typename Client::connection_ptr connection;
  std::string distrust;  // why the other side's certificate does not do, if so; on the I/O thread
};

}  // namespace

WebsocketConnection::WebsocketConnection(const std::string& url, std::size_t largest_message) {
  const websocketpp::uri address(url);
  if (!address.get_valid() || (address.get_scheme() != "ws" && address.get_scheme() != "wss")) {
    throw std::runtime_error("not a websocket address");
  }
  if (address.get_secure()) {
    implementation_ = std::make_unique<Socket<websocketpp::config::asio_tls_client>>(url, largest_message);
  } else {
    implementation_ = std::make_unique<Socket<websocketpp::config::asio_client>>(url, largest_message);
  }
}

WebsocketConnection::~WebsocketConnection() {
  close();
}

void WebsocketConnection::open(std::chrono::steady_clock::time_point by,
                               const std::function<bool()>& give_up) {
  implementation_->connect();
  std::unique_lock<std::mutex> lock(implementation_->mutex);
  while (!implementation_->is_open) {
    if (implementation_->has_ended) throw std::runtime_error(implementation_->reason);
    if (std::chrono::steady_clock::now() >= by) throw std::runtime_error("no answer in time");
    if (give_up()) throw std::runtime_error("stopped");
    implementation_->changed.wait_for(lock, std::chrono::milliseconds(20));
  }
}

void WebsocketConnection::start(std::function<void(std::string)> message,
                                std::function<void(std::string)> closed) {
  std::vector<std::string> early;
  {
    const std::lock_guard<std::mutex> lock(implementation_->mutex);
    early.swap(implementation_->early);
  }
  for (std::string& each : early)
    message(std::move(each));
  std::unique_lock<std::mutex> lock(implementation_->mutex);
  implementation_->on_message = std::move(message);
  implementation_->on_closed = std::move(closed);
  if (implementation_->has_ended && !implementation_->closing) {
    lock.unlock();
    implementation_->on_closed(implementation_->reason);
  }
}

void WebsocketConnection::send(const std::string& message) {
  implementation_->send(message);
}

void WebsocketConnection::close() noexcept {
  {
    const std::lock_guard<std::mutex> lock(implementation_->mutex);
    implementation_->closing = true;
  }
  implementation_->stop();
  std::thread& thread = implementation_->thread;
  if (thread.joinable() && thread.get_id() != std::this_thread::get_id()) thread.join();
}

}  // namespace offstage::cdp
