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

/// The epoch of what was sent at a moment, when the mutations before it were over at these moments.
int epoch_at(double sent, const std::vector<double>& over);

/// Says of each exchange whether it is a mutation, and in which epoch it was sent. The exchanges stand in the
/// order in which they started. A mutation whose time cannot be read opens no epoch.
void number_epochs(std::vector<Exchange>& exchanges, const TrafficRules& rules);

/// Which exchanges open an epoch: every mutation that was answered, and one that was not where the epochs of
/// what was recorded after it tell that it did.
std::vector<bool> epoch_openings(const std::vector<Exchange>& exchanges);

}  // namespace offstage::recording
