#pragma once

#include <memory>
#include <string>

#include "browser/asker.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Recorder's waitForExpression: see Page::wait_for_expression. `session` is the page's own.
bool wait_for_expression(Asker& asker, cdp::Session& session, const FramePath& frame,
                         const std::string& expression, const Until& until);

}  // namespace offstage::browser
