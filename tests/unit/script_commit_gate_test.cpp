#include <catch2/catch.hpp>

#include "commit_console.h"
#include "has.h"

namespace offstage::script_commit_gate_test {

using namespace test;
using Outcome = script::CommitReport::Outcome;
using Strings = std::vector<std::string>;

TEST_CASE("after a commit that was not sent, its request may not leave any more", "[script][commit]") {
  Console console;
  console.url = eve;
  script::Interpreter interpreter(console.context, console.page, console.environment, console.notes,
                                  console.log);
  const auto script = steps_from(commit());
  CHECK_THROWS_AS(interpreter.run(*script, Until::in(Milliseconds(5000))), Error);
  console.page.send("DELETE", bob, 200);
  CHECK(console.page.sent.empty());
}

TEST_CASE("the same request is not let out twice", "[script][commit]") {
  Console console;
  console.page.on_click["aria/Remove"] = [&] {
    console.press();
    console.page.send("DELETE", bob, 200);
  };
  console.play(commit());
  CHECK(console.page.sent == Strings{"DELETE " + bob});
}

TEST_CASE("requests that change nothing may pass during a commit", "[script][commit]") {
  Console console;
  console.environment.harmless_requests = {"https://api.test/graphql"};
  console.page.on_click["aria/Remove"] = [&] {
    console.page.send("POST", "https://api.test/metrics/click", 204);
    console.page.send("POST", "https://api.test/graphql", 200);
    console.page.send("GET", "https://api.test/members", 200);
    console.press();
  };
  console.play(commit());
  CHECK(console.page.sent.size() == 4);
  CHECK(console.report().url == bob);
}

TEST_CASE("after a commit that failed, the page can send nothing any more", "[script][commit]") {
  Console console;
  SECTION("nothing was sent yet") {
    console.page.on_click.clear();
  }
  SECTION("another request was sent") {
    console.url = eve;
  }
  SECTION("the console said no") {
    console.status = 403;
  }
  SECTION("no answer came") {
    console.status = 0;
  }
  console.fails(commit());
  CHECK(console.page.done.back() == "shut");
}

TEST_CASE("what became of a commit is said first, and where in which script last", "[script][commit]") {
  Console console;
  console.status = 403;
  const std::string message = console.fails(commit()).message();
  CHECK_THAT(message, Catch::StartsWith("DELETE " + bob + " was answered 403") &&
                          Catch::EndsWith(" (test.json:1, step 1)"));
}

TEST_CASE("a commit whose click finds its target changed leaves the page as it is", "[script][commit]") {
  Console console;
  console.notes.on_intent = [&] { console.page.elements[".dialog"] = {"Remove eve@x.com ?"}; };
  console.fails(commit());
  CHECK(console.page.done.back() == "shut if awaited");
}

TEST_CASE("after a click that broke off, the page can send nothing any more", "[script][commit]") {
  Console console;
  console.page.broken_off = browser::Miss{browser::Miss::Why::guard, "it reads eve@x.com", 0, ""};
  SECTION("nothing was sent yet") {
    console.page.on_click.clear();
    CHECK(console.fails(commit()).kind() == Kind::drift);
    CHECK(console.report().outcome == Outcome::not_sent);
  }
  SECTION("something may have left past the gate") {
    console.page.on_click.clear();
    console.page.bypassed = "a socket";
    CHECK(console.fails(commit()).kind() == Kind::unknown);
    CHECK(console.report().outcome == Outcome::lost);
  }
  SECTION("it was sent, and answered otherwise than expected") {
    console.status = 500;
    CHECK(console.fails(commit()).kind() == Kind::unknown);
    CHECK(console.report().outcome == Outcome::lost);
  }
  CHECK(console.page.done.back() == "shut");
}

TEST_CASE("a commit whose click broke off when all was sent is judged by what came of it",
          "[script][commit]") {
  Console console;
  console.page.broken_off = browser::Miss{browser::Miss::Why::unstable, "the dialog is gone", 0, ""};
  console.play(commit());
  CHECK(console.report().outcome == Outcome::done);
}

TEST_CASE("when something may have left past the gate, nothing is said to be unsent", "[script][commit]") {
  Console console;
  console.page.bypassed = "a socket to wss://api.test/";
  SECTION("nothing was seen") {
    console.page.on_click.clear();
  }
  SECTION("another request was stopped") {
    console.url = eve;
  }
  SECTION("a dialog was dismissed") {
    console.page.on_click["aria/Remove"] = [&] { console.page.open_dialog = {"alert", "What?", "", ""}; };
  }
  const Error error = console.fails(commit());
  CHECK(error.kind() == Kind::unknown);
  CHECK(has(error.message(), "a socket to wss://api.test/"));
  CHECK(console.report().outcome == Outcome::lost);
  CHECK(console.page.done.back() == "shut");
}

TEST_CASE("after a commit that is done, its gate stands until the script ends", "[script][commit]") {
  Console console;
  script::Interpreter interpreter(console.context, console.page, console.environment, console.notes,
                                  console.log);
  const auto script = steps_from(commit());
  interpreter.run(*script, Until::in(Milliseconds(5000)));
  console.page.send("DELETE", eve, 200);
  console.page.send("GET", "https://api.test/members", 200);
  CHECK(console.page.sent == Strings{"DELETE " + bob, "GET https://api.test/members"});
  CHECK(console.page.done.back() == "shut if awaited");
}

TEST_CASE("the gate of a failed commit is shut before its report, which may fail", "[script][commit]") {
  Console console;
  console.url = eve;
  console.notes.on_report = [&] { CHECK(console.page.done.back() == "shut"); };
  CHECK(console.fails(commit()).kind() == Kind::drift);
}

}  // namespace offstage::script_commit_gate_test
