#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "console/heroku/api.h"
#include "console/heroku/practice.h"
#include "console/heroku/seed.h"

namespace offstage::practice_api_test {

using practice_heroku::answer_api;
using practice_heroku::default_seed;
using practice_heroku::Practice;
using practice_heroku::Request;
using practice_heroku::Response;
using practice_heroku::Stage;
using practice_heroku::world_of;

namespace {

const std::string dana = "/teams/acme-platform/members/dana.whitfield%40example.com";

/// The console with the automation account signed in.
struct SignedIn {
  Stage stage;
  std::string token;

  SignedIn() {
    stage.world = world_of(default_seed());
    const std::string session = stage.sessions.open();
    stage.sessions.find(session)->account = stage.world.automation;
    token = *stage.sessions.redeem(stage.sessions.grant_code(session));
  }

  Request request(const std::string& method, const std::string& target) const {
    Request made;
    made.method = method;
    made.host = "api.heroku.com";
    made.target = target;
    made.headers = {{"authorization", "Bearer " + token},
                    {"accept", "application/vnd.heroku+json; version=3"}};
    return made;
  }
  Response call(const std::string& method, const std::string& target) {
    return answer_api(stage, request(method, target)).response;
  }
  Json list(const std::string& target) { return Json::parse(call("GET", target).body); }
};

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("the API answers nobody without a token", "[practice]") {
  SignedIn console;
  console.token = "HRKU-made-up";
  CHECK(console.call("GET", "/teams").status == 401);
}

TEST_CASE("the API wants its version named", "[practice]") {
  SignedIn console;
  Request request = console.request("GET", "/teams");
  request.headers["accept"] = "application/json";
  CHECK(answer_api(console.stage, request).response.status == 406);
}

TEST_CASE("a preflight needs no token and allows the dashboard alone", "[practice]") {
  SignedIn console;
  Request request;
  request.method = "OPTIONS";
  request.target = dana;
  const Response response = answer_api(console.stage, request).response;
  CHECK(response.status == 200);
  CHECK(header(response, "Access-Control-Allow-Origin") == "https://dashboard.heroku.com");
}

TEST_CASE("a long list comes in ranges that leave nobody out", "[practice]") {
  SignedIn console;
  std::vector<std::string> seen;
  std::string range = "email ..; max=10";
  int answers = 0;
  while (!range.empty()) {
    Request request = console.request("GET", "/teams/acme-platform/members");
    request.headers["x-range"] = range;
    const Response response = answer_api(console.stage, request).response;
    range = header(response, "Next-Range");
    CHECK(response.status == (range.empty() ? 200 : 206));
    for (const Json& member : Json::parse(response.body))
      seen.push_back(member.at("email"));
    ++answers;
  }
  CHECK(answers == 5);
  CHECK(seen.size() == 41);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 41);
}

TEST_CASE("a removal that gets a status instead removes nobody", "[practice]") {
  SignedIn console;
  console.stage.faults.set("remove-status=403");
  CHECK(console.call("DELETE", dana).status == 403);
  console.stage.faults.set("remove-status", std::nullopt);
  CHECK(console.call("DELETE", dana).status == 200);
}

TEST_CASE("a removal that lies says 200 and removes nobody", "[practice]") {
  SignedIn console;
  console.stage.faults.set("remove-lies");
  CHECK(console.call("DELETE", dana).status == 200);
  CHECK(console.list("/teams/acme-platform/members").size() == 41);
}

TEST_CASE("a removal whose answer is lost has happened", "[practice]") {
  SignedIn console;
  console.stage.faults.set("delete-answer-lost");
  CHECK(console.call("DELETE", dana).ending == Response::Ending::drop);
  CHECK(console.list("/teams/acme-platform/members").size() == 40);
}

TEST_CASE("a silent removal has not happened", "[practice]") {
  SignedIn console;
  console.stage.faults.set("remove-silent");
  CHECK(console.call("DELETE", dana).ending == Response::Ending::silence);
  CHECK(console.list("/teams/acme-platform/members").size() == 41);
}

TEST_CASE("a session that ends at a removal ends before anything is removed", "[practice]") {
  SignedIn console;
  console.stage.faults.set("session-ends-at-removal");
  CHECK(console.call("DELETE", dana).status == 401);
  CHECK(console.call("GET", "/account").status == 401);
  console.stage.faults.set("session-ends-at-removal", std::nullopt);
  const std::string session = console.stage.sessions.open();
  console.stage.sessions.find(session)->account = console.stage.world.automation;
  console.token = *console.stage.sessions.redeem(console.stage.sessions.grant_code(session));
  CHECK(console.list("/teams/acme-platform/members").size() == 41);
}

TEST_CASE("a session that ends takes its token with it", "[practice]") {
  SignedIn console;
  console.stage.faults.set("session-ends-after=2");
  CHECK(console.call("GET", "/account").status == 200);
  CHECK(console.call("GET", "/account").status == 200);
  CHECK(console.call("GET", "/account").status == 401);
  console.stage.faults.set("session-ends-after", std::nullopt);
  CHECK(console.call("GET", "/account").status == 401);
}

TEST_CASE("a team that owes money answers 402 to its own requests alone", "[practice]") {
  SignedIn console;
  console.stage.faults.set("delinquent=acme-labs");
  CHECK(console.call("GET", "/teams/acme-labs/members").status == 402);
  CHECK(console.call("GET", "/teams/acme-data/members").status == 200);
}

TEST_CASE("hostile names change no address", "[practice]") {
  SignedIn console;
  const Json before = console.list("/teams/acme-platform/members");
  console.stage.faults.set("hostile-names");
  const Json after = console.list("/teams/acme-platform/members");
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].at("email") == after[i].at("email"));
    CHECK(after[i].at("user").at("name").is_string());
  }
}

