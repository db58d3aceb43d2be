#pragma once

#include <filesystem>
#include <string>

#include "console/heroku/world.h"

namespace offstage::practice_heroku {

/// What a person reads when the console has started: what it is, who is in it, how to point Offstage and a
/// browser at it. `folder` holds practice.json and the secrets.
std::string announcement(const World& world, const std::filesystem::path& folder, int port,
                         const std::string& spki_hash);

/// practice.json: where the console answers and with what key, for Offstage and for tests.
std::string description(const std::filesystem::path& folder, int port, const std::string& spki_hash);

}  // namespace offstage::practice_heroku
