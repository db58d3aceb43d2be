#pragma once

#include "base/json.h"
#include "recording/body_store.h"
#include "recording/recording.h"

namespace offstage::recording {

/// The version of the format that is written and read: `_offstage.version` of the log.
inline constexpr int format_version = 1;

/// The recording as a HAR. Its bodies are added to `bodies`.
Json har_of(const Recording& recording, BodyBundle& bodies);

}  // namespace offstage::recording
