#include "console/heroku/identity.h"

#include <ctime>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "console/heroku/one_time_code.h"
#include "console/heroku/pages.h"

namespace offstage::practice_heroku {
namespace {

constexpr const char* dashboard_client = "practice-dashboard";
constexpr const char* dashboard = "https://dashboard.heroku.com";
// The second step posts back from another site, so the cookie must come along from there.
constexpr const char* session_attributes = "Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=None";
constexpr const char* shared_attributes = "Domain=heroku.com; Path=/; Max-Age=2592000; Secure";

/// One request to id.heroku.com with the session that it belongs to.
class Identity {
 public:
  Identity(Stage& stage, const Request& request) : stage_(stage), request_(request) {
    id_ = request.cookie("identity-session");
    if (stage_.sessions.find(id_) == nullptr) {
      id_ = stage_.sessions.open();
      fresh_ = true;
    }
  }

  Response answer() {
    Response response = route();
    if (fresh_) response.cookie("identity-session", id_, session_attributes);
    return response;
  }

 private:
  IdentitySession& session() { return *stage_.sessions.find(id_); }

  Response route() {
    if (stage_.faults.on("id-unavailable")) {
      return message(503, "API Unavailable",
                     "The API is temporarily unavailable. Please try again in a few minutes.");
    }
    if (stage_.faults.on("too-many-requests")) {
      return message(
          429, "Too Many Requests",
          "You are currently making too many requests to Heroku. Please wait a while and try to log "
          "in again.");
    }
    const std::string path = join(request_.path(), "/");
    const bool post = request_.method == "POST";
    if (post && path != "login/mfa" && request_.form("_csrf") != session().csrf) return html(403, "");
    if (path.empty()) return redirect("/login");
    if (path == "login") return post ? submitted() : login_page();
    if (path == "login/mfa" && post) return back_from_verification();
    if (path == "login/two-factor" && !post) return two_factor_page();
    if (path == "login/later" && post) return session().pending.empty() ? redirect("/login") : signed_in();
    if (path == "logout") return logged_out();
    if (path == "oauth/authorize") return authorize();
    if (path == "account/password/reset") return password_reset_page();
    return message(404, "Not Found", "The page you were looking for does not exist.");
  }

  Response shown(int status, const std::string& title, const std::string& content) {
    return html(status, page("identity.html", {{"title", title}, {"content", content}, {"banner", ""}}));
  }

  Response message(int status, const std::string& title, const std::string& text) {
    return shown(status, "Heroku | " + title, page("message.html", {{"title", title}, {"text", text}}));
  }

  Response flash(const std::string& text, const std::string& where = "/login",
                 const std::string& flash_class = "danger") {
    session().flash = text;
    session().flash_class = flash_class;
    return redirect(where);
  }

  /// The flash's HTML, once.
  std::string take_flash() {
    if (session().flash.empty()) return {};
    std::string shown_flash =
        page("flash.html", {{"class", session().flash_class}, {"text", session().flash}});
    session().flash.clear();
    return shown_flash;
  }

  Response login_page() {
    if (!session().account.empty()) return onwards();
    const std::string banner = stage_.faults.text("cookie-banner");
    const bool answered = !request_.cookie("OptanonAlertBoxClosed").empty();
    const std::string content = page("login.html", {{"flash", take_flash()}, {"csrf", session().csrf}});
    return html(200,
                page("identity.html",
                     {{"title", "Heroku | Login"},
                      {"content", content},
                      {"banner",
                       banner == "off" || answered ? "" : page("cookie_banner.html", {{"when", banner}})}}));
  }

  Response submitted() {
    // The old second step posts its code to the same address.
    if (!request_.form("code").empty()) return code_submitted();
    const std::string email(trimmed(request_.form("email")));
    const Faults& faults = stage_.faults;
    if (faults.on("login-rate-limit")) return rate_limited();
    const Account* account = stage_.world.account(email);
    if (account == nullptr || account->password.empty() || account->password != request_.form("password")) {
      if (stage_.sessions.too_many_failures(email_key(email))) return rate_limited();
      return flash("There was a problem with your login.");
    }
    if (faults.on("account-suspended")) {
      return flash(
          "Your account has been suspended. If you believe this is an error please contact support.");
    }
    if (faults.on("password-expired"))
      return flash("Your password has expired. Please reset it.", "/account/password/reset", "warning");
    if (faults.on("device-trust")) {
      return flash("This device is not trusted. Enable multi-factor authentication to log in from it.");
    }
    stage_.sessions.forget_failures(email_key(email));
    session().pending = account->email;
    if (faults.on("challenge")) return shown(200, "Heroku | One more thing", page("challenge.html"));
    return second_step(*account);
  }

