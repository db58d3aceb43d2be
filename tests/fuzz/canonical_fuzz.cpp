// Requests of any bytes: their one form, and what a tape answers to them.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "fuzz/require.h"
#include "recording/tape.h"

using namespace offstage;
using namespace offstage::recording;
using fuzz::require;

namespace {

/// Takes what comes before the next `end` off `text`, and `end` itself.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

/// "POST https://a.test/x", a header a line, an empty line, the body.
Request request_from(std::string_view text) {
  Request request;
  request.method = take_until(text, ' ');
  request.url = take_until(text, '\n');
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (line.empty()) {
      request.body = text;
      break;
    }
    const std::string name(take_until(line, ':'));
    request.headers.emplace_back(name, trimmed(line));
  }
  return request;
}

TrafficRules rules() {
  TrafficRules rules;
  rules.volatile_fields = {"_", "ts"};
  rules.key_headers = {"X-Range"};
  rules.unanswered = {"https://a.test/metrics*"};
  return rules;
}

Exchange exchange_of(const Request& request, int epoch) {
  Exchange exchange;
  exchange.method = request.method;
  exchange.url = request.url;
  exchange.request_headers = request.headers;
  exchange.request_body = request.body;
  exchange.status = 200;
  exchange.mutation = request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
  exchange.epoch = epoch;
  return exchange;
}

/// What the seeds ask for: a sign-in with a state of the page's own, a list, a change, the list again.
Recording small_recording() {
  Recording recording;
  recording.placeholders = {{"offstage-token-state-1", "token", "state", true},
                            {"offstage-token-csrf-1", "token", "csrf", false}};
  for (const char* text :
       {"GET "
        "https://a.test/authorize?state=offstage-token-state-1&next=https://a.test/"
        "cb?s=offstage-token-state-1",
        "POST https://a.test/login\ncontent-type: application/x-www-form-urlencoded\n\n"
        "user=dana&csrf=offstage-token-csrf-1",
        "GET https://a.test/members?page=1\naccept: application/json\nx-range: email ..",
        "PUT https://a.test/members/offstage-token-state-1\ncontent-type: application/json\n\n"
        R"({"id":"offstage-token-state-1","roles":["admin",{"ts":1}]})",
        "GET https://a.test/members?page=1\naccept: application/json\nx-range: email .."}) {
    const int epoch = static_cast<int>(recording.exchanges.size()) / 2;
    recording.exchanges.push_back(exchange_of(request_from(text), epoch));
  }
  recording.exchanges[0].response_headers = {{"Location", "/cb?s=offstage-token-state-1"}};
  recording.exchanges[1].response_headers = {{"Set-Cookie", "sid=1"}};
  recording.exchanges[2].request_headers.emplace_back("cookie", "sid=1");
  recording.exchanges[4].response_body = "[\"offstage-token-state-1\", \"/x?s=offstage-token-state-1\"]";
  return recording;
}

void check_form(const Request& request) {
  const Address address = address_of(request.url);
  require(address_of(address.text()) == address, "the one form of an address is its own form");
  require(!address.path.empty() && address.path.size() <= most_fields && address.query.size() <= most_fields,
          "an address has a path, and no more parts than are compared");
  const Canonical form = canonical(request, rules());
  require(form == canonical(request, rules()), "a request has one form");
  require(form.body.fields.size() <= most_fields, "a body has no more fields than are compared");
  for (const RequestField& field : form.address.query)
    require(field.name != "ts" && field.name != "_", "volatile parameters are left out");
  require(agree(form, form, std::equal_to<>()), "a request agrees with itself");
  require(!difference(form, form, std::equal_to<>()), "a request does not differ from itself");
  require(likeness(form, form, std::equal_to<>()) > 0, "a request is like itself");
}

void check_miss(const Miss& miss) {
  std::string text = miss.explain();
  const std::size_t line = text.find('\n');
  if (line != std::string::npos) text.erase(line, 1);
  require(!text.empty() && printable(text) == text, "a miss is told in one or two printable lines");
}

/// Whatever was recorded is answered when the same is asked.
void check_replay(const Request& request) {
  Recording recording;
  recording.exchanges = {exchange_of(request, 0)};
  Tape tape(recording, rules());
  require(std::holds_alternative<Answer>(tape.answer(request)), "what was recorded is answered");
  require(tape.unconsumed().empty(), "what was answered is consumed");
  const bool again = std::holds_alternative<Answer>(tape.answer(request));
  const bool change = recording.exchanges[0].mutation && !tape.may_stay_unanswered(request);
  require(again != change, "reads are answered again, changes are not");
}

/// The requests of the small recording, and this one between them.
void check_tape(const Request& request) {
  static const Recording recording = small_recording();
  Tape tape(recording, rules());
  const auto ask = [&] {
    const std::size_t before = tape.unconsumed().size();
    const auto answer = tape.answer(request);
    if (const Miss* miss = std::get_if<Miss>(&answer)) {
      check_miss(*miss);
      require(tape.unconsumed().size() == before, "a miss consumes nothing");
    }
    require(tape.epoch() + static_cast<int>(tape.unconsumed().size()) == 2, "each change opens an epoch");
  };
  ask();
  for (const Exchange& exchange : recording.exchanges) {
    tape.answer(request_of(exchange));
    ask();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Request request = request_from({reinterpret_cast<const char*>(data), size});
  check_form(request);
  check_replay(request);
  check_tape(request);
  return 0;
}
