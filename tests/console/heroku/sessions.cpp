#include "console/heroku/sessions.h"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

namespace offstage::practice_heroku {
namespace {

constexpr std::time_t note_lifetime = 300;

/// Base64 that can stand in an address (RFC 4648 section 5, no padding), as JSON Web Tokens have it.
std::string address_safe(std::string base64) {
  std::replace(base64.begin(), base64.end(), '+', '-');
  std::replace(base64.begin(), base64.end(), '/', '_');
  while (base64.ends_with('='))
    base64.pop_back();
  return base64;
}

std::string plain_base64(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0)
    text += '=';
  return text;
}

std::string mac(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &length);
  return {reinterpret_cast<const char*>(bytes.data()), length};
}

}  // namespace

Sessions::Sessions() : key_(random_hex(32)) {}

IdentitySession* Sessions::find(const std::string& id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::string Sessions::open() {
  std::string id = std::string(session_mark) + random_hex(12);
  IdentitySession session;
  session.csrf = random_hex(16);
  sessions_.emplace(id, session);
  return id;
}

void Sessions::end(const std::string& id) {
  sessions_.erase(id);
  std::erase_if(codes_, [&](const auto& entry) { return entry.second == id; });
  std::erase_if(tokens_, [&](const auto& entry) { return entry.second.session_id == id; });
}

void Sessions::end_all_of(const std::string& account) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.account == account; });
  std::erase_if(tokens_, [&](const auto& entry) { return entry.second.account == account; });
}

std::string Sessions::grant_code(const std::string& session_id) {
  std::string code = std::string(session_mark) + random_hex(8);
  codes_.emplace(code, session_id);
  return code;
}

std::optional<std::string> Sessions::redeem(const std::string& code) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return std::nullopt;
  const std::string session_id = found->second;
  codes_.erase(found);
  const IdentitySession* session = find(session_id);
  if (session == nullptr || session->account.empty()) return std::nullopt;
  const std::string token = "HRKU-" + random_hex(24);
  tokens_.emplace(token, Token{session->account, session_id, 0});
  return token;
}

std::optional<std::string> Sessions::use(const std::string& token, std::optional<long> uses_allowed) {
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return std::nullopt;
  const std::string account = found->second.account;
  if (uses_allowed && ++found->second.uses > *uses_allowed) {
    end_all_of(account);
    return std::nullopt;
  }
  return account;
}

std::string Sessions::sign(Json content) const {
  content["exp"] = std::time(nullptr) + note_lifetime;
  const std::string head = address_safe(base64_encoded(R"({"alg":"HS256","typ":"JWT"})"));
  const std::string text = head + "." + address_safe(base64_encoded(content.dump()));
  return text + "." + address_safe(base64_encoded(mac(key_, text)));
}

std::optional<Json> Sessions::verified(const std::string& note) const {
  const std::size_t last = note.rfind('.');
  const std::size_t first = note.find('.');
  if (last == std::string::npos || first == last) return std::nullopt;
  const std::string text = note.substr(0, last);
  const std::string wanted = address_safe(base64_encoded(mac(key_, text)));
  const std::string given = note.substr(last + 1);
  if (given.size() != wanted.size() || CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) != 0)
    return std::nullopt;
  Json content = Json::parse(base64_decoded(plain_base64(note.substr(first + 1, last - first - 1))));
  if (content.at("exp").get<std::time_t>() < std::time(nullptr)) return std::nullopt;
  return content;
}

bool Sessions::first_use_of_code(const std::string& account, const std::string& code) {
  std::string& last = last_codes_[account];
  if (last == code) return false;
  last = code;
  return true;
}

long Sessions::spend_request(const std::string& account) {
  Bucket& bucket = buckets_[account];
  const std::time_t now = std::time(nullptr);
  if (bucket.at != 0)
    bucket.left = std::min(4500.0, bucket.left + static_cast<double>(now - bucket.at) * 1.25);
  bucket.at = now;
  if (bucket.left < 1) return -1;
  bucket.left -= 1;
  return static_cast<long>(bucket.left);
}

}  // namespace offstage::practice_heroku
