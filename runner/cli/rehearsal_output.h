#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "rehearsal/suite.h"

namespace offstage::cli {

/// How to start the Chrome that replays run in.
browser::LaunchOptions launch_options(const Settings& settings);

/// One result for people: a mark, the name and how long it took; below it what was found.
void print_result(Output& output, const rehearsal::Result& result);
/// The same for machines.
Json result_json(const rehearsal::Result& result);

/// "12 passed, 1 failed", and how long it took.
void print_summary(Output& output, const std::vector<rehearsal::Result>& results, Milliseconds took);

}  // namespace offstage::cli
