#include <catch2/catch.hpp>

#include "recording/tape.h"
#include "tape_stage.h"

namespace offstage::recording_tape_session_test {

using namespace recording;

namespace {

const std::string state_1 = "offstage-token-state-1";
const std::string state_2 = "offstage-token-state-2";

/// A sign-in by redirects with a `state` that the page makes, recorded with placeholders.
class SignInStage : public TapeStage {
 public:
  SignInStage() {
    recording.placeholders = {{state_1, "token", "state", true}, {state_2, "token", "state", true}};
    Exchange& authorize = record("GET", "/authorize?client=1&state=" + state_1, "");
    authorize.status = 302;
    authorize.response_headers = {{"Location", "https://a.test/cb?code=7&state=" + state_1},
                                  {"X-State", state_1}};
    record("GET", "/cb?code=7&state=" + state_1, "<input value=\"" + state_1 + "\">");
  }
};

Exchange answer_of(TapeStage& stage, const std::string& path) {
  return std::get<Answer>(stage.tape().answer({"GET", "https://a.test" + path, {}, {}, "Document"})).exchange;
}

}  // namespace

TEST_CASE("a request must carry the cookies that the console had set when it was recorded",
          "[recording][tape]") {
  TapeStage stage;
  stage.record("POST", "/login", "welcome").response_headers = {
      {"Set-Cookie", "sid=offstage-cookie-sid-1; Path=/"}, {"set-cookie", "lang=en"}};
  stage.record("GET", "/members", "ann").request_headers = {
      {"Cookie", "sid=offstage-cookie-sid-1; lang=en; own=1"}};
  stage.ask("POST", "/login");
  CHECK(stage.ask("GET", "/members") == "miss: cookies");
  CHECK(stage.ask("GET", "/members", {{"cookie", "lang=de; sids=1"}}) == "miss: cookies");
  CHECK(stage.tape().misses().back().field == "cookie sid");
  CHECK(stage.last_miss() ==
        "GET https://a.test/members was sent without its session\nrecorded as exchange 2, GET "
        "https://a.test/members; cookie sid: recorded \"present\", sent nothing");
  CHECK(stage.ask("GET", "/members", {{"cookie", "sid=other"}}) == "miss: cookies");
  CHECK(stage.tape().misses().back().field == "cookie lang");
  CHECK(stage.ask("GET", "/members", {{"cookie", "sid=other; lang=de"}}) == "ann");
}

TEST_CASE("cookies that no recorded answer set before are not asked for", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/a", "a").request_headers = {{"Cookie", "later=1; own=1"}};
  stage.record("GET", "/b", "b").response_headers = {{"Set-Cookie", "later=1"}};
  CHECK(stage.ask("GET", "/a") == "a");
}

TEST_CASE("a change without its session is not consumed", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/", "page").response_headers = {{"Set-Cookie", "sid=1"}};
  stage.record("DELETE", "/members/bob", "gone").request_headers = {{"Cookie", "sid=1"}};
  stage.ask("GET", "/");
  CHECK(stage.ask("DELETE", "/members/bob") == "miss: cookies");
  CHECK(stage.tape().unconsumed().size() == 1);
  CHECK(stage.ask("DELETE", "/members/bob", {{"Cookie", "sid=1"}}) == "gone");
}

TEST_CASE("a sign-in header must be there or not, as it was recorded", "[recording][tape]") {
  TapeStage stage;
  stage.record("GET", "/with", "with").request_headers = {{"Authorization", "Bearer offstage-token-1"}};
  stage.record("GET", "/without", "without");
  CHECK(stage.ask("GET", "/with") == "miss: cookies");
  CHECK(stage.tape().misses().back().field == "header authorization");
  CHECK(stage.tape().misses().back().expected == "present");
  CHECK(stage.ask("GET", "/without", {{"authorization", "Bearer x"}}) == "miss: cookies");
  CHECK(stage.tape().misses().back().actual == "present");
  CHECK(stage.ask("GET", "/with", {{"authorization", "Bearer other"}}) == "with");
  CHECK(stage.ask("GET", "/without") == "without");
}

TEST_CASE("a state that the page makes comes back to it in the redirect and in pages", "[recording][tape]") {
  SignInStage stage;
  const Exchange redirect = answer_of(stage, "/authorize?state=a%2Bb%3D&client=1");
  CHECK(header(redirect.response_headers, "location") == "https://a.test/cb?code=7&state=a%2Bb%3D");
  CHECK(header(redirect.response_headers, "x-state") == "a+b=");
  CHECK(answer_of(stage, "/cb?code=7&state=a%2Bb%3D").response_body == "<input value=\"a+b=\">");
}

TEST_CASE("a state that the page makes is encoded in a redirect to a place beside it", "[recording][tape]") {
  SignInStage stage;
  stage.recording.exchanges[0].response_headers = {{"Location", "cb-" + state_1}};
  const Exchange redirect = answer_of(stage, "/authorize?state=a%2Bb&client=1");
  CHECK(header(redirect.response_headers, "location") == "cb-a%2Bb");
}

TEST_CASE("a state once made must stay the same", "[recording][tape]") {
  SignInStage stage;
  answer_of(stage, "/authorize?client=1&state=abc");
  CHECK(stage.ask("GET", "/cb?code=7&state=abd") == "miss: unknown");
  CHECK(stage.last_miss() ==
        "GET https://a.test/cb?code=7&state=abd was not recorded\nnearest is exchange 2, GET "
        "https://a.test/cb?code=7&state=offstage-token-state-1; query parameter state: recorded "
        "\"offstage-token-state-1\", sent \"abd\"");
  CHECK(stage.ask("GET", "/cb?code=7&state=abc") == "<input value=\"abc\">");
}

TEST_CASE("a request that is refused binds nothing", "[recording][tape]") {
  SignInStage stage;
  CHECK(stage.ask("GET", "/authorize?client=2&state=wrong") == "miss: unknown");
  CHECK(stage.tape().misses().back().field == "query parameter client");
  answer_of(stage, "/authorize?client=1&state=right");
  CHECK(stage.ask("GET", "/cb?code=7&state=right") == "<input value=\"right\">");
}

TEST_CASE("no state is not any state", "[recording][tape]") {
  SignInStage stage;
  CHECK(stage.ask("GET", "/authorize?client=1&state=") == "miss: unknown");
  CHECK(stage.ask("GET", "/authorize?client=1") == "miss: unknown");
}

TEST_CASE("trying a sign-in again is not the next sign-in", "[recording][tape]") {
  SignInStage stage;
  stage.record("GET", "/authorize?client=1&state=" + state_2, "second");
  stage.record("GET", "/cb?code=8&state=" + state_2, "second " + state_2);
  answer_of(stage, "/authorize?client=1&state=abc");
  CHECK(stage.ask("GET", "/authorize?client=1&state=abc").empty());
  CHECK(stage.ask("GET", "/authorize?client=1&state=def") == "second");
  CHECK(stage.ask("GET", "/cb?code=8&state=def") == "second def");
  CHECK(stage.ask("GET", "/cb?code=7&state=abc") == "<input value=\"abc\">");
}

TEST_CASE("a value that the page makes is bound in a path, a body and a header", "[recording][tape]") {
  TapeStage stage;
  stage.rules.key_headers = {"X-Nonce"};
  stage.recording.placeholders = {{"offstage-id-1", "id", "id", true},
                                  {"offstage-id-2", "id", "id", true},
                                  {"offstage-id-3", "id", "id", true}};
  stage.record("PUT", "/items/offstage-id-1", "item offstage-id-1");
  stage.record("POST", "/items", "offstage-id-2").request_body = R"({"key":"offstage-id-2","name":"x"})";
  stage.recording.exchanges.back().request_headers = json_type;
  stage.record("GET", "/nonce", "offstage-id-3").request_headers = {{"X-Nonce", "n=offstage-id-3"}};
  CHECK(stage.ask("PUT", "/items/9f-1") == "item 9f-1");
  CHECK(stage.ask("POST", "/items", json_type, R"({"name":"y","key":"k-2"})") == "miss: unknown");
  CHECK(stage.tape().misses().back().field == "body field /name");
  CHECK(stage.ask("POST", "/items", json_type, R"({"name":"x","key":"k-2"})") == "k-2");
  CHECK(stage.ask("GET", "/nonce", {{"X-Nonce", "n=3"}}) == "3");
}

TEST_CASE("a request with a value that the page makes must be the same in all else", "[recording][tape]") {
  TapeStage stage;
  stage.recording.placeholders = {{"offstage-id-1", "id", "id", true}};
  stage.record("POST", "/items", "item").request_body = R"({"key":"offstage-id-1","count":1})";
  stage.recording.exchanges.back().request_headers = json_type;
  const std::string body = R"({"key":"k","count":1})";
  const auto ask = [&](const std::string& method, const std::string& url, const Headers& headers) {
    return TapeStage::told(stage.tape().answer({method, url, headers, body, "Fetch"}));
  };
  CHECK(ask("PUT", "https://a.test/items", json_type) == "miss: unknown");
  CHECK(ask("POST", "https://b.test/items", json_type) == "miss: unknown");
  CHECK(ask("POST", "https://a.test/items?x=1", json_type) == "miss: unknown");
  CHECK(ask("POST", "https://a.test/items", {{"content-type", "text/x"}}) == "miss: unknown");
  CHECK(ask("POST", "https://a.test/items", {json_type[0], {"Accept", "text/html"}}) == "miss: unknown");
  CHECK(ask("POST", "https://a.test/items", {json_type[0], {"Range", "bytes=0-1"}}) == "miss: unknown");
  CHECK(stage.ask("POST", "/items", json_type, R"({"key":"k","count":"1"})") == "miss: unknown");
  CHECK(stage.ask("POST", "/items", json_type, R"({"key":7,"count":1})") == "miss: unknown");
  CHECK(ask("POST", "https://a.test/items", json_type) == "item");
}

TEST_CASE("a form's value that the page makes cannot stand in bytes of another kind", "[recording][tape]") {
  const std::string form = "application/x-www-form-urlencoded";
  TapeStage stage;
  stage.recording.placeholders = {{"offstage-id-1", "id", "id", true}};
  stage.record("POST", "/items", "item").request_body = "=offstage-id-1";
  stage.recording.exchanges.back().request_headers = {{"content-type", form}};
  CHECK(stage.ask("POST", "/items", {{"content-type", "text/x"}}, "=k") == "miss: unknown");
  CHECK(stage.ask("POST", "/items", {{"content-type", form}}, "=k") == "item");
}

TEST_CASE("placeholders of the console must come back as they are", "[recording][tape]") {
  TapeStage stage;
  stage.recording.placeholders = {{"offstage-token-csrf-1", "token", "csrf", false}};
  stage.record("POST", "/x?csrf=offstage-token-csrf-1", "x");
  CHECK(stage.ask("POST", "/x?csrf=made-up") == "miss: unknown");
  CHECK(stage.ask("POST", "/x?csrf=offstage-token-csrf-1") == "x");
}

TEST_CASE("a value that was bound differently in one request differs as a whole", "[recording][tape]") {
  TapeStage stage;
  stage.recording.placeholders = {{"offstage-id-1", "id", "id", true}};
  stage.record("GET", "/a?x=offstage-id-1&y=offstage-id-1", "a");
  CHECK(stage.ask("GET", "/a?x=1&y=2") == "miss: unknown");
  CHECK(stage.tape().misses().back().field == "query parameter x");
  CHECK(stage.ask("GET", "/a?x=1&y=1") == "a");
}

}  // namespace offstage::recording_tape_session_test
