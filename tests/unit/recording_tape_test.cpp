#include <thread>

#include <catch2/catch.hpp>

#include "recording/tape.h"
#include "tape_stage.h"

namespace offstage::recording_tape_test {

using namespace recording;

TEST_CASE("a list is asked for, changed and asked for again: each time what was there then",
          "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/members", "ann, bob");
  stage.record("DELETE", "/members/bob", "gone");
  stage.record("GET", "/members", "ann");
  CHECK(stage.ask("GET", "/members") == "ann, bob");
  CHECK(stage.tape().epoch() == 0);
  CHECK(stage.ask("DELETE", "/members/bob") == "gone");
  CHECK(stage.tape().epoch() == 1);
  CHECK(stage.ask("GET", "/members") == "ann");
  CHECK(stage.tape().misses().empty());
  CHECK(stage.tape().unconsumed().empty());
}

TEST_CASE("polling before and after a change never sees the other side of it", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/members", "ann, bob");
  stage.record("DELETE", "/members/bob", "gone");
  stage.record("GET", "/members", "ann");
  for (int i = 0; i < 5; ++i)
    CHECK(stage.ask("GET", "/members") == "ann, bob");
  stage.ask("DELETE", "/members/bob");
  for (int i = 0; i < 5; ++i)
    CHECK(stage.ask("GET", "/members") == "ann");
}

TEST_CASE("within an epoch reads advance through what was recorded and stay at the last",
          "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/job", "waiting");
  stage.record("GET", "/job", "running");
  stage.record("GET", "/job", "done");
  CHECK(stage.ask("GET", "/job") == "waiting");
  CHECK(stage.ask("GET", "/job") == "running");
  CHECK(stage.ask("GET", "/job") == "done");
  CHECK(stage.ask("GET", "/job") == "done");
}

TEST_CASE("what an epoch does not have is given as it was left in the latest before it",
          "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/page", "page 0");
  stage.record("POST", "/a", "a");
  stage.record("GET", "/page", "page 1, early");
  stage.record("GET", "/page", "page 1, late");
  stage.record("POST", "/b", "b");
  stage.record("POST", "/c", "c");
  stage.record("GET", "/page", "page 3");
  stage.ask("POST", "/a");
  stage.ask("POST", "/b");
  CHECK(stage.ask("GET", "/page") == "page 1, late");
  CHECK(stage.ask("GET", "/page") == "page 1, late");
  stage.ask("POST", "/c");
  CHECK(stage.ask("GET", "/page") == "page 3");
}

TEST_CASE("what was only recorded after a change is not given before it", "[recording][tape]") {
  TapeStage stage;
  stage.record("DELETE", "/members/bob", "gone");
  stage.record("GET", "/members", "ann");
  CHECK(stage.ask("GET", "/members") == "miss: later");
  CHECK(
      stage.last_miss() ==
      "GET https://a.test/members was sent too early\nrecorded only as exchange 2, GET "
      "https://a.test/members, after exchange 1, DELETE https://a.test/members/bob, which has not been sent");
  stage.ask("DELETE", "/members/bob");
  CHECK(stage.ask("GET", "/members") == "ann");
}

TEST_CASE("parallel reads may come in another order", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/a", "a");
  stage.record("GET", "/b", "b");
  stage.record("GET", "/c", "c");
  CHECK(stage.ask("GET", "/c") == "c");
  CHECK(stage.ask("GET", "/a") == "a");
  CHECK(stage.ask("GET", "/b") == "b");
}

TEST_CASE("a read that was sent before a change was answered may come after it", "[recording][tape]") {
  TapeStage stage;
  stage.record("DELETE", "/members/bob", "gone");
  stage.record("GET", "/icons", "icons").epoch = 0;
  stage.ask("DELETE", "/members/bob");
  CHECK(stage.ask("GET", "/icons") == "icons");
}

TEST_CASE("a change is answered once", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/members", "ann, bob");
  stage.record("DELETE", "/members/bob", "gone");
  stage.ask("DELETE", "/members/bob");
  CHECK(stage.ask("DELETE", "/members/bob") == "miss: consumed");
  CHECK(stage.tape().epoch() == 1);
  CHECK(stage.last_miss() ==
        "DELETE https://a.test/members/bob was sent more often than it was recorded\nlast recorded as "
        "exchange 2, DELETE https://a.test/members/bob");
}