TEST_CASE("hostile words change no address and no team that the account manages", "[practice]") {
  SignedIn console;
  const Json members = console.list("/teams/acme-data/members");
  const Json teams = console.list("/teams");
  console.stage.faults.set("hostile-words");
  const Json words = console.list("/teams/acme-data/members");
  REQUIRE(words.size() == members.size());
  bool hostile = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    CHECK(words[i].at("email") == members[i].at("email"));
    CHECK((words[i].at("role") == members[i].at("role")) == (members[i].at("role") != "member"));
  }
  const Json named = console.list("/teams");
  for (std::size_t i = 0; i < teams.size(); ++i) {
    const bool same = named[i].at("name") == teams[i].at("name");
    CHECK(same == (teams[i].at("role") != "member"));
    hostile |= !same;
  }
  CHECK(hostile);
}

TEST_CASE("the change log holds what was asked of the API, and nothing that only read", "[practice]") {
  SignedIn console;
  Practice practice(console.stage);
  practice.handle(console.request("GET", "/teams"));
  practice.handle(console.request("DELETE", dana));
  practice.handle(console.request("DELETE", dana));
  Request admin;
  admin.host = "127.0.0.1:8443";
  admin.target = "/_practice/log";
  const Json log = Json::parse(practice.handle(admin).body);
  REQUIRE(log.size() == 2);
  CHECK(log[0].at("path") == "/teams/acme-platform/members/dana.whitfield@example.com");
  CHECK(log[0].at("raw_path") == dana);
  CHECK(log[0].at("actor") == "offstage@example.com");
  CHECK(log[0].at("status") == 200);
  CHECK(log[1].at("status") == 404);
}

TEST_CASE("the endpoints for tests are answered on a loopback name alone", "[practice]") {
  SignedIn console;
  Practice practice(console.stage);
  Request request;
  request.target = "/_practice/state";
  for (const char* host : {"id.heroku.com", "api.heroku.com", "verify.salesforce.com", "example.com"}) {
    request.host = host;
    CHECK(practice.handle(request).body.find("acme-platform") == std::string::npos);
  }
  request.host = "127.0.0.1:4711";
  CHECK(practice.handle(request).body.find("acme-platform") != std::string::npos);
}

TEST_CASE("a reset brings everybody back and empties the log", "[practice]") {
  SignedIn console;
  Practice practice(console.stage);
  practice.handle(console.request("DELETE", dana));
  Request admin;
  admin.host = "localhost";
  admin.method = "POST";
  admin.target = "/_practice/reset";
  practice.handle(admin);
  admin.method = "GET";
  admin.target = "/_practice/log";
  CHECK(Json::parse(practice.handle(admin).body).empty());
  admin.target = "/_practice/state";
  CHECK(practice.handle(admin).body.find("\"dana.whitfield@example.com\"") != std::string::npos);
}

}  // namespace offstage::practice_api_test
