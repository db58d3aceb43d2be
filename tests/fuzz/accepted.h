#pragma once

#include <cstddef>
#include <cstdio>

namespace offstage::fuzz {

/// How many inputs were taken for what they claim to be: said when the program ends. A fuzzing program whose
/// kept inputs are all refused tests the refusal and nothing behind it, and `tests/fuzz/run` fails it.
class Accepted {
 public:
  Accepted() = default;
  Accepted(const Accepted&) = delete;
  Accepted& operator=(const Accepted&) = delete;
  ~Accepted() { std::fprintf(stderr, "accepted %zu inputs\n", count_); }
  void one() { ++count_; }

 private:
  std::size_t count_ = 0;
};

/// Included only by programs whose input can be refused as a whole.
inline Accepted accepted;

}  // namespace offstage::fuzz