TEST_CASE("the second of two equal changes gets the second answer", "[recording][tape]") {
  TapeStage stage;
  stage.record("PUT", "/role", "first");
  stage.record("PUT", "/role", "second");
  CHECK(stage.ask("PUT", "/role") == "first");
  CHECK(stage.ask("PUT", "/role") == "second");
  CHECK(stage.ask("PUT", "/role") == "miss: consumed");
}

TEST_CASE("a change that failed and was tried again fails and succeeds again", "[recording][tape]") {
  TapeStage stage;
  stage.record("PUT", "/role", "").status = 0;
  stage.recording.exchanges.back().failure = "net::ERR_CONNECTION_RESET";
  stage.record("PUT", "/role", "saved");
  CHECK(stage.ask("PUT", "/role") == "net::ERR_CONNECTION_RESET");
  CHECK(stage.ask("PUT", "/role") == "saved");
  CHECK(stage.tape().unconsumed().empty());
}

TEST_CASE("a read that failed and was tried again fails and succeeds again", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/a", "").status = 0;
  stage.recording.exchanges.back().failure = "net::ERR_TIMED_OUT";
  stage.record("GET", "/a", "a");
  CHECK(stage.ask("GET", "/a") == "net::ERR_TIMED_OUT");
  CHECK(stage.ask("GET", "/a") == "a");
}

TEST_CASE("a change without an answer opens an epoch when what was recorded after it says so",
          "[recording][tape]") {
  const bool was_made = GENERATE(true, false);
  CAPTURE(was_made);
  TapeStage stage;
  stage.record("GET", "/members", "ann, bob");
  stage.record("DELETE", "/members/bob", "").status = 0;
  stage.record("GET", "/members", "ann").epoch = was_made ? 1 : 0;
  stage.record("POST", "/x", "x").epoch = was_made ? 1 : 0;
  stage.record("GET", "/members", "none").epoch = was_made ? 2 : 1;
  CHECK(stage.ask("GET", "/members") == "ann, bob");
  stage.ask("DELETE", "/members/bob");
  CHECK(stage.tape().epoch() == (was_made ? 1 : 0));
  CHECK(stage.ask("GET", "/members") == "ann");
  CHECK(stage.ask("GET", "/members") == "ann");
  stage.ask("POST", "/x");
  CHECK(stage.ask("GET", "/members") == "none");
}

TEST_CASE("two changes at one address with other bodies get their own answers", "[recording][tape]") {
  TapeStage stage;
  stage.record("PUT", "/role", "ann is admin").request_body = R"({"user":"ann","role":"admin"})";
  stage.record("PUT", "/role", "bob is admin").request_body = R"({"user":"bob","role":"admin"})";
  for (Exchange& each : stage.recording.exchanges)
    each.request_headers = json_type;
  CHECK(stage.ask("PUT", "/role", json_type, R"({"role": "admin", "user": "ann"})") == "ann is admin");
  CHECK(stage.ask("PUT", "/role", json_type, R"({"role": "admin", "user": "eve"})") == "miss: unknown");
  CHECK(
      stage.last_miss() ==
      "PUT https://a.test/role was not recorded\nnearest is exchange 1, PUT https://a.test/role; body field "
      "/user: recorded \"ann\", sent \"eve\"");
  CHECK(stage.ask("PUT", "/role", json_type, R"({"role": "admin", "user": "bob"})") == "bob is admin");
}

TEST_CASE("a change before its turn is refused and leaves the order as it is", "[recording][tape]") {
  TapeStage stage;
  stage.record("POST", "/confirm", "confirmed");
  stage.record("DELETE", "/members/bob", "gone");
  CHECK(stage.ask("DELETE", "/members/bob") == "miss: out of order");
  CHECK(stage.tape().epoch() == 0);
  CHECK(stage.tape().misses().front().awaited == 0U);
  CHECK(stage.last_miss() ==
        "DELETE https://a.test/members/bob was sent too early\nrecorded as exchange 2, DELETE "
        "https://a.test/members/bob, after exchange 1, POST https://a.test/confirm, which has not been sent");
  CHECK(stage.ask("POST", "/confirm") == "confirmed");
  CHECK(stage.ask("DELETE", "/members/bob") == "gone");
}

TEST_CASE("changes that were never asked for are named, in order", "[recording][tape]") {
  TapeStage stage;
  stage.record("POST", "/a", "a");
  stage.record("GET", "/b", "b");
  stage.record("POST", "/c", "c");
  stage.record("DELETE", "/d", "d");
  stage.ask("POST", "/a");
  const std::vector<const Exchange*> left = stage.tape().unconsumed();
  REQUIRE(left.size() == 2);
  CHECK(left[0] == &stage.recording.exchanges[2]);
  CHECK(left[1] == &stage.recording.exchanges[3]);
}

