#pragma once

#include <string>
#include <string_view>

namespace offstage {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104) as 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// Standard base64 (RFC 4648 section 4), with padding.
std::string base64_encoded(std::string_view bytes);
/// Its inverse; throws Error{usage} on anything that is not base64.
std::string base64_decoded(std::string_view text);

/// `count` random bytes from the system, as hexadecimal digits: for run ids and nonces.
std::string random_hex(int count);

}  // namespace offstage
