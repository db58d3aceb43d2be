#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace offstage::recording {

/// A moment as RFC 3339 writes it, in milliseconds since 1970; nothing when it is none. Any offset, any
/// number of digits below the second.
std::optional<double> moment_of(std::string_view text);

/// The inverse, in UTC and with milliseconds: 2026-01-31T09:30:00.123Z. Years 0 to 9999; what lies beyond is
/// brought to the nearest.
std::string moment_text(double milliseconds);

/// Says of each exchange whether it is a mutation, and in which epoch it was sent. The exchanges stand in the
/// order in which they started. A mutation that was never answered opens no epoch, nor does one whose time
/// cannot be read.
void number_epochs(std::vector<Exchange>& exchanges, const TrafficRules& rules);

}  // namespace offstage::recording
