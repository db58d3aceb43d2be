#pragma once

#include <cstdio>
#include <cstdlib>

namespace offstage::fuzz {

/// What must hold for every input; libFuzzer keeps the input for which it does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace offstage::fuzz
