#include "console/heroku/certificate.h"

#include <array>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "base/hash.h"

namespace offstage::practice_heroku {
namespace {

void require(bool done, const char* what) {
  if (!done) throw Error(Kind::internal, fmt::format("cannot make the practice certificate: {}", what));
}

void add_names(X509* certificate, std::span<const std::string_view> hosts) {
  std::string names = "IP:127.0.0.1";
  for (const std::string_view host : hosts)
    names += fmt::format(",DNS:{}", host);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  require(extension != nullptr, "its names");
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  require(added == 1, "its names");
}

}  // namespace

Certificate::Certificate(std::span<const std::string_view> hosts)
    : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  require(key_ != nullptr && certificate_ != nullptr, "its key");
  X509* x509 = certificate_.get();
  constexpr long day = 24L * 60 * 60;
  std::array<unsigned char, 8> serial{};
  require(RAND_bytes(serial.data(), serial.size()) == 1, "its number");
  serial[0] &= 0x7F;
  std::uint64_t number = 1;
  for (const unsigned char byte : serial)
    number = (number << 8U) | byte;
  require(X509_set_version(x509, 2) == 1, "its version");
  require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), number) == 1, "its number");
  X509_gmtime_adj(X509_getm_notBefore(x509), -day);
  X509_gmtime_adj(X509_getm_notAfter(x509), 30 * day);
  X509_NAME* name = X509_get_subject_name(x509);
  const auto* title = reinterpret_cast<const unsigned char*>("Offstage practice console, not Heroku");
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, title, -1, -1, 0) == 1, "its title");
  require(X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key_.get()) == 1, "its key");
  add_names(x509, hosts);
  require(X509_sign(x509, key_.get(), EVP_sha256()) > 0, "its signature");
}

std::string Certificate::spki_hash() const {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key_.get(), &der);
  require(length > 0, "its public key");
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(der, static_cast<std::size_t>(length), digest.data());
  OPENSSL_free(der);
  return base64_encoded({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace offstage::practice_heroku
