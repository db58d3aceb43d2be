#include "console/heroku/dashboard.h"

#include "base/text.h"
#include "console/heroku/pages.h"

namespace offstage::practice_heroku {
namespace {

/// What the page is told in its head, as Ember applications are: percent-encoded JSON in a meta element.
std::string environment(const Stage& stage) {
  Json switches = Json::object();
  for (const char* name : {"slow-render", "wrong-modal", "wrong-request", "duplicate-row", "capital-twin",
                           "list-shifts", "resort", "row-moves", "cover", "total-lies",
                           "two-factor-catch-all", "offline-banner", "github-warning"}) {
    const std::string value = stage.faults.text(name);
    if (!value.empty()) switches[name] = value;
  }
  return url_encoded(Json{
      {"labels", stage.labels},
      {"api", "https://api.heroku.com"},
      {"identity", "https://id.heroku.com"},
      {"client_id", "practice-dashboard"},
      {"switches",
       switches}}.dump());
}

}  // namespace

Response answer_dashboard(Stage& stage, const Request& request) {
  const std::string path = join(request.path(), "/");
  if (path == "auth/heroku/token" && request.method == "POST") {
    const auto token = stage.sessions.redeem(request.form("code"));
    if (!token) return json(401, {{"id", "unauthorized"}, {"message", "Invalid credentials provided."}});
    return json(200, {{"access_token", *token}, {"token_type", "Bearer"}, {"expires_in", 7199}});
  }
  if (request.method != "GET") return html(405, "");
  return html(200, page("dashboard.html", {{"environment", environment(stage)}}));
}

}  // namespace offstage::practice_heroku
