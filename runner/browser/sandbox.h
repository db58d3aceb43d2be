#pragma once

#include "base/deadline.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Waits until one of Chrome's renderers runs behind its sandbox, as the kernel says: with system call
/// filters of its own and in a process namespace of its own. False when none does by then. Needs a Chrome on
/// this machine.
bool renderers_become_sandboxed(cdp::Session& root, const Until& until);

}  // namespace offstage::browser
