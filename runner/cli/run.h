#pragma once

#include <string>
#include <vector>

#include "cli/signals.h"

namespace offstage::cli {

/// The whole program: parses, runs one command, prints its result or its error, and returns the exit code.
/// Never throws.
int run(const std::vector<std::string>& arguments, Signals& signals);

}  // namespace offstage::cli
