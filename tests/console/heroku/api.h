#pragma once

#include <string>

#include "console/heroku/http.h"
#include "console/heroku/stage.h"

namespace offstage::practice_heroku {

/// What api.heroku.com answers, and to whom.
struct ApiAnswer {
  Response response;
  std::string actor;  ///< the address of the account whose token came with the request; "" without one
};

/// api.heroku.com: version 3 of the platform API as far as the dashboard uses it, for pages of
/// dashboard.heroku.com (CORS) and a bearer token.
ApiAnswer answer_api(Stage& stage, const Request& request);

}  // namespace offstage::practice_heroku
