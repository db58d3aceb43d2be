#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <openssl/pem.h>

#include "base/file.h"
#include "console/heroku/certificate.h"
#include "echo_server.h"

namespace offstage::test {

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

  practice_heroku::Certificate certificate;
  TemporaryFolder folder;
  EchoServer server{certificate_pem(), key_pem()};

 private:
  using Pem = std::unique_ptr<BIO, decltype(&BIO_free)>;

  static std::string content_of(const Pem& pem) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(pem.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }
};

}  // namespace offstage::test
