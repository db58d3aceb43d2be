#pragma once

#include "browser/page.h"
#include "script/script.h"

namespace offstage::script {

/// How a `click` or `doubleClick` step presses.
browser::ClickOptions click_options(const Step& step);

}  // namespace offstage::script
