#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "har_support.h"
#include "recording/faults.h"
#include "recording/story.h"

namespace offstage::recording_story_test {

using namespace recording;
using Catch::Matchers::Contains;
using test::awkward_recording;

namespace {

/// A recording with nothing wrong.
Recording sound_recording() {
  Recording recording = awkward_recording();
  recording.snapshots[0].html = "<p></p>";
  return recording;
}

std::vector<std::string> texts_of(const Recording& recording) {
  std::vector<std::string> texts;
  for (const Fault& fault : faults(recording))
    texts.push_back(fault.place + ": " + fault.text);
  return texts;
}

/// The one fault of a recording, as a line.
std::string only_fault(const Recording& recording) {
  const std::vector<std::string> texts = texts_of(recording);
  return texts.size() == 1 ? texts.front() : fmt::format("{} faults: {}", texts.size(), join(texts, "; "));
}

}  // namespace

TEST_CASE("the story of a recording reads from its title to its ending", "[recording][story]") {
  Recording recording = awkward_recording();
  recording.title = "Remove a member";
  CHECK(story(recording) == R"(Remove a member
  made: 2026-01-31T09:30:00.000Z (Europe/Berlin)
  where: practice console
  connector: example
  opened first: https://console.example.test/

Scripts
  sign-in.json  sha256 aaaaaaaaaaaa
  remove-member.json  sha256 bbbbbbbbbbbb
  answer-cookies.json  sha256 cccccccccccc

Arguments
  user: user1@example.test
  z: 1
  a: [1.5,null,true]

What stands for something else
  offstage-cookie-session-1: cookie session
  offstage-secret-password: secret password
  offstage-secret-again: secret password
  offstage-code-1: code
  offstage-code-2: code
  offstage-token-state-1: token state (another in each replay)

Steps
  sign-in.json
    /steps/1/parameters/steps/0 saw on console.example.test/members
    /steps/3 read on console.example.test/members: 1 row
  remove-member.json
    /steps/2 acted on console.example.test/members, in the row of "user1@example.test"

Requests (* changes something)
  before any change
    * POST    302       0 B  console.example.test/login?state=offstage-token-state-1&bad=%ff&plus=…
  after 1 change
      GET     200      16 B  console.example.test/members
      GET     200      94 B  console.example.test/api/members
      GET     200      11 B  console.example.test/logo
      GET     200       4 B  console.example.test/logo
    * DELETE  204       0 B  console.example.test/api/members/user1%40example.test
    * PUT     204       0 B  console.example.test/api/members/user1%40example.test
  after 3 changes
      GET       -       0 B  net::ERR_CONNECTION_REFUSED console.example.test/favicon.ico

What it changed
  1. POST console.example.test/login?state=offstage-token-state-1&bad=…: 302 Found
  2. DELETE console.example.test/api/members/user1%40example.test: 204
  3. PUT console.example.test/api/members/user1%40example.test: 204
  commit lost: user1@example.test (remove-member.json /steps/4)

Dialogs
  confirm: Really?\nYes \u{1b}[31m

WebSockets, which are not replayed
  wss://live.example.test/socket

Ending
  unknown: the answer was lost
  grants: 1 row
)");
}

TEST_CASE("a page's text cannot change the story around it", "[recording][story]") {
  Recording recording = awkward_recording();
  recording.title = "a\nb\x1b[2J";
  recording.dialogs[0].message = "x\nEnding\n  ok";
  recording.exchanges[0].url += "\n\x1b[31m\u202e";
  recording.exchanges[0].method = "PO\nST";
  recording.snapshots[0].script = "x\ny";
  recording.ending.message = "\x1b]0;title\x07";
  const std::string text = story(recording);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, !Contains("\u202e"));
  CHECK_THAT(text, Contains("confirm: x\\nEnding\\n  ok"));
}

TEST_CASE("no line of a story reaches 100 columns", "[recording][story]") {
  Recording recording = awkward_recording();
  const std::string many(300, 'x');
  recording.title = recording.origin_note = recording.start_url = recording.ending.message = many;
  recording.exchanges[0].url = "https://" + many;
  recording.exchanges[0].method = many;
  recording.exchanges[0].status_text = many;
  recording.snapshots[0].url = recording.snapshots[1].script = many;
  recording.arguments[many] = many;
  recording.websockets = {many};
  for (const std::string& line : split(story(recording), '\n')) {
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    CHECK(columns < 100);
  }
}

TEST_CASE("requests that are alike are told once", "[recording][story]") {
  Recording recording = awkward_recording();
  recording.exchanges = {recording.exchanges[1], recording.exchanges[1], recording.exchanges[1]};
  CHECK_THAT(story(recording), Contains("3 times console.example.test/members"));
}

TEST_CASE("a recording that is as it should be has no faults", "[recording][faults]") {
  CHECK(texts_of(sound_recording()) == std::vector<std::string>{});
}

TEST_CASE("a redirect from nowhere is a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[1].redirected_from = 99;
  CHECK_THAT(only_fault(recording),
             Contains("request 2 (GET https://console.example.test/members): was redirected "
                      "from request 100, which is not there"));
  recording.exchanges[1].redirected_from = 1;
  CHECK_THAT(only_fault(recording), Contains("which is not before it"));
  recording = sound_recording();
  recording.exchanges[2].redirected_from = 1;
  CHECK_THAT(only_fault(recording), Contains("which answered 200"));
}

TEST_CASE("epochs that go backwards, or ahead of the changes, are faults", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[2].epoch = 0;
  CHECK_THAT(only_fault(recording), Contains("is of epoch 0, and a request before it of epoch 1"));
  recording = sound_recording();
  recording.exchanges[7].epoch = 4;
  CHECK_THAT(only_fault(recording), Contains("is of epoch 4, and only 3 before it changed something"));
}

TEST_CASE("a change that was never answered is a warning", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[7].method = "POST";
  recording.exchanges[7].mutation = true;
  CHECK_THAT(only_fault(recording), Contains("changes something and was never answered"));
  CHECK(faults(recording).front().level == Fault::Level::warning);
}

TEST_CASE("what was sent after a change without an answer may be of the next epoch", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[6].status = 0;
  recording.exchanges[6].failure = "ConnectionReset";
  CHECK_THAT(only_fault(recording), Contains("changes something and was never answered"));
}

TEST_CASE("an answer that contradicts itself is a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[7].failure = "";
  CHECK_THAT(only_fault(recording), Contains("nothing says why"));
  recording = sound_recording();
  recording.exchanges[1].response_headers.emplace_back("content-length", "16");
  CHECK_THAT(only_fault(recording), Contains("keeps Content-Length"));
  recording = sound_recording();
  recording.exchanges[1].mutation = true;
  CHECK_THAT(only_fault(recording), Contains("its method cannot"));
}

TEST_CASE("requests out of their order are a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.exchanges[2].started_at = "2026-01-31T09:00:00.000Z";
  CHECK_THAT(only_fault(recording), Contains("started before the request that stands before it"));
  recording.exchanges[2].started_at = "soon";
  CHECK_THAT(only_fault(recording), Contains("\"soon\", is no date and time"));
}

TEST_CASE("a snapshot of a script that is not listed is a warning", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.snapshots[0].script = "other.json";
  CHECK_THAT(only_fault(recording),
             Contains("snapshot 1 (other.json /steps/1/parameters/steps/0): its script is none"));
  CHECK(faults(recording).front().level == Fault::Level::warning);
}

TEST_CASE("a snapshot without what it saw is a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.snapshots[1].seen = nullptr;
  CHECK_THAT(only_fault(recording), Contains("was read from, and has no rows"));
}

TEST_CASE("a placeholder that occurs nowhere is a warning", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.placeholders.push_back({"offstage-token-unused", "token", "", false});
  CHECK_THAT(only_fault(recording), Contains("placeholder offstage-token-unused: occurs nowhere"));
  CHECK(faults(recording).front().level == Fault::Level::warning);
}

TEST_CASE("a placeholder counts wherever it stands encoded", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.placeholders.push_back({"user7@example.test", "address", "", false});
  recording.exchanges[1].url += "?who=user7%40example.test";
  CHECK(texts_of(recording) == std::vector<std::string>{});
}

TEST_CASE("a secret or a code without a placeholder is a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.codes.emplace_back("123456");
  CHECK_THAT(only_fault(recording),
             Contains("code 3: what stands in its place is not among the placeholders"));
}

TEST_CASE("an ending of no known kind is a fault", "[recording][faults]") {
  Recording recording = sound_recording();
  recording.ending.kind = "fine";
  CHECK_THAT(only_fault(recording), Contains("\"fine\" is no kind of ending"));
}

}  // namespace offstage::recording_story_test
