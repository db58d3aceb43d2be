#pragma once

#include "console/heroku/http.h"
#include "console/heroku/stage.h"

namespace offstage::practice_heroku {

/// dashboard.heroku.com: one page for every address, which draws itself from the API, and the exchange of the
/// OAuth code for the page's access token.
Response answer_dashboard(Stage& stage, const Request& request);

}  // namespace offstage::practice_heroku
