#pragma once

#include <string>
#include <vector>

#include "rehearsal/suite.h"

namespace offstage::rehearsal {

/// The results as JUnit XML, as continuous integration servers read it: one test suite, a test case a
/// recording, a failure with all that was found, an error for what could not be run. Valid XML 1.0 whatever
/// the results hold.
std::string junit_xml(const std::vector<Result>& results);

/// The results in the Test Anything Protocol, version 13, with the faults as YAML blocks.
std::string tap(const std::vector<Result>& results);

}  // namespace offstage::rehearsal
