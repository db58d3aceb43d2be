#include "console/heroku/practice.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "base/deadline.h"
#include "base/error.h"
#include "base/text.h"
#include "console/heroku/api.h"
#include "console/heroku/dashboard.h"
#include "console/heroku/identity.h"
#include "console/heroku/one_time_code.h"
#include "console/heroku/pages.h"

namespace offstage::practice_heroku {
namespace {

constexpr std::array<std::string_view, 5> host_names = {
    "id.heroku.com", "dashboard.heroku.com", "api.heroku.com", "sso.heroku.com", "verify.salesforce.com"};

constexpr std::size_t requests_kept = 1000;

std::string without_port(const std::string& host) {
  return host.starts_with("[") ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
}

bool is_loopback(const std::string& host) {
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

bool only_reads(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

/// JSON for tests and people to read: what is no UTF-8 is shown as the replacement character.
Response readable(int status, const Json& body) {
  Response response = json(status, nullptr);
  response.body = body.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return response;
}

}  // namespace

std::span<const std::string_view> hosts() {
  return host_names;
}

Practice::Practice(Stage stage) : first_(stage), stage_(std::move(stage)) {}

Account Practice::automation() const {
  return *first_.world.account(first_.world.automation);
}

Response Practice::handle(const Request& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_loopback(without_port(request.host))) return admin(request);
  std::string actor;
  Response response = dispatch(request, actor);
  response.with("X-Practice-Console", "This is a stand-in for practice and tests, not Heroku");
  note(request, response, actor);
  return response;
}

Response Practice::dispatch(const Request& request, std::string& actor) {
  const std::string host = without_port(request.host);
  const std::vector<std::string> path = request.path();
  if (request.method == "GET" && path.size() == 2 && path[0] == "assets") {
    if (auto file = asset(path[1])) return *std::move(file);
  }
  if (host == "api.heroku.com") {
    ApiAnswer answer = answer_api(stage_, request);
    actor = answer.actor;
    return std::move(answer.response);
  }
  if (stage_.faults.on("maintenance")) return html(200, page("maintenance.html"));
  if (host == "id.heroku.com") return answer_identity(stage_, request);
  if (host == "dashboard.heroku.com") return answer_dashboard(stage_, request);
  if (host == "verify.salesforce.com") return answer_verify(stage_, request);
  if (host == "sso.heroku.com") return answer_sso(request);
  return html(
      421, page("verify_error.html", {{"text", "This practice console does not answer under that name."}}));
}

void Practice::note(const Request& request, const Response& response, const std::string& actor) {
  const std::string host = without_port(request.host);
  std::string decoded;
  for (const std::string& part : request.path())
    decoded += "/" + part;
  const bool answered = response.ending == Response::Ending::answer;
  Json entry = {{"time", utc_now()},
                {"method", request.method},
                {"host", host},
                {"path", decoded.empty() ? "/" : decoded},
                {"raw_path", request.target},
                {"status", answered ? Json(response.status) : Json(nullptr)}};
  ++request_count_;
  requests_.push_back(entry);
  if (requests_.size() > requests_kept) requests_.pop_front();
  // Forms elsewhere hold passwords and codes: only what the API is asked to change is kept with its body.
  if (host != "api.heroku.com" || only_reads(request.method)) return;
  entry["body"] = request.body;
  entry["actor"] = actor;
  changes_.push_back(std::move(entry));
}

Response Practice::admin(const Request& request) {
  const std::vector<std::string> path = request.path();
  const bool post = request.method == "POST";
  if (path.empty() || path[0] != "_practice") return redirect("/_practice/");
  const std::string what = path.size() == 2 ? path[1] : "";
  if (path.size() == 1 && !post) return admin_page();
  if (what == "log" && !post) return readable(200, changes_);
  if (what == "state" && !post) return readable(200, stage_.world.state());
  if (what == "faults" && !post) return readable(200, Json(stage_.faults.changed()));
  if (what == "requests" && !post) {
    Json list = Json::array();
    for (const Json& entry : requests_)
      list.push_back(entry);
    return readable(200, {{"count", request_count_}, {"requests", list}});
  }
  if (what == "faults" && post) return switch_faults(request);
  if (what == "reset" && post) {
    const bool keep_sessions = request.body.find("\"keep_sessions\":true") != std::string::npos;
    Sessions sessions = stage_.sessions;
    stage_ = first_;
    if (keep_sessions) stage_.sessions = std::move(sessions);
    changes_ = Json::array();
    requests_.clear();
    request_count_ = 0;
    return readable(200, {{"reset", true}});
  }
  return readable(404, {{"error", "GET log, requests, state, faults; POST faults, reset"}});
}

/// All of the switches named, or none.
Response Practice::switch_faults(const Request& request) {
  try {
    Faults next = stage_.faults;
    const JsonView wanted(JsonDocument::parse(request.body, "the request"));
    for (const auto& [name, value] : wanted.members()) {
      if (value.json().is_null()) {
        next.set(name, std::nullopt);
      } else if (value.json().is_boolean()) {
        next.set(name, std::string(value.boolean() ? "on" : "off"));
      } else {
        next.set(name, value.json().is_number() ? value.json().dump() : value.string());
      }
    }
    stage_.faults = next;
    return readable(200, Json(stage_.faults.changed()));
  } catch (const Error& error) {
    return readable(400, {{"error", error.explain()}});
  }
}

Response Practice::admin_page() const {
  const Account account = automation();
  return html(200, page("practice.html", {{"email", account.email},
                                          {"password", account.password},
                                          {"code", code_of(account.totp_key, std::time(nullptr))}}));
}

}  // namespace offstage::practice_heroku
