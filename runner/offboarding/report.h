#pragma once

#include <string>
#include <vector>

#include "offboarding/evidence.h"
#include "offboarding/journal.h"
#include "offboarding/observe.h"
#include "offboarding/result.h"

namespace offstage::offboarding {

/// One self-contained page that a person can read and an auditor can file: no script, no request, everything
/// from a console escaped. `after` are the last listings taken. Reads the screenshots from the folder; every
/// file that is there is listed with its digest.
std::string report(const Result& result, const Observation& before, const std::vector<Listing>& after,
                   const std::vector<Entry>& journal, const Json& versions, const Evidence& evidence);

}  // namespace offstage::offboarding
