#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "base/error.h"
#include "offboarding/progress.h"

namespace offstage::offboarding {

/// How a console that lags is waited for.
struct Pace {
  Milliseconds first{250};     ///< the first pause between two looks; each next one is twice as long
  Milliseconds longest{4000};  ///< but no longer than this
  /// Pauses that add up to this, and what is still there is there. The looks themselves do not count, so that
  /// a slow console gets as many of them as a fast one,
  Milliseconds limit{30000};
  /// until pauses and looks together took so long: no other look begins then.
  Milliseconds in_all{60000};
};

/// What waiting came to.
struct Waited {
  bool gone = false;
  int looks = 0;
  /// Why the last look failed, or why there were too few of them: then nobody knows.
  std::optional<Error> trouble;
};

/// Looks until `is_gone` says so or the limit is used up; at least once. A look that ends as unreachable or
/// busy is tried again; any other Error ends the wait. A stop request, or the end of the time there is, ends
/// it after the look under way.
Waited wait_until_gone(const std::function<bool()>& is_gone, const Pace& pace, const std::string& what,
                       Progress& progress, const Until& until);

/// Sleeps for `span` or until stop is requested.
void pause(Milliseconds span, const std::stop_token& stop);

}  // namespace offstage::offboarding
