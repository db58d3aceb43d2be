#pragma once

#include "console/heroku/http.h"
#include "console/heroku/stage.h"

namespace offstage::practice_heroku {

/// id.heroku.com: the sign-in form, the steps after it, and the OAuth authorization that the dashboard asks
/// for.
Response answer_identity(Stage& stage, const Request& request);

/// sso.heroku.com: where people whose identity provider signs them on begin. It goes no further than that.
Response answer_sso(const Request& request);

/// verify.salesforce.com: the one-time code.
Response answer_verify(Stage& stage, const Request& request);

}  // namespace offstage::practice_heroku
