// Whatever a page says, a plan and a result are told in lines that cannot speak to the terminal, and a report
// has the tags and lines that it has of harmless text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "fuzz/require.h"
#include "memory_folder.h"
#include "offboarding/paint.h"
#include "offboarding/plan_table.h"
#include "offboarding/report.h"
#include "offboarding/result.h"

using namespace offstage;
using namespace offstage::offboarding;
using fuzz::require;

namespace {

/// Two bytes of choices, then the texts of a page, divided by zero bytes.
struct Input {
  unsigned first = 0;
  unsigned second = 0;
  std::vector<std::string> parts;

  /// The text for a place; there are fewer of them than places.
  std::string part(std::size_t place) const { return parts[place % parts.size()]; }
};

Input input_from(const std::string& bytes) {
  Input input;
  if (!bytes.empty()) input.first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() > 1) input.second = static_cast<unsigned char>(bytes[1]);
  input.parts = split(bytes.size() > 2 ? bytes.substr(2) : "", '\0');
  return input;
}

/// The same, with every text harmless.
Input harmless(Input input) {
  for (std::string& part : input.parts)
    part = part.empty() ? "" : "x";
  return input;
}

Action action_of(const Input& input, std::size_t number) {
  Action action;
  action.id = "action" + std::to_string(number);
  action.resource = {input.part(number + 1), "id" + std::to_string(number), input.part(number + 2)};
  action.why = input.part(number + 3);
  if (((input.first >> number) & 1U) != 0) {
    action.does = Action::Does::remove;
    action.people = input.second;
    return action;
  }
  Grant grant;
  grant.user = input.part(number);
  grant.resource = action.resource;
  grant.listed_on = {input.part(number + 3), "id0", input.part(number + 4)};
  grant.role = input.part(number + 5);
  grant.state = input.part(number + 6);
  grant.marks = {input.part(number + 7), input.part(number + 8)};
  grant.privileged = ((input.second >> number) & 1U) != 0;
  action.grant = std::move(grant);
  return action;
}

Plan plan_of(const Input& input) {
  Plan plan;
  plan.connector = input.part(0);
  plan.title = input.part(1);
  plan.account = input.part(2);
  if ((input.first & 8U) != 0) {
    plan.request = RemoveTeam{input.part(3)};
  } else {
    plan.request = RemoveUser{input.part(3), {input.part(4)}};
  }
  plan.observed_at = input.part(5);
  for (std::size_t number = 0; number < ((input.first >> 4) & 3U); ++number)
    plan.actions.push_back(action_of(input, number));
  plan.verdicts = {{input.part(6), Verdict::Judgement::note, input.part(7), input.part(8)},
                   {input.part(9), Verdict::Judgement::pass, "", input.part(1)}};
  if ((input.second & 1U) != 0)
    plan.verdicts.push_back({input.part(1), Verdict::Judgement::refuse, "", input.part(2)});
  plan.listings = {{{input.part(4), "id0", input.part(5)}, input.part(6), 3, 2, input.part(7)}};
  plan.digest = std::string(64, 'a');
  return plan;
}

Result result_of(const Input& input) {
  Result result;
  result.run = input.part(0);
  result.plan = plan_of(input);
  result.approval = {Approval::How::terminal, input.part(1), input.part(2), input.part(3)};
  result.by = input.part(4);
  result.reason = input.part(5);
  result.started_at = input.part(6);
  result.finished_at = input.part(7);
  unsigned choice = input.second;
  for (const Action& action : result.plan.actions) {
    ActionResult one;
    one.action = action;
    one.outcome = static_cast<ActionResult::Outcome>(choice % 6);
    if (choice % 6 >= 2) one.kind = Kind::drift;
    one.text = input.part(choice);
    one.hint = input.part(choice + 1);
    one.committed_at = input.part(choice + 2);
    one.verified_at = input.part(choice + 3);
    result.actions.push_back(std::move(one));
    choice /= 6;
  }
  result.report = input.part(8);
  return result;
}

