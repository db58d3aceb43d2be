#include "base/sealed.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/error.h"

namespace offstage {
namespace {

// What a sealed text looks like: the mark, a version, a hash of what it is about, the nonce, and the
// encrypted text with its tag. Everything before the nonce is authenticated too.
constexpr std::string_view mark = "offstage sealed ";
constexpr char version = 1;
constexpr std::size_t about_size = 16;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = mark.size() + 1 + about_size;
constexpr std::size_t shortest_key = 32;
/// Tells this use of a key from any other that its owner may make of it.
constexpr std::string_view purpose = "offstage sealed text 1";

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hash_of(std::string_view text) {
  std::string out(about_size, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), raw(text), text.size(),
                     nullptr, 0);
  return out;
}

std::string head_about(std::string_view about) {
  return std::string(mark) + version + hash_of(about);
}

}  // namespace

Seal::Seal(const Secret& key) {
  if (::sodium_init() < 0) throw Error(Kind::internal, "libsodium does not start");
  const std::string& material = key.reveal();
  if (material.size() < shortest_key) {
    throw Error(Kind::usage,
                fmt::format("the key has {} bytes, and needs {} or more", material.size(), shortest_key),
                "make one with: openssl rand -hex 32");
  }
  crypto_generichash(key_.data(), key_.size(), raw(material), material.size(), raw(purpose), purpose.size());
}

Seal::~Seal() {
  ::sodium_memzero(key_.data(), key_.size());
}

std::string Seal::sealed(const Secret& text, std::string_view about) const {
  const std::string& plain = text.reveal();
  const std::string head = head_about(about);
  std::string out = head + std::string(nonce_size + plain.size() + tag_size, '\0');
  auto* const nonce = reinterpret_cast<unsigned char*>(out.data()) + head.size();
  ::randombytes_buf(nonce, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, raw(plain), plain.size(), raw(head),
                                             head.size(), nullptr, nonce, key_.data());
  return out;
}

Secret Seal::opened(std::string_view bytes, std::string_view about) const {
  if (!bytes.starts_with(mark)) throw Error(Kind::usage, "it is nothing that Offstage sealed");
  if (bytes.size() < head_size + nonce_size + tag_size) throw Error(Kind::usage, "it is cut short");
  if (bytes[mark.size()] != version) throw Error(Kind::usage, "another version of Offstage sealed it");
  const std::string head = head_about(about);
  if (!bytes.starts_with(head)) throw Error(Kind::usage, "it was kept for something else");
  const std::string_view rest = bytes.substr(head_size + nonce_size);
  std::string plain(rest.size() - tag_size, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, raw(rest), rest.size(), raw(head),
      head.size(), raw(bytes) + head_size, key_.data());
  if (opened != 0) throw Error(Kind::usage, "its key is another one, or it was changed or cut since");
  Secret out(plain);
  ::sodium_memzero(plain.data(), plain.size());
  return out;
}

}  // namespace offstage
