#include "console/heroku/one_time_code.h"

#include <array>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <liboath/oath.h>
#include <openssl/rand.h>

#include "base/error.h"
#include "base/hash.h"

namespace offstage::practice_heroku {
namespace {

struct OathFree {
  void operator()(char* bytes) const { std::free(bytes); }  // NOLINT: liboath allocates with malloc
};

/// The bytes of a base32 key; empty when it is none.
std::string bytes_of(const std::string& key) {
  char* raw = nullptr;
  std::size_t length = 0;
  if (key.empty() || oath_base32_decode(key.data(), key.size(), &raw, &length) != OATH_OK) return {};
  const std::unique_ptr<char, OathFree> owned(raw);
  return {raw, length};
}

}  // namespace

bool is_key(const std::string& key) {
  return bytes_of(key).size() >= 10;
}

std::string made_up_key() {
  std::array<unsigned char, 20> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    throw Error(Kind::internal, "the system gave no random bytes");
  char* text = nullptr;
  std::size_t length = 0;
  if (oath_base32_encode(reinterpret_cast<const char*>(bytes.data()), bytes.size(), &text, &length) !=
      OATH_OK)
    throw Error(Kind::internal, "cannot write a key as base32");
  const std::unique_ptr<char, OathFree> owned(text);
  return {text, length};
}

std::string made_up_password() {
  return random_hex(10);
}

std::string code_of(const std::string& key, std::time_t at) {
  const std::string bytes = bytes_of(key);
  std::array<char, 16> code{};
  const int made = oath_totp_generate(bytes.data(), bytes.size(), at, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                                      OATH_TOTP_DEFAULT_START_TIME, 6, code.data());
  if (made != OATH_OK) throw Error(Kind::internal, fmt::format("no one-time code: {}", oath_strerror(made)));
  return code.data();
}

bool accepts_code(const std::string& key, const std::string& code, std::time_t now) {
  for (const std::time_t shift : {0, -30, 30}) {
    if (code == code_of(key, now + shift)) return true;
  }
  return false;
}

}  // namespace offstage::practice_heroku
