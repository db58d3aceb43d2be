#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace offstage {

/// Seals texts that must be kept on disk and must not be read there: XChaCha20-Poly1305 of libsodium with a
/// random nonce each time. A sealed text is bound to what it is about, which is not part of it. Immutable;
/// safe on any thread; its key is wiped when it goes.
class Seal {
 public:
  /// `key` is 32 bytes or more that nobody can guess (no pass phrase: nothing slows a guesser down). Throws
  /// Error{usage} for a shorter one.
  explicit Seal(const Secret& key);
  Seal(const Seal&) = delete;
  Seal& operator=(const Seal&) = delete;
  ~Seal();

  std::string sealed(const Secret& text, std::string_view about) const;
  /// Throws Error{usage} saying why when `bytes` was not sealed with this key, about the same, or is not
  /// whole.
  Secret opened(std::string_view bytes, std::string_view about) const;

 private:
  std::array<unsigned char, 32> key_{};
};

}  // namespace offstage
