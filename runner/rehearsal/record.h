#pragma once

#include <string>

#include "rehearsal/scenario.h"

namespace offstage::rehearsal {

/// Plays a scenario for real in a context of its own, keeps all that went over the network and what its steps
/// saw, and gives it back redacted: with placeholders for secrets, tokens and people. `browser` holds no
/// other context that sends anything meanwhile. `note` says where it was made ("practice console"). Throws
/// Error{refused} when a secret would survive, and whatever `perform` throws: then there is no recording.
recording::Recording record(browser::Browser& browser, const Scenario& scenario, const SecretStore& secrets,
                            bool commits, const std::string& note, script::Observer& observer, Log& log,
                            const Until& until);

/// The scripts of a scenario and all that they run, each once, as a recording names them.
std::vector<recording::RecordedScript> recorded_scripts(const Scenario& scenario);

}  // namespace offstage::rehearsal