std::vector<Entry> journal_of(const Input& input) {
  std::vector<Entry> journal;
  for (int event = 0; event <= static_cast<int>(Event::run_finished); ++event) {
    const auto place = static_cast<std::size_t>(event);
    Json data{{"status", event}, {"urls", {input.part(place), input.part(place + 1)}}};
    std::size_t next = place;
    for (const char* name : {"account", "by", "digest", "why", "method", "target", "outcome", "url", "seen",
                             "words", "what", "when", "how", "kind", "text", "message"})
      data[name] = input.part(++next);
    journal.push_back({event, input.part(place), "run", static_cast<Event>(event), "action0", data});
  }
  return journal;
}

Listing listing_of(const Input& input, std::size_t place) {
  Listing listing;
  listing.resource = {input.part(3), "id0", input.part(place)};
  for (const Action& action : plan_of(input).actions) {
    if (action.grant) listing.grants.push_back(*action.grant);
  }
  listing.taken_at = input.part(place + 1);
  return listing;
}

/// Evidence with a picture, in memory.
const Evidence& evidence() {
  static const TemporaryFolder folder = test::memory_folder();
  static const Evidence made = [] {
    Evidence evidence(folder.path() / "evidence");
    evidence.add_screenshot("action0", "before", "png");
    return evidence;
  }();
  return made;
}

std::string report_of(const Input& input) {
  Observation before;
  before.listings = {listing_of(input, 3)};
  const Json versions{{"chrome", input.part(1)}, {"of " + input.part(2), {input.part(3), nullptr, 1.5}}};
  return report(result_of(input), before, {listing_of(input, 6)}, journal_of(input), versions, evidence());
}

/// The tags of a page in their order, what their attributes hold left out.
std::string tags(const std::string& page) {
  std::string out;
  bool in_tag = false;
  bool in_value = false;
  for (const char c : page) {
    if (c == '"' && in_tag) in_value = !in_value;
    if (c == '<') in_tag = true;
    if (in_tag && (!in_value || c == '"' || c == '<')) out += c;
    if (c == '>' && !in_value) in_tag = false;
    if (c == '\n') out += c;
  }
  return out;
}

/// Colour codes of our own taken out.
std::string plain(std::string text) {
  for (const char* code : {"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"}) {
    for (std::size_t at = text.find(code); at != std::string::npos; at = text.find(code, at))
      text.erase(at, std::string(code).size());
  }
  return text;
}

void check_lines(const std::string& text, const std::string& expected) {
  require(text.ends_with('\n'), "what is told ends with its line");
  const std::vector<std::string> lines = split(text, '\n');
  require(lines.size() == split(expected, '\n').size(), "no text makes a line of its own");
  for (const std::string& line : lines)
    require(printable(line) == line, "every line is printable");
}

void check_width(const std::string& table, const Layout& layout) {
  for (const std::string& line : split(table.substr(table.find('\n') + 1), '\n')) {
    if (line.starts_with("  -   "))
      require(columns(line) <= static_cast<std::size_t>(std::max(layout.width, 60)), "a row fits");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Input input = input_from({reinterpret_cast<const char*>(bytes), size});
  const Input other = harmless(input);
  const Layout layout{40 + static_cast<int>(input.second), (input.first & 128U) != 0};
  const Layout bare{layout.width, false};

  const std::string table = plan_table(plan_of(input), bare);
  check_lines(table, plan_table(plan_of(other), bare));
  check_width(table, layout);
  require(plain(plan_table(plan_of(input), {layout.width, true})) == table, "colours change no text");

  const Result result = result_of(input);
  check_lines(plain(result_summary(result, layout)), result_summary(result_of(other), bare));
  const std::string json = compact(as_json(result));
  require(is_valid_utf8(json) && Json::accept(json), "a result is JSON");

  if ((input.first & 64U) == 0) return 0;  // a report takes its time
  const std::string page = report_of(input);
  require(tags(page) == tags(report_of(other)), "no text becomes a tag or a line of a report");
  for (const std::string& line : split(page, '\n'))
    require(printable(line) == line, "a report is printable");
  return 0;
}
