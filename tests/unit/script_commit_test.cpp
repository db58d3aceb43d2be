#include <catch2/catch.hpp>

#include "commit_console.h"
#include "has.h"

namespace offstage::script_commit_test {

using namespace test;
using Outcome = script::CommitReport::Outcome;
using Strings = std::vector<std::string>;

TEST_CASE("a commit is announced, sent once, seen to be done, and reported", "[script][commit]") {
  Console console;
  console.notes.on_intent = [&] { CHECK(console.page.sent.empty()); };
  console.play(commit());
  CHECK(console.page.sent == Strings{"DELETE " + bob});
  CHECK(console.report().outcome == Outcome::done);
  CHECK(console.report().status == 200);
  CHECK(console.notes.intents[0].target == "bob@x.com");
  CHECK(console.notes.intents[0].step == "/steps/0");
  CHECK(console.notes.intents[0].urls == Strings{bob});
  CHECK(has(console.notes.intents[0].script, "test.json@sha256:"));
}

TEST_CASE("the click of a commit is guarded by its confirmation and asks for one element",
          "[script][commit]") {
  Console console;
  console.play(commit());
  REQUIRE(console.page.clicks.size() == 1);
  REQUIRE(console.page.clicks[0].guard.size() == 1);
  CHECK(console.page.clicks[0].guard[0].names == "bob@x.com");
  CHECK(console.page.clicks[0].guard[0].must_be_visible);
  CHECK(console.page.queries.back().unique);
}

TEST_CASE("nothing is announced or sent when the page does not confirm the target", "[script][commit]") {
  Console console;
  console.page.elements[".dialog"] = {"Remove eve@x.com ?"};
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "the page does not confirm bob@x.com"));
  CHECK(console.notes.intents.empty());
  CHECK(console.page.sent.empty());
}

TEST_CASE("a confirmation that holds when nothing matches names nobody", "[script][commit]") {
  for (const std::string word : {"names", "text"}) {
    for (const std::string none : {"'count':0", "'operator':'<='"}) {
      CAPTURE(word, none);
      Console console;
      console.page.elements[".dialog"] = {"Remove somebody-else@x.com ?"};
      std::string step = commit();
      const std::string names = "'names':'{{user}}'";
      step.replace(step.find(names), names.size(), "'" + word + "':'{{user}}'," + none);
      CHECK(console.fails(step).kind() == Kind::usage);
      CHECK(console.notes.intents.empty());
      CHECK(console.page.sent.empty());
    }
  }
}

TEST_CASE("a confirmation that changes before the event is seen by the guard, and nothing is sent",
          "[script][commit]") {
  Console console;
  console.notes.on_intent = [&] { console.page.elements[".dialog"] = {"Remove eve@x.com ?"}; };
  CHECK(console.fails(commit()).kind() == Kind::drift);
  CHECK(console.report().outcome == Outcome::not_sent);
  CHECK(console.page.sent.empty());
}

TEST_CASE("an intent that cannot be journaled stops the commit without a report", "[script][commit]") {
  Console console;
  console.notes.on_intent = [] { throw Error(Kind::usage, "the disk is full"); };
  CHECK(has(console.fails(commit()).message(), "the disk is full"));
  CHECK(console.notes.reports.empty());
  CHECK(console.page.clicks.empty());
}

TEST_CASE("a run that may not commit refuses before anything is done", "[script][commit]") {
  Console console;
  console.environment.may_commit = false;
  CHECK(console.fails(commit()).kind() == Kind::refused);
  CHECK(console.notes.intents.empty());
  CHECK(console.page.done.empty());
}

TEST_CASE("two elements that match the action are one too many", "[script][commit]") {
  Console console;
  console.page.elements["aria/Remove"].count = 2;
  CHECK(console.fails(commit()).kind() == Kind::drift);
  CHECK(console.report().outcome == Outcome::not_sent);
  CHECK(console.page.sent.empty());
}

