#include <future>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/text.h"
#include "cdp/transport.h"
#include "tls_server.h"

namespace offstage::websocket_test {

using namespace cdp;
using test::TlsServer;

namespace {

Until soon() {
  return Until::in(Milliseconds(20'000));
}

/// What the connector says when it does not connect; nothing when it does.
std::string refusal(const std::string& address) {
  try {
    connect_websocket(address, soon());
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::browser);
    return ascii_lower(error.message());
  }
  return "";
}

}  // namespace

TEST_CASE("messages pass over wss, small and large, where certificate and host name are right",
          "[websocket]") {
  TlsServer tls("localhost");
  tls.trust();
  for (const char* host : {"localhost", "127.0.0.1"}) {
    CAPTURE(host);
    std::promise<void> all;
    std::vector<std::string> echoes;
    const auto transport = connect_websocket(tls.address(host), soon());
    transport->start({.message =
                          [&](std::string message) {
                            echoes.push_back(std::move(message));
                            if (echoes.size() == 2) all.set_value();
                          },
                      .closed = [](const std::string&) {}});
    const std::string large(5 << 20, 'x');
    transport->send("hello");
    transport->send(large);
    REQUIRE(all.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    transport->close();
    CHECK(echoes == std::vector<std::string>{"hello", large});
  }
}

TEST_CASE("a certificate that no authority of this machine signed is refused", "[websocket]") {
  TlsServer tls("localhost");
  CHECK_THAT(refusal(tls.address("localhost")),
             Catch::Contains("its certificate is not trusted: self-signed"));
}

TEST_CASE("a certificate of another host is refused", "[websocket]") {
  TlsServer tls("other.test");
  tls.trust();
  CHECK_THAT(refusal(tls.address("localhost")), Catch::Contains("its certificate is not for localhost"));
}

}  // namespace offstage::websocket_test