  Response rate_limited() {
    return flash("Account reached login rate limit, please wait a few minutes before trying again");
  }

  Response second_step(const Account& account) {
    const std::string mfa = stage_.faults.text("mfa");
    if (mfa == "none") return signed_in();
    if (mfa == "nudge")
      return shown(200, "Heroku | Secure Your Account", page("nudge.html", {{"csrf", session().csrf}}));
    if (mfa == "enrol" || account.totp_key.empty())
      return shown(200, "Heroku | Multi-Factor Authentication", page("enrol.html"));
    if (mfa == "legacy") return redirect("/login/two-factor");
    return html(200,
                page("handoff.html",
                     {{"address", "https://verify.salesforce.com/v1/verify/"},
                      {"field", "request"},
                      {"note", stage_.sessions.sign(
                                   {{"for", "verify"}, {"account", account.email}, {"session", id_}})}}));
  }

  Response back_from_verification() {
    const auto note = stage_.sessions.verified(request_.form("response"));
    const bool ours = note && note->value("for", "") == "identity" && note->value("session", "") == id_ &&
                      note->value("account", "") == session().pending && !session().pending.empty();
    return ours ? signed_in() : flash("There was a problem with your login.");
  }

  Response two_factor_page() {
    if (session().pending.empty()) return redirect("/login");
    return shown(200, "Heroku | Two-factor authentication",
                 page("two_factor.html", {{"flash", take_flash()}, {"csrf", session().csrf}}));
  }

  Response code_submitted() {
    const Account* account = stage_.world.account(session().pending);
    if (account == nullptr) return redirect("/login");
    const std::string code(trimmed(request_.form("code")));
    if (!accepts_code(account->totp_key, code, std::time(nullptr)) ||
        (stage_.faults.on("code-once") && !stage_.sessions.first_use_of_code(account->email, code))) {
      return flash("There was a problem with your login.", "/login/two-factor");
    }
    return signed_in();
  }

  /// A new session id, so that one from before the sign-in is worth nothing.
  Response signed_in() {
    const IdentitySession before = session();
    stage_.sessions.end(id_);
    id_ = stage_.sessions.open();
    fresh_ = true;
    session().account = before.pending;
    session().continue_to = before.continue_to;
    Response response = onwards();
    response.cookie("heroku_session", "1", shared_attributes);
    for (const char* name : {"heroku_session_nonce", "heroku_user_session"})
      response.cookie(name, std::string(session_mark) + sha256(name + id_).substr(0, 24), shared_attributes);
    return response;
  }

  Response onwards() {
    const std::string where = session().continue_to;
    session().continue_to.clear();
    return redirect(where.empty() ? std::string(dashboard) + "/" : where);
  }

  Response logged_out() {
    stage_.sessions.end(id_);
    id_ = stage_.sessions.open();
    fresh_ = true;
    Response response = redirect("/login");
    for (const char* name : {"heroku_session", "heroku_session_nonce", "heroku_user_session"})
      response.cookie(name, "", "Domain=heroku.com; Path=/; Max-Age=0; Secure");
    return response;
  }

  Response authorize() {
    if (request_.query("client_id") != dashboard_client || request_.query("response_type") != "code")
      return flash("Unknown OAuth client.");
    if (session().account.empty()) {
      session().continue_to = request_.target;
      return redirect("/login");
    }
    return redirect(fmt::format("{}/auth/heroku/callback?code={}&state={}", dashboard,
                                stage_.sessions.grant_code(id_), url_encoded(request_.query("state"))));
  }

  Response password_reset_page() {
    return shown(200, "Heroku | Reset your password",
                 page("password_reset.html", {{"flash", take_flash()}, {"csrf", session().csrf}}));
  }

  Stage& stage_;
  const Request& request_;
  std::string id_;
  bool fresh_ = false;
};

}  // namespace

Response answer_identity(Stage& stage, const Request& request) {
  return Identity(stage, request).answer();
}

Response answer_sso(const Request&) {
  return html(200,
              page("identity.html",
                   {{"title", "Heroku | Log in via SSO"}, {"content", page("sso.html")}, {"banner", ""}}));
}

}  // namespace offstage::practice_heroku