TEST_CASE("a request that a connector declares a read is answered as one", "[recording][tape]") {
  TapeStage stage;
  Exchange& search = stage.record("POST", "/search", "ann, bob");
  search.mutation = false;
  stage.record("DELETE", "/members/bob", "gone").epoch = 0;
  CHECK(stage.ask("POST", "/search") == "ann, bob");
  CHECK(stage.ask("POST", "/search") == "ann, bob");
  CHECK(stage.tape().epoch() == 0);
  CHECK(stage.tape().unconsumed().size() == 1);
}

TEST_CASE("a preflight is a read", "[recording][tape]") {
  TapeStage stage;
  stage.record("OPTIONS", "/members/bob", "allowed");
  stage.record("DELETE", "/members/bob", "gone");
  CHECK(stage.ask("OPTIONS", "/members/bob") == "allowed");
  CHECK(stage.ask("OPTIONS", "/members/bob") == "allowed");
  CHECK(stage.ask("DELETE", "/members/bob") == "gone");
}

TEST_CASE("each hop of a redirect is asked for by itself", "[recording][tape]") {
  TapeStage stage;
  Exchange& hop = stage.record("POST", "/login", "");
  hop.status = 302;
  hop.response_headers = {{"Location", "/home"}};
  stage.record("GET", "/home", "home").redirected_from = 0;
  const auto answer = stage.tape().answer({"POST", "https://a.test/login", {}, {}, "Document"});
  REQUIRE(std::holds_alternative<Answer>(answer));
  CHECK(std::get<Answer>(answer).exchange == stage.recording.exchanges[0]);
  CHECK(stage.ask("GET", "/home") == "home");
}

TEST_CASE("pages of a list at one address are told apart by the header that chooses them",
          "[recording][tape]") {
  TapeStage stage;
  stage.rules.key_headers = {"X-Range"};
  stage.record("GET", "/members", "ann").request_headers = {{"X-Range", "email ..; max=1"}};
  stage.record("GET", "/members", "bob").request_headers = {{"X-Range", "email ]ann..; max=1"}};
  CHECK(stage.ask("GET", "/members", {{"x-range", "email ]ann..; max=1"}}) == "bob");
  CHECK(stage.ask("GET", "/members", {{"x-range", "email ..; max=1"}}) == "ann");
  CHECK(stage.ask("GET", "/members", {{"x-range", "email ]bob..; max=1"}}) == "miss: unknown");
  CHECK(stage.ask("GET", "/members") == "miss: unknown");
}

TEST_CASE("volatile parameters and fields choose no answer", "[recording][tape]") {
  TapeStage stage;
  stage.rules.volatile_fields = {"_", "requestId"};
  stage.record("GET", "/members?_=1700000000", "ann, bob");
  stage.record("POST", "/x?a=1", "x").request_body = R"({"requestId":"r1","user":"bob"})";
  stage.recording.exchanges.back().request_headers = json_type;
  CHECK(stage.ask("GET", "/members?_=1800000000") == "ann, bob");
  CHECK(stage.ask("POST", "/x?_=7&a=1", json_type, R"({"user":"bob","requestId":"r2"})") == "x");
}

TEST_CASE("GraphQL operations at one address get their own answers", "[recording][tape]") {
  TapeStage stage;
  stage.record("POST", "/graphql", "members of 1").request_body =
      R"({"operationName":"Members","variables":{"team":"1"}})";
  stage.record("POST", "/graphql", "members of 2").request_body =
      R"({"operationName":"Members","variables":{"team":"2"}})";
  for (Exchange& each : stage.recording.exchanges) {
    each.mutation = false;
    each.epoch = 0;
    each.request_headers = json_type;
  }
  CHECK(stage.ask("POST", "/graphql", json_type, R"({"variables":{"team":"2"},"operationName":"Members"})") ==
        "members of 2");
  CHECK(stage.ask("POST", "/graphql", json_type, R"({"variables":{"team":"1"},"operationName":"Members"})") ==
        "members of 1");
}

TEST_CASE("a form in parts is known again under another boundary", "[recording][tape]") {
  const auto part = [](const std::string& boundary, const std::string& role) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\n" + role + "\r\n--" +
           boundary + "--\r\n";
  };
  TapeStage stage;
  stage.record("POST", "/role", "saved").request_body = part("One", "admin");
  stage.recording.exchanges.back().request_headers = {{"Content-Type", "multipart/form-data; boundary=One"}};
  const Headers two = {{"content-type", "multipart/form-data; boundary=Two"}};
  CHECK(stage.ask("POST", "/role", two, part("Two", "owner")) == "miss: unknown");
  CHECK(stage.ask("POST", "/role", two, part("Two", "admin")) == "saved");
}

