#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "base/text.h"
#include "console/heroku/identity.h"
#include "console/heroku/one_time_code.h"
#include "console/heroku/pages.h"

namespace offstage::practice_heroku {
namespace {

constexpr const char* wrong_code = "You entered an invalid verification code. Try again.";

Response checked(Stage& stage, const Request& request) {
  const auto note = stage.sessions.verified(request.form("request"));
  if (!note || note->value("for", "") != "verify") {
    return json(400, {{"error", "This verification request has expired. Go back and log in again."}});
  }
  const std::string email = note->value("account", "");
  const Account* account = stage.world.account(email);
  std::string code = request.form("code");
  std::erase(code, ' ');
  if (account == nullptr || !accepts_code(account->totp_key, code, std::time(nullptr)) ||
      (stage.faults.on("code-once") && !stage.sessions.first_use_of_code(email, code))) {
    return json(403, {{"error", wrong_code}});
  }
  const std::string answer =
      stage.sessions.sign({{"for", "identity"}, {"account", email}, {"session", note->value("session", "")}});
  return json(200, {{"return_to", "https://id.heroku.com/login/mfa"}, {"response", answer}});
}

}  // namespace

Response answer_verify(Stage& stage, const Request& request) {
  const std::string path = join(request.path(), "/");
  if (path == "v1/verify/check" && request.method == "POST") return checked(stage, request);
  if (path != "v1/verify") return html(404, page("verify_error.html", {{"text", "Page not found."}}));
  const auto note = stage.sessions.verified(request.form("request"));
  if (request.method != "POST" || !note || note->value("for", "") != "verify") {
    return html(400, page("verify_error.html",
                          {{"text", "This verification request is not valid. Go back and log in again."}}));
  }
  return html(
      200, page("verify.html", {{"request", request.form("request")},
                                {"account", note->value("account", "")},
                                {"late", fmt::format("{}", stage.faults.number("code-late").value_or(0))}}));
}

}  // namespace offstage::practice_heroku
