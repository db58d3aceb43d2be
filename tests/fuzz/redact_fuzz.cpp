// Bytes become what a small recording holds, with known secrets among them: whatever they are, the redactor
// refuses or gives back a recording in which no known secret stands.
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "recording/redact.h"

namespace {

using namespace offstage;
using namespace offstage::recording;

constexpr const char* password = "corr&ct h0rse/b+ttery";
constexpr const char* session = "Zk9-2pQ7x_81mN";
constexpr const char* address = "dana.whitfield@corp.io";
constexpr const char* code = "482913";

/// The part at `index` of those that zero bytes divide; `~p`, `~s`, `~a` and `~c` in it are the known
/// secrets.
std::string part_of(const std::string& input, std::size_t index) {
  std::size_t begin = 0;
  for (; index > 0 && begin != std::string::npos; --index) {
    begin = input.find('\0', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  std::string out;
  for (const char c : input.substr(begin, input.find('\0', begin) - begin)) {
    const bool marked = out.ends_with('~');
    if (!marked || (c != 'p' && c != 's' && c != 'a' && c != 'c')) {
      out += c;
      continue;
    }
    out.pop_back();
    out += c == 'p' ? password : c == 's' ? session : c == 'a' ? address : code;
  }
  return out;
}

Recording recording_of(const std::string& input) {
  constexpr std::array<const char*, 8> types{"text/html",
                                             "application/json",
                                             "application/x-www-form-urlencoded",
                                             "multipart/form-data; boundary=x",
                                             "text/javascript",
                                             "image/png",
                                             "text/event-stream",
                                             ""};
  const auto choice = static_cast<unsigned char>(input.empty() ? '\0' : input[0]);
  Recording recording;
  recording.title = part_of(input, 1);
  recording.start_url = "https://a.test/?" + part_of(input, 2);
  recording.arguments = {{"user", part_of(input, 3)}};
  Exchange exchange;
  exchange.url = "https://a.test/" + part_of(input, 4);
  exchange.request_headers = {{"Cookie", "id=" + std::string(session) + "; " + part_of(input, 5)},
                              {"Authorization", part_of(input, 6)},
                              {"Content-Type", types[choice % 8]}};
  exchange.request_body = part_of(input, 7);
  exchange.response_headers = {{"Content-Type", types[choice / 8 % 8]},
                               {"Set-Cookie", part_of(input, 8)},
                               {"Location", part_of(input, 9)}};
  exchange.response_body = part_of(input, 10);
  recording.exchanges = {exchange, exchange};
  Snapshot snapshot;
  snapshot.html = part_of(input, 10);
  snapshot.seen = {part_of(input, 3), part_of(input, 1)};
  recording.snapshots = {snapshot};
  return recording;
}

bool is_letter_or_digit(const std::string& text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

/// Whether the code stands there by itself: inside of a longer word it is something else.
bool has_code(const std::string& text) {
  for (std::size_t at = text.find(code); at != std::string::npos; at = text.find(code, at + 1)) {
    const bool inside =
        (at > 0 && is_letter_or_digit(text, at - 1)) || is_letter_or_digit(text, at + std::strlen(code));
    if (!inside) return true;
  }
  return false;
}

/// Whether what stands at `at` may begin inside of an escape, which makes something else of it: in "%3dana@…"
/// there is no "dana@…".
bool may_be_inside_escape(const std::string& text, std::size_t at) {
  constexpr std::size_t longest_escape = 24;
  for (std::size_t back = 1; back <= longest_escape && back <= at; ++back) {
    const char c = text[at - back];
    if (c == '%' || c == '\\' || c == '&') return true;
    if (c != '#' && !is_letter_or_digit(text, at - back)) return false;
  }
  return false;
}

bool has_address(const std::string& text) {
  const std::string lower = ascii_lower(text);
  for (std::size_t at = lower.find(address); at != std::string::npos; at = lower.find(address, at + 1)) {
    // With a letter behind it, the domain is another one.
    if (!may_be_inside_escape(lower, at) && !is_letter_or_digit(lower, at + std::strlen(address)))
      return true;
  }
  return false;
}

void must_not_hold(const std::string& text, const char* where) {
  const bool secret = text.find(password) != std::string::npos || text.find(session) != std::string::npos;
  const bool person = has_address(text);
  if (!secret && !person && !has_code(text)) return;
  std::fprintf(stderr, "a known %s survives in %s\n", secret ? "secret" : person ? "address" : "code", where);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  Redactor redactor{TrafficRules{}};
  redactor.add_secret("password", Secret(password));
  redactor.add_secret("email", Secret(address));
  redactor.add_code(Secret(code));
  try {
    const Recording out = redactor.redact(recording_of(input));
    must_not_hold(out.title, "the title");
    must_not_hold(out.start_url, "start_url");
    must_not_hold(out.arguments.dump(-1, ' ', false, Json::error_handler_t::replace), "arguments");
    for (const Exchange& each : out.exchanges) {
      must_not_hold(each.url, "the URL");
      must_not_hold(*each.request_body, "the request's body");
      must_not_hold(each.response_body, "the answer's body");
      for (const auto& [name, value] : each.request_headers)
        must_not_hold(value, "a header of the request");
      for (const auto& [name, value] : each.response_headers)
        must_not_hold(value, "a header of the answer");
    }
    must_not_hold(out.snapshots[0].html, "a snapshot");
    must_not_hold(out.snapshots[0].seen.dump(-1, ' ', false, Json::error_handler_t::replace),
                  "what was seen");
    for (const Placeholder& each : out.placeholders)
      must_not_hold(each.text + " " + each.name, "a placeholder");
  } catch (const Error& error) {
    if (error.kind() != Kind::refused) std::abort();
    must_not_hold(error.explain(), "the refusal");
  }
  return 0;
}