TEST_CASE("what was not recorded has no answer", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/members?filter=a", "ann");
  CHECK(stage.ask("GET", "/members?filter=b") == "miss: unknown");
  CHECK(stage.tape().misses().front().nearest == 0U);
  CHECK(stage.tape().misses().front().field == "query parameter filter");
  CHECK(stage.last_miss() ==
        "GET https://a.test/members?filter=b was not recorded\nnearest is exchange 1, GET "
        "https://a.test/members?filter=a; query parameter filter: recorded \"a\", sent \"b\"");
  stage.tape().answer({"GET", "https://b.test/\x1b[31m", {}, {}, "Script"});
  CHECK(stage.last_miss() == "GET https://b.test/\\u{1b}[31m was not recorded, nor anything like it");
  CHECK(stage.tape().misses().back().resource_type == "Script");
}

TEST_CASE("the miss names the nearest of several", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/teams/acme/members?page=1&per=50", "");
  stage.record("GET", "/teams/umbrella/members?page=2&per=50", "");
  stage.record("GET", "/teams/acme/members?page=2&per=50", "");
  stage.ask("GET", "/teams/acme/members?page=2&per=20");
  CHECK(stage.tape().misses().back().nearest == 2U);
  CHECK(stage.tape().misses().back().field == "query parameter per");
}

TEST_CASE("what may stay unanswered is no miss to be kept, and is answered when it was recorded",
          "[recording][tape]") {
  TapeStage stage;
  stage.rules.unanswered = {"https://a.test/metrics*"};
  stage.record("GET", "/metrics/recorded", "counted");
  CHECK(stage.ask("GET", "/metrics/recorded") == "counted");
  CHECK(stage.ask("GET", "/metrics/other") == "miss: unknown");
  CHECK(stage.tape().misses().empty());
  CHECK(stage.tape().may_stay_unanswered({"POST", "https://a.test/metrics", {}, {}, ""}));
  CHECK_FALSE(stage.tape().may_stay_unanswered({"GET", "https://a.test/members", {}, {}, ""}));
}

TEST_CASE("a recorded change on which nothing depends is answered and holds nothing up",
          "[recording][tape]") {
  TapeStage stage;
  stage.rules.unanswered = {"https://a.test/beacon*"};
  stage.record("GET", "/members", "ann, bob");
  stage.record("POST", "/beacon", "counted");
  stage.record("DELETE", "/members/bob", "gone");
  stage.record("GET", "/members", "ann");
  SECTION("when it is sent") {
    CHECK(stage.ask("POST", "/beacon") == "counted");
    CHECK(stage.ask("POST", "/beacon") == "counted");
  }
  SECTION("when it is not") {}
  CHECK(stage.ask("GET", "/members") == "ann, bob");
  CHECK(stage.ask("GET", "/members") == "ann, bob");
  CHECK(stage.ask("DELETE", "/members/bob") == "gone");
  CHECK(stage.ask("GET", "/members") == "ann");
  CHECK(stage.tape().misses().empty());
  CHECK(stage.tape().unconsumed().empty());
}

TEST_CASE("a recorder takes what nothing depends on for no change", "[recording][tape]") {
  TrafficRules rules;
  rules.unanswered = {"https://a.test/beacon*"};
  CHECK_FALSE(changes_something("POST", "https://a.test/beacon?x=1", rules));
  CHECK(changes_something("POST", "https://a.test/members", rules));
}

TEST_CASE("a page that never stops asking does not fill the memory with misses", "[recording][tape]") {
  TapeStage stage;
  for (std::size_t i = 0; i < Tape::most_misses + 5; ++i)
    stage.ask("GET", "/x");
  CHECK(stage.tape().misses().size() == Tape::most_misses);
}

TEST_CASE("a change asked from several threads at once is answered once", "[recording][tape]") {
  TapeStage stage;
  stage.record("DELETE", "/members/bob", "gone");
  Tape& tape = stage.tape();
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto answer = tape.answer({"DELETE", "https://a.test/members/bob", {}, {}, ""});
      if (std::holds_alternative<Answer>(answer)) ++answered;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(answered == 1);
  CHECK(tape.misses().size() == 3);
}

}  // namespace offstage::recording_tape_test
