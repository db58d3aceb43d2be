// Compiled as C++17, with the definitions that websocketpp needs: see CMakeLists.txt.

#include "echo_server.h"

#include <thread>

#include <websocketpp/config/asio.hpp>
#include <websocketpp/server.hpp>

namespace offstage::test {

namespace asio = websocketpp::lib::asio;

struct EchoServer::State {
  using Server = websocketpp::server<websocketpp::config::asio_tls>;

  Server server;
  int port = 0;
  std::thread thread;
};

EchoServer::EchoServer(const std::string& certificate, const std::string& key)
    : state_(std::make_unique<State>()) {
  State::Server& server = state_->server;
  server.clear_access_channels(websocketpp::log::alevel::all);
  server.clear_error_channels(websocketpp::log::elevel::all);
  server.init_asio();
  server.set_max_message_size(std::size_t{256} << 20);
  server.set_tls_init_handler([certificate, key](const websocketpp::connection_hdl&) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->use_certificate_chain(asio::buffer(certificate));
    context->use_private_key(asio::buffer(key), asio::ssl::context::pem);
    return context;
  });
  server.set_message_handler(
      [&server](const websocketpp::connection_hdl& connection, const State::Server::message_ptr& message) {
        websocketpp::lib::error_code ignored;
        server.send(connection, message->get_payload(), message->get_opcode(), ignored);
      });
  server.listen(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  server.start_accept();
  websocketpp::lib::asio::error_code error;
  state_->port = server.get_local_endpoint(error).port();
  state_->thread = std::thread([&server] { server.run(); });
}

EchoServer::~EchoServer() {
  state_->server.stop();
  state_->thread.join();
}

int EchoServer::port() const {
  return state_->port;
}

}  // namespace offstage::test
