#pragma once

#include <cstddef>
#include <functional>

#include "base/deadline.h"
#include "browser/page.h"

namespace offstage::rehearsal {

/// When a page counts as having come to rest. A value.
struct Rest {
  std::function<std::size_t()> requests;  ///< how many were sent so far
  std::function<bool()> more_to_come;     ///< something is known to be under way, or must still be sent
  Milliseconds quiet;                     ///< no request in so long a time
  Milliseconds longest;                   ///< and no longer than this is waited for it
};

/// Waits until what the last step set off has been sent: its scripts may send only after it is over. A page
/// that is gone, or that waits for a dialog, sends nothing more of itself. Throws only when it is stopped.
void settle(browser::Page& page, const Rest& rest, const Until& until);

}  // namespace offstage::rehearsal
