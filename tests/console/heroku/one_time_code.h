#pragma once

#include <ctime>
#include <string>

namespace offstage::practice_heroku {

/// Whether `key` is a base32 key of at least 10 bytes.
bool is_key(const std::string& key);
/// A fresh key of 20 random bytes, in base32.
std::string made_up_key();
/// A fresh password of 20 characters, letters and digits.
std::string made_up_password();
/// The six digits of RFC 6238 that the key gives at `at`.
std::string code_of(const std::string& key, std::time_t at);
/// Whether `code` is the key's code at `now`, or one step of 30 s before or after.
bool accepts_code(const std::string& key, const std::string& code, std::time_t now);

}  // namespace offstage::practice_heroku
