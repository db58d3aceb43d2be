#include "recording/tokens.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace offstage::recording::redaction {
namespace {

using Says = TokenNames::Says;

std::string token_key(std::string_view name) {
  while (name.ends_with(']')) {
    const std::size_t open = name.rfind('[');
    if (open == std::string_view::npos) break;
    const std::string_view inner = name.substr(open + 1, name.size() - open - 2);
    if (!inner.empty()) {
      name = inner;
      break;
    }
    name = name.substr(0, open);  // tokens[]
  }
  std::string out;
  for (const char c : ascii_lower(name)) {
    if (c != '-' && c != '_') out += c;
  }
  if (out.starts_with("data") && out.size() > 4) out.erase(0, 4);  // data-csrf
  return out;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Splits at everything but letters and digits.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0) continue;
    if (at > begin) out.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  return out;
}

bool only_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "applicationSettings": words of four letters and more, put together.
bool is_camel_case(std::string_view word) {
  if (!std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isalpha(c) != 0; }))
    return false;
  const auto capitals = static_cast<std::size_t>(
      std::count_if(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c) != 0; }));
  return word.size() >= 4 * (capitals + 1) && word.size() <= 40;
}

/// Words and short numbers only: "not_found", "us-east-1", "en-US", "2026-11-24".
bool is_ordinary(std::string_view value) {
  constexpr std::size_t longest_word = 20;
  const auto words = words_of(value);
  return std::all_of(words.begin(), words.end(), [](std::string_view word) {
    if (only_digits(word)) return word.size() <= 4;
    return word.size() <= longest_word ? is_plain_word(word) || is_camel_case(word) : is_camel_case(word);
  });
}

bool has_space_or_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
}

bool is_page_address(std::string_view value) {
  const std::size_t scheme = value.find("://");
  if (scheme != std::string_view::npos && scheme <= 8) return true;
  return value.starts_with('/') && class_changes(value) * 4 < static_cast<int>(value.size());
}

/// Letters, with what stands between them, and no ordinary word.
bool could_be_random(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](unsigned char c) { return std::isalpha(c) != 0; }) &&
         !is_ordinary(value);
}

}  // namespace

TokenNames::TokenNames(const std::vector<std::string>& more) {
  for (const std::string& each : more)
    more_.insert(token_key(each));
}

Says TokenNames::of(std::string_view name) const {
  constexpr std::array<std::string_view, 6> vague{"code", "state", "session", "challenge", "sid", "ticket"};
  constexpr std::array<std::string_view, 13> typed{"password",
                                                   "passwd",
                                                   "pwd",
                                                   "pass",
                                                   "otp",
                                                   "totp",
                                                   "passcode",
                                                   "mfacode",
                                                   "otpcode",
                                                   "onetimecode",
                                                   "verificationcode",
                                                   "passphrase",
                                                   "otpattempt"};
  constexpr std::array<std::string_view, 10> exact{
      "csrf",         "xsrf",       "sig",           "hmac",   "samlrequest",
      "samlresponse", "relaystate", "authorization", "bearer", "credential"};
  constexpr std::array<std::string_view, 13> endings{
      "token",     "secret",    "csrf", "xsrf",      "nonce",         "apikey",   "verifier",
      "sessionid", "signature", "jwt",  "assertion", "codechallenge", "accesskey"};
  if (name.empty() || name.size() > 100) return Says::nothing;
  const std::string key = token_key(name);
  if (more_.contains(key)) return Says::token;
  if (is_one_of(typed, key) || key.ends_with("password")) return Says::typed;
  if (is_one_of(vague, key)) return Says::perhaps;
  if (is_one_of(exact, key)) return Says::token;
  const bool ends = std::any_of(endings.begin(), endings.end(),
                                [&key](std::string_view ending) { return key.ends_with(ending); });
  return ends ? Says::token : Says::nothing;
}

bool is_plain_word(std::string_view word) {
  const auto lower = [](unsigned char c) { return std::islower(c) != 0; };
  const auto capital = [](unsigned char c) { return std::isupper(c) != 0; };
  if (word.empty()) return true;
  return std::all_of(word.begin() + 1, word.end(), lower) || std::all_of(word.begin(), word.end(), capital);
}

int class_changes(std::string_view text) {
  int changes = 0;
  int last = 0;
  for (const char each : text) {
    const auto c = static_cast<unsigned char>(each);
    const int now = std::isdigit(c) != 0 ? 1 : std::islower(c) != 0 ? 2 : std::isupper(c) != 0 ? 3 : 0;
    if (now == 0) continue;
    if (last != 0 && now != last) ++changes;
    last = now;
  }
  return changes;
}

bool is_token_value(std::string_view value, Says says, bool sent) {
  constexpr std::size_t shortest = 6;
  constexpr std::array<std::string_view, 8> literals{"true",    "false",    "null",     "undefined",
                                                     "enabled", "disabled", "required", "optional"};
  if (says == Says::nothing || is_one_of(literals, value)) return false;
  if (says == Says::typed && sent) return value.size() >= 4;
  if (value.size() < shortest || has_space_or_control(value)) return false;
  if (is_email(value) || is_page_address(value)) return false;
  if (only_digits(value)) return value.size() >= (says == Says::perhaps && !sent ? 10U : shortest);
  if (!could_be_random(value)) return false;
  if (says == Says::perhaps) return value.size() >= 8 && class_changes(value) >= 3;
  return true;
}

bool is_cookie_token(std::string_view value) {
  if (value.size() < 6 || has_space_or_control(value) || is_email(value) || is_page_address(value))
    return false;
  if (only_digits(value)) return value.size() >= 8;
  return could_be_random(value);
}

}  // namespace offstage::recording::redaction
