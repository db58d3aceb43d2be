#pragma once

#include <string>

#include "offboarding/plan.h"

namespace offstage::offboarding {

/// How text for people is laid out.
struct Layout {
  int width = 100;  ///< columns; cells are cut to fit, down to 60
  bool colour = false;
  /// Sentences wider than that go on below, between words: for a terminal. A file keeps them on one line.
  bool folds = false;
};

/// The plan as a person reads it in ten seconds: what, where, role, state; what the guards say; one line that
/// sums up, with the digest's first digits. All page text is printable. Pure.
std::string plan_table(const Plan& plan, const Layout& layout);

}  // namespace offstage::offboarding
