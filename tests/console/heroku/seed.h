#pragma once

#include <memory>
#include <string_view>

#include "base/json.h"
#include "console/heroku/world.h"

namespace offstage::practice_heroku {

/// The seed that is used when none is given: fictional people at example.com and example.org.
std::shared_ptr<const JsonDocument> default_seed();

/// Makes a world of a seed (tests/console/heroku/seed.schema.json). A password or one-time-code key that the
/// automation account lacks is made up. Throws Error{usage} that names file, line and path.
World world_of(const std::shared_ptr<const JsonDocument>& seed);

}  // namespace offstage::practice_heroku
