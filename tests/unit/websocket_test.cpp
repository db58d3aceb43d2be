#include <cstdlib>
#include <future>

#include <catch2/catch.hpp>
#include <openssl/pem.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cdp/transport.h"
#include "console/heroku/certificate.h"
#include "echo_server.h"

namespace offstage::websocket_test {

using namespace cdp;
using practice_heroku::Certificate;
using test::EchoServer;

namespace {

using Pem = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string content_of(const Pem& pem) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(pem.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A TLS server for the host `name` (and 127.0.0.1, which every practice certificate names), which this
/// process trusts, by way of SSL_CERT_FILE, only once `trust` was called.
struct TlsServer {
  explicit TlsServer(std::string_view name) : certificate(std::vector{name}) {}
  ~TlsServer() { ::unsetenv("SSL_CERT_FILE"); }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  void trust() {
    write_file(folder.path() / "authorities.pem", certificate_pem());
    ::setenv("SSL_CERT_FILE", (folder.path() / "authorities.pem").c_str(), 1);
  }
  std::string address(const std::string& host) const {
    return "wss://" + host + ":" + std::to_string(server.port()) + "/devtools/browser/x";
  }
  std::string certificate_pem() const {
    const Pem pem(BIO_new(BIO_s_mem()), &BIO_free);
    REQUIRE(PEM_write_bio_X509(pem.get(), certificate.certificate()) == 1);
    return content_of(pem);
  }
  std::string key_pem() const {
    const Pem pem(BIO_new(BIO_s_mem()), &BIO_free);
    REQUIRE(PEM_write_bio_PrivateKey(pem.get(), certificate.key(), nullptr, nullptr, 0, nullptr, nullptr) ==
            1);
    return content_of(pem);
  }

  Certificate certificate;
  TemporaryFolder folder;
  EchoServer server{certificate_pem(), key_pem()};
};

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