TEST_CASE("a commit falls back to another label, never to CSS, XPath or pierce", "[script][commit]") {
  Console console;
  console.page.elements.erase("aria/Remove");
  console.page.elements["#remove"] = {"Remove"};
  console.page.on_click["#remove"] = [&] { console.press(); };
  CHECK(console.fails(commit("", "[['aria/Remove'],['#remove']]")).kind() == Kind::drift);
  CHECK(console.page.sent.empty());

  Console relabelled;
  relabelled.page.elements.erase("aria/Remove");
  relabelled.page.elements["aria/Delete"] = {"Delete"};
  relabelled.page.on_click["aria/Delete"] = [&] { relabelled.press(); };
  relabelled.play(commit("", "[['aria/Remove'],['#remove'],['aria/Delete']]"));
  CHECK(relabelled.report().outcome == Outcome::done);
  CHECK(relabelled.notes.weaker.size() == 1);
}

TEST_CASE("a commit whose first selector is no label uses that one only", "[script][commit]") {
  Console console;
  const std::string action = "[['[data-test=\\'remove\\']'],['aria/Remove']]";
  CHECK(console.fails(commit("", action)).kind() == Kind::drift);
  CHECK(console.page.sent.empty());
}

TEST_CASE("a request about somebody else is stopped before it leaves", "[script][commit]") {
  Console console;
  console.url = eve;
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "the page tried to send DELETE " + eve + " instead of DELETE " + bob));
  CHECK(has(error.message(), "stopped before it left"));
  CHECK(console.report().outcome == Outcome::not_sent);
  CHECK(console.page.sent.empty());
}

TEST_CASE("a click after which nothing is sent has changed nothing", "[script][commit]") {
  Console console;
  console.page.on_click.clear();
  console.page.elements[".flash"] = {"Not now"};
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "the page did not send DELETE"));
  CHECK(has(error.message(), "the console says \"Not now\""));
  CHECK(console.report().outcome == Outcome::not_sent);
}

TEST_CASE("each refusal of the console has its kind and brings its words", "[script][commit]") {
  const std::vector<std::tuple<int, Kind, Outcome>> cases{
      {401, Kind::unreachable, Outcome::refused}, {402, Kind::refused, Outcome::refused},
      {403, Kind::refused, Outcome::refused},     {422, Kind::refused, Outcome::refused},
      {429, Kind::busy, Outcome::refused},        {404, Kind::unknown, Outcome::lost},
      {500, Kind::unknown, Outcome::lost},        {302, Kind::unknown, Outcome::lost}};
  for (const auto& [status, kind, outcome] : cases) {
    INFO(status);
    Console console;
    console.status = status;
    console.page.elements[".flash"] = {"No, said the console"};
    const Error error = console.fails(commit());
    CHECK(error.kind() == kind);
    CHECK(has(error.message(), "No, said the console"));
    CHECK(console.report().outcome == outcome);
    CHECK(console.report().status == status);
    CHECK(console.report().words == "No, said the console");
  }
}

TEST_CASE("without words on the page those of the answer are told", "[script][commit]") {
  Console console;
  console.status = 403;
  console.body = R"({"id":"forbidden","message":"The last admin stays"})";
  CHECK(has(console.fails(commit()).message(), "the console says \"The last admin stays\""));
}

TEST_CASE("a request that fails on its way has an unknown effect", "[script][commit]") {
  Console console;
  console.status = 0;
  console.failure = "net::ERR_CONNECTION_RESET";
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::unknown);
  CHECK(has(error.message(), "net::ERR_CONNECTION_RESET"));
  CHECK(console.report().outcome == Outcome::lost);
}

TEST_CASE("a request without an answer has an unknown effect", "[script][commit]") {
  Console console;
  console.status = 0;
  CHECK(console.fails(commit()).kind() == Kind::unknown);
  CHECK(console.report().outcome == Outcome::lost);
  CHECK(console.report().url == bob);
}

TEST_CASE("an answer without its sign on the page has an unknown effect", "[script][commit]") {
  Console console;
  console.page.on_click["aria/Remove"] = [&] { console.page.send("DELETE", bob, 200); };
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::unknown);
  CHECK(has(error.message(), "what shows that it is done was not seen"));
  CHECK(console.report().outcome == Outcome::lost);
  CHECK(console.report().status == 200);
}

