#pragma once

#include <string>

#include "console/heroku/faults.h"
#include "console/heroku/sessions.h"
#include "console/heroku/world.h"

namespace offstage::practice_heroku {

/// All that the practice console's sites share. Not thread-safe: Practice guards it.
struct Stage {
  World world;
  Faults faults;
  Sessions sessions;
  std::string labels = "2020";  ///< the variant of the dashboard's words: 2020 or 2015
};

}  // namespace offstage::practice_heroku
