#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "browser/query.h"

namespace offstage::recording {

/// Header fields in the order and the case in which they came; a repeated name stands as often as it came.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of a header by its name in any case; nothing when it is absent, the first when it is repeated.
std::optional<std::string> header(const Headers& headers, std::string_view name);

/// One hop: one request as it left the page, and what answered it. A redirect and its target are two. A
/// value.
struct Exchange {
  std::string method = "GET";
  std::string url;  ///< whole, with its query, without its fragment
  Headers request_headers;
  std::optional<std::string> request_body;  ///< bytes as sent
  std::string resource_type;                ///< Chrome's word: "Document", "XHR", "Fetch", "Script", "Other"
  int status = 0;                           ///< 0: it was never answered; `failure` says why
  std::string status_text;
  Headers response_headers;   ///< every Set-Cookie one of its own; no Content-Encoding or Content-Length
  std::string response_body;  ///< bytes, decoded; empty for redirects
  std::string failure;  ///< Chrome's word when there was no answer: "ConnectionRefused" (Network.ErrorReason)
  std::string started_at;   ///< RFC 3339, with milliseconds
  double milliseconds = 0;  ///< from then until the whole answer was there
  /// Whether it changes something on the console: any method but GET, HEAD and OPTIONS, unless the connector
  /// declares it a read.
  bool mutation = false;
  /// How many mutations were over when this was sent. One that got no answer opens the next epoch as well:
  /// the console may have made the change all the same.
  int epoch = 0;
  std::optional<std::size_t> redirected_from;  ///< the index of the hop that led here

  bool operator==(const Exchange&) const = default;
};

/// The page at the moment when a step of a script looked at it or acted on it, and what it saw. Replayed
/// without a browser: the same step of today's script must see the same in it. A value.
struct Snapshot {
  enum class What {
    target,   ///< the element of an action: one match, at least
    expect,   ///< a condition that held
    extract,  ///< rows read from one page of a listing
  };
  What what = What::target;
  std::string script;                   ///< the file's name: "list-access.json"
  std::string step;                     ///< its JSON Pointer: "/steps/2"
  std::string url;                      ///< of the document
  std::string html;                     ///< as Page::html gives it, without scripts
  std::vector<browser::Within> within;  ///< the rows that the step was narrowed to, outermost first
  Json variables = Json::object();      ///< what the step's placeholders stood for; no secrets
  Json seen;                            ///< of an extraction: the rows; else null

  bool operator==(const Snapshot&) const = default;
};

/// A JavaScript dialog that opened, as evidence: replay opens the same ones, since they come from the page.
struct DialogSeen {
  std::string type;
  std::string message;
  bool operator==(const DialogSeen&) const = default;
};

/// How a run ended, and what it left: what a replay must come to as well. A value.
struct Ending {
  std::string kind = "ok";         ///< "ok", or the name of an error kind (base/error.h)
  std::string message;             ///< of the error; for people, never compared
  Json variables = Json::array();  ///< what the scripts extracted: {script, set} for each that was played
  Json commits = Json::array();    ///< {script, step, target, outcome, method, url, status} each

  bool operator==(const Ending&) const = default;
};

/// A script of a recording: those that are played, in order, in one context, each with the same arguments;
/// and those that they run.
struct RecordedScript {
  std::string file;    ///< relative to the folder of the connector's scripts, or to the recording
  std::string sha256;  ///< of its bytes when it was recorded
  std::string text;    ///< its bytes: what has changed since can be told
  bool played = true;  ///< false: another one runs it
  bool operator==(const RecordedScript&) const = default;
};

/// A value that is not what it was: what stood there was a secret, a token or a person.
struct Placeholder {
  std::string text;  ///< what stands in its place, wherever it occurred: "offstage-cookie-session-1"
  std::string kind;  ///< "secret", "code", "cookie", "token", "id", "address", "name"
  std::string name;  ///< of what: the cookie's, the field's, the secret's; empty for people
  /// The page made it up (a `state`, a nonce): in a replay it will have another value, which is then bound to
  /// this placeholder wherever it stands.
  bool from_page = false;
  bool operator==(const Placeholder&) const = default;
};

/// One recorded run: its network exchanges, what was seen of its pages, and how it ended. Whatever stands in
/// one that was written has been redacted. A value; large.
struct Recording {
  std::string title;
  std::string connector;    ///< its id; empty for scripts without a connector
  std::string origin_note;  ///< where it was made: "practice console", "live console", "imported from …"
  std::vector<RecordedScript> scripts;
  Json arguments = Json::object();
  std::string start_url;  ///< opened before the first script; empty: none
  Json versions = Json::object();
  std::string started_at;  ///< RFC 3339: what a replay's pages take the time to be at its start
  std::string time_zone;   ///< IANA name, as the page saw it
  std::vector<std::pair<std::string, std::string>> secrets;  ///< name -> placeholder to be given in a replay
  std::vector<std::string> codes;  ///< the one-time codes to be given, in order: placeholders too
  std::vector<Placeholder> placeholders;
  std::vector<Exchange> exchanges;
  std::vector<std::string> websockets;  ///< addresses that pages opened a WebSocket to: declared absences
  std::vector<DialogSeen> dialogs;
  std::vector<Snapshot> snapshots;
  Ending ending;

  bool operator==(const Recording&) const = default;
};

/// What a connector says of its console's traffic (`recording` in connector.json). A value.
struct TrafficRules {
  /// Requests that change nothing although their method says so: URL patterns (`*`).
  std::vector<std::string> reads;
  /// Query parameters and form or JSON fields (by name) whose values differ from run to run and mean nothing.
  std::vector<std::string> volatile_fields;
  /// Request headers that choose what is answered, besides `Range`: "X-Range".
  std::vector<std::string> key_headers;
  /// Requests that may stay unanswered, and unsent, in a replay, because nothing depends on them: URL
  /// patterns.
  std::vector<std::string> unanswered;
  /// Names of fields (JSON, form, query, header, `<meta>`, hidden inputs) whose values are tokens, besides
  /// those that are known everywhere.
  std::vector<std::string> tokens;
  /// Values that look random but are public, as regular expressions: digests of the console's own files.
  std::vector<std::string> public_values;
};

/// Whether a request changes something on the console: any method but GET, HEAD and OPTIONS, unless the rules
/// declare it a read, or nothing depends on it.
bool changes_something(std::string_view method, const std::string& url, const TrafficRules& rules);

}  // namespace offstage::recording