TEST_CASE("a browser that dies under the click leaves the effect unknown, and it is reported",
          "[script][commit]") {
  Console console;
  console.page.on_click["aria/Remove"] = [] { throw Error(Kind::browser, "the page crashed"); };
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::unknown);
  CHECK(has(error.message(), "the page crashed"));
  CHECK(console.report().outcome == Outcome::lost);
}

TEST_CASE("a selector that the page cannot read sends nothing, and that is reported", "[script][commit]") {
  Console console;
  console.page.on_click["aria/Remove"] = [] { throw Error(Kind::usage, "the selector is not valid"); };
  CHECK(console.fails(commit()).kind() == Kind::usage);
  CHECK(console.report().outcome == Outcome::not_sent);
}

TEST_CASE("a stop request after the click waits for the answer and its report", "[script][commit]") {
  Console console;
  std::stop_source stop;
  console.page.on_click["aria/Remove"] = [&] {
    stop.request_stop();
    console.press();
  };
  const Error error =
      console.fails(commit() + ",{'type':'close'}", Until::in(Milliseconds(5000), stop.get_token()));
  CHECK(console.report().outcome == Outcome::done);
  CHECK(error.kind() == Kind::interrupted);
  CHECK(console.page.done.end()[-2] == "click aria/Remove");
  CHECK(console.page.done.back() == "shut if awaited");
}

TEST_CASE("a stop request while the click waits for its button sends nothing", "[script][commit]") {
  Console console;
  std::stop_source stop;
  console.notes.on_intent = [&] { stop.request_stop(); };
  console.page.on_click["aria/Remove"] = [] { throw Error(Kind::interrupted, "stopped"); };
  CHECK(console.fails(commit(), Until::in(Milliseconds(5000), stop.get_token())).kind() == Kind::interrupted);
  CHECK(console.report().outcome == Outcome::not_sent);
}

TEST_CASE("a stop request before the intent sends nothing", "[script][commit]") {
  Console console;
  std::stop_source stop;
  console.page.before_look = [&](const browser::Condition&) { stop.request_stop(); };
  CHECK(console.fails(commit(), Until::in(Milliseconds(5000), stop.get_token())).kind() == Kind::interrupted);
  CHECK(console.notes.intents.empty());
  CHECK(console.page.sent.empty());
}

// --- Dialogs ------------------------------------------------------------------------------------------

namespace {

const std::string asks = ",'dialog':{'contains':'Are you sure?','action':'accept'}";

/// The button opens a native dialog; only when that is accepted the request is sent.
struct Asking : Console {
  explicit Asking(const std::string& text) {
    page.on_click["aria/Remove"] = [this, text] { page.open_dialog = {"confirm", text, "", ""}; };
    page.on_dialog = [this](bool accepted) {
      if (accepted) press();
    };
  }
};

}  // namespace

TEST_CASE("a commit accepts the dialog that reads as said", "[script][commit][dialog]") {
  Asking console("Are you sure? This is for ever.");
  console.play(commit(asks));
  CHECK(console.report().outcome == Outcome::done);
}

TEST_CASE("a commit dismisses a dialog that reads otherwise, and nothing is sent",
          "[script][commit][dialog]") {
  Asking console("Remove everybody?");
  const Error error = console.fails(commit(asks));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "Remove everybody?"));
  CHECK(console.report().outcome == Outcome::not_sent);
  CHECK(console.page.sent.empty());
}

TEST_CASE("a dialog that the commit does not declare is dismissed, and nothing is sent",
          "[script][commit][dialog]") {
  Asking console("Are you sure?");
  CHECK(console.fails(commit()).kind() == Kind::drift);
  CHECK(console.page.done.end()[-2] == "dismiss");
  CHECK(console.report().outcome == Outcome::not_sent);
}

TEST_CASE("a message that opens after the answer does not hide what was done", "[script][commit][dialog]") {
  Console console;
  console.page.on_click["aria/Remove"] = [&] {
    console.press();
    console.page.open_dialog = {"alert", "Removed!", "", ""};
  };
  console.play(commit());
  CHECK(console.report().outcome == Outcome::done);
}

}  // namespace offstage::script_commit_test
