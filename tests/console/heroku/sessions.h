#pragma once

#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace offstage::practice_heroku {

/// How the values of session cookies and the codes that are exchanged for tokens begin: hexadecimal, as the
/// rest of them, and found wherever one is left.
inline constexpr std::string_view session_mark = "5e5510feed5e5510";

/// What id.heroku.com keeps for one browser.
struct IdentitySession {
  std::string csrf;
  std::string flash;        ///< shown once, then gone
  std::string flash_class;  ///< danger, warning or success
  std::string pending;      ///< who gave the right password and still owes the second step
  std::string account;      ///< who is signed in; "" is nobody
  std::string continue_to;  ///< the authorize address that asked for the sign-in
};

/// Browser sessions, OAuth codes, access tokens and the signed notes that sites hand each other through the
/// browser. Not thread-safe: its owner guards it.
class Sessions {
 public:
  Sessions();

  /// The session with that id, or nullptr.
  IdentitySession* find(const std::string& id);
  /// A new session; returns its id.
  std::string open();
  /// Ends the session and all tokens that came of it.
  void end(const std::string& id);
  /// Ends every session and token of an account.
  void end_all_of(const std::string& account);

  /// A one-time code that `redeem` turns into an access token for the session's account.
  std::string grant_code(const std::string& session_id);
  std::optional<std::string> redeem(const std::string& code);
  /// The account of an access token, and counts the use; nothing when the token is unknown. When
  /// `uses_allowed` is given and used up, everything of that account ends.
  std::optional<std::string> use(const std::string& token, std::optional<long> uses_allowed);

  /// `content` as a note that only this program can have written, valid for five minutes.
  std::string sign(Json content) const;
  /// The content of such a note; nothing when it is forged, cut, or too old.
  std::optional<Json> verified(const std::string& note) const;

  /// Counts a failed attempt to sign in; true once there were ten of them in a row.
  bool too_many_failures(const std::string& email) { return ++failures_[email] > 10; }
  void forget_failures(const std::string& email) { failures_.erase(email); }
  /// Notes the use of a one-time code; false when it was used before.
  bool first_use_of_code(const std::string& account, const std::string& code);

  /// The requests that an account may still make in this window: 4500, and 75 more a minute.
  long spend_request(const std::string& account);

 private:
  struct Token {
    std::string account;
    std::string session_id;
    long uses = 0;
  };
  struct Bucket {
    double left = 4500;
    std::time_t at = 0;
  };

  std::string key_;
  std::map<std::string, IdentitySession> sessions_;
  std::map<std::string, std::string> codes_;  ///< OAuth code to session id
  std::map<std::string, Token> tokens_;
  std::map<std::string, int> failures_;
  std::map<std::string, std::string> last_codes_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace offstage::practice_heroku
