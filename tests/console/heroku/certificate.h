#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace offstage::practice_heroku {

/// A self-signed certificate with its key, both in memory only.
class Certificate {
 public:
  /// A fresh P-256 key whose certificate names all `hosts`, valid from yesterday for thirty days. Throws
  /// Error{internal} when OpenSSL cannot.
  explicit Certificate(std::span<const std::string_view> hosts);

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  /// The SHA-256 of the SubjectPublicKeyInfo in base64: what Chrome's
  /// --ignore-certificate-errors-spki-list takes.
  std::string spki_hash() const;

 private:
  struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

}  // namespace offstage::practice_heroku
