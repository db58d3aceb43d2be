#pragma once

#include <string>

#include "recording/recording.h"

namespace offstage::recording {

/// The run as a story for people: what it was and where it was made, its scripts and arguments, what the
/// steps saw, the requests in the order in which they were sent with what they changed in between, dialogs,
/// and how it ended. Plain text in lines of fewer than 100 columns; whatever came from a page is printable.
std::string story(const Recording& recording);

}  // namespace offstage::recording
