#pragma once

#include "base/deadline.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Whether Chrome's renderers run behind its sandbox, as the kernel says: with system call filters of their
/// own and in a process namespace of their own. Needs a Chrome on this machine. Throws Error{browser} when
/// Chrome has no renderer by then.
bool renderers_are_sandboxed(cdp::Session& root, const Until& until);

}  // namespace offstage::browser
