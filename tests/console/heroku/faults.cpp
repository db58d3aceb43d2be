#include "console/heroku/faults.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace offstage::practice_heroku {
namespace {

using Takes = FaultInfo::Takes;

constexpr std::array table{
    // Signing in
    FaultInfo{"cookie-banner", Takes::choice, "on|off|late", "on", "on",
              "a cookie banner covers the sign-in form until it is answered; late: it comes after 1.5 s"},
    FaultInfo{"mfa", Takes::choice, "totp|none|enrol|nudge|legacy", "totp", "",
              "the second step of signing in: a code at verify.salesforce.com, none, a demand to enrol (dead "
              "end), an offer that can be put off, or the old page on id.heroku.com"},
    FaultInfo{"code-late", Takes::number, "", "700", "",
              "milliseconds until the verification page shows its field"},
    FaultInfo{"code-once", Takes::flag, "", "", "on", "a one-time code that was used is refused"},
    FaultInfo{"login-rate-limit", Takes::flag, "", "", "on",
              "signing in is refused: too many attempts for this account"},
    FaultInfo{"too-many-requests", Takes::flag, "", "", "on",
              "id.heroku.com answers everything with its Too Many Requests page, status 429"},
    FaultInfo{"account-suspended", Takes::flag, "", "", "on",
              "signing in is refused: the account is suspended"},
    FaultInfo{"password-expired", Takes::flag, "", "", "on",
              "signing in ends at the page that resets an expired password"},
    FaultInfo{"device-trust", Takes::flag, "", "", "on", "signing in is refused: this device is not trusted"},
    FaultInfo{"challenge", Takes::flag, "", "", "on",
              "signing in ends at a page that nobody has seen before"},
    FaultInfo{"id-unavailable", Takes::flag, "", "", "on",
              "id.heroku.com answers everything with its API Unavailable page, status 503"},
    FaultInfo{"session-ends-after", Takes::number, "", "", "",
              "a session ends after this many API requests, on every site at once"},
    // People and teams
    FaultInfo{
        "hostile-names", Takes::flag, "", "", "on",
        "display names hold HTML, terminal escapes, workflow commands, right-to-left marks, or go on for "
        "ever"},
    FaultInfo{"hostile-words", Takes::flag, "", "", "on",
              "members' roles, the names of teams that the account does not manage, and why `remove-status` "
              "refuses hold the same"},
    FaultInfo{"sso-members", Takes::flag, "", "", "on",
              "everybody but the automation account is signed on through SSO, so 2FA shows as not enabled"},
    FaultInfo{
        "jit-return", Takes::flag, "", "", "on",
        "a removed SSO member is back at the next listing: the identity provider made the account anew"},
    FaultInfo{"collaborator-rows-stay", Takes::flag, "", "", "on",
              "a removed member keeps the app collaborations held in that team"},
    FaultInfo{"enterprise-account", Takes::text, "", "", "",
              "the team of this name is an enterprise account: the API answers 403"},
    FaultInfo{"delinquent", Takes::text, "", "", "on",
              "the team of this name (or every team) owes money: the API answers 402 and the page goes to "
              "billing"},
    // Lists
    FaultInfo{"rows-lag", Takes::number, "", "", "10", "seconds for which a removed person is still listed"},
    FaultInfo{"duplicate-row", Takes::flag, "", "", "on", "every member is listed twice"},
    FaultInfo{"capital-twin", Takes::flag, "", "", "on",
              "every member is listed a second time, with an address in capital letters"},
    FaultInfo{"list-shifts", Takes::choice, "joins|leaves", "", "",
              "while a list is read, at the turn of its first page, somebody at its top joins or leaves"},
    FaultInfo{"total-lies", Takes::flag, "", "", "on", "the count under a list says one more than there are"},
    FaultInfo{"resort", Takes::flag, "", "", "on",
              "a list turns round when the pointer comes to one of its buttons"},
    FaultInfo{"row-moves", Takes::number, "", "", "3000",
              "milliseconds for which a list keeps moving after it is shown"},
    FaultInfo{"slow-render", Takes::number, "", "", "1500",
              "milliseconds by which lists, panels and modals show late"},
    // Removing
    FaultInfo{"remove-status", Takes::status, "", "", "",
              "a request that removes gets this status and removes nothing"},
    FaultInfo{"remove-lies", Takes::flag, "", "", "on",
              "a request that removes is answered with 200 and removes nothing"},
    FaultInfo{"session-ends-at-removal", Takes::flag, "", "", "on",
              "the session ends after the confirmation was opened: the request that removes gets 401"},
    FaultInfo{"remove-silent", Takes::flag, "", "", "on",
              "a request that removes removes nothing and is never answered"},
    FaultInfo{"delete-answer-lost", Takes::flag, "", "", "on",
              "a request that removes does so, and the connection drops before the answer"},
    FaultInfo{"wrong-modal", Takes::flag, "", "", "on", "the confirmation names another person"},
    FaultInfo{"wrong-request", Takes::flag, "", "", "on",
              "the confirmation names the right person and removes another"},
    FaultInfo{"cover", Takes::number, "", "", "0",
              "an overlay lies over the page for this many milliseconds; 0: for ever"},
    // The whole console
    FaultInfo{"api-status", Takes::status, "", "", "", "api.heroku.com answers everything with this status"},
    FaultInfo{"api-silent", Takes::flag, "", "", "on", "api.heroku.com never answers"},
    FaultInfo{"maintenance", Takes::flag, "", "", "on",
              "every page is the maintenance page, with status 200"},
    FaultInfo{"maintenance-after-removal", Takes::flag, "", "", "on",
              "a removal is done and answered, and with that `maintenance` begins"},
    FaultInfo{"two-factor-catch-all", Takes::flag, "", "", "on",
              "a full-screen demand for 2FA hides panels and modals"},
    FaultInfo{"offline-banner", Takes::flag, "", "", "on", "the dashboard says that it cannot connect"},
    FaultInfo{"github-warning", Takes::flag, "", "", "on",
              "the dashboard warns that the account lost access to GitHub"},
};

const FaultInfo& fault_named(std::string_view name) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const FaultInfo& fault) { return fault.name == name; });
  if (found != table.end()) return *found;
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const FaultInfo& fault : table)
    names.emplace_back(fault.name);
  const std::string near = nearest(name, names);
  throw Error(Kind::usage, fmt::format("the practice console has no fault \"{}\"", printable(name, 80)),
              near.empty() ? "--list-faults lists them" : fmt::format("did you mean \"{}\"?", near));
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_status(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view status = text.substr(0, colon);
  const bool times = colon == std::string_view::npos || is_number(text.substr(colon + 1));
  return times && status.size() == 3 && is_number(status) && status >= "400" && status < "600";
}

/// What the values of a switch look like; "" when `value` is one of them.
std::string wanted_instead(const FaultInfo& fault, const std::string& value) {
  switch (fault.takes) {
    case Takes::flag:
      return value == "on" || value == "off" ? "" : "on or off";
    case Takes::choice: {
      const std::vector<std::string> choices = split(fault.choices, '|');
      return std::find(choices.begin(), choices.end(), value) != choices.end() ? "" : join(choices, ", ");
    }
    case Takes::number:
      return is_number(value) || value == "off" ? "" : "a whole number, or off";
    case Takes::status:
      return is_status(value) || value == "off" ? "" : "a status from 400 to 599, STATUS:TIMES, or off";
    case Takes::text:
      return value.empty() ? "a name" : "";
  }
  return {};
}

}  // namespace

std::span<const FaultInfo> fault_table() {
  return table;
}

void Faults::set(std::string_view text) {
  const std::size_t equals = text.find('=');
  const FaultInfo& fault = fault_named(text.substr(0, equals));
  if (equals != std::string_view::npos) {
    set(fault.name, std::string(text.substr(equals + 1)));
    return;
  }
  if (fault.implied.empty()) {
    throw Error(Kind::usage, fmt::format("the fault \"{}\" needs a value", fault.name),
                fmt::format("give {}=VALUE: {}", fault.name, fault.meaning));
  }
  set(fault.name, std::string(fault.implied));
}

void Faults::set(std::string_view name, const std::optional<std::string>& value) {
  const FaultInfo& fault = fault_named(name);
  if (!value) {
    values_.erase(std::string(name));
    return;
  }
  if (const std::string wanted = wanted_instead(fault, *value); !wanted.empty()) {
    throw Error(Kind::usage, fmt::format("the fault \"{}\" cannot be \"{}\"", name, printable(*value, 80)),
                fmt::format("it takes {}", wanted));
  }
  values_.insert_or_assign(std::string(name), *value);
}

std::string Faults::text(std::string_view name) const {
  const auto found = values_.find(name);
  std::string value = found != values_.end() ? found->second : std::string(fault_named(name).preset);
  // Only a choice can mean something by "off" that its reader wants to see.
  return value == "off" && fault_named(name).takes != Takes::choice ? "" : value;
}

bool Faults::on(std::string_view name) const {
  return !text(name).empty();
}

std::optional<long> Faults::number(std::string_view name) const {
  const std::string value = text(name);
  if (value.empty()) return std::nullopt;
  return std::stol(value);
}

std::optional<int> Faults::take_status(std::string_view name) {
  const std::string value = text(name);
  if (value.empty()) return std::nullopt;
  const std::size_t colon = value.find(':');
  const int status = std::stoi(value.substr(0, colon));
  if (colon == std::string::npos) return status;
  const long left = std::stol(value.substr(colon + 1));
  if (left <= 1) {
    values_.erase(std::string(name));
    if (left == 0) return std::nullopt;
  } else {
    values_.insert_or_assign(std::string(name), fmt::format("{}:{}", status, left - 1));
  }
  return status;
}

}  // namespace offstage::practice_heroku
