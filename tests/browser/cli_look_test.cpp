#include <algorithm>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_look_test {

namespace {

using namespace test;

TEST_CASE("the teams are listed, also as a document", "[cli][look]") {
  const CliScene scene;
  const Finished text = scene.run({"list", "teams", "--from", "heroku"});
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, "acme-platform"));
  const Json document = scene.run({"list", "teams", "--from", "heroku", "--output", "json"}).document();
  follow_schema(document, "output.json");
  CHECK(document.at("teams").size() >= 7);
  CHECK(document.at("account") == "offstage@example.com");
}

TEST_CASE("who has access is listed with pending invitations and collaborators", "[cli][look]") {
  const CliScene scene;
  const Finished end =
      scene.run({"list", "access", "--from", "heroku", "--team", "acme-data", "--output", "json"});
  CAPTURE(end.err);
  REQUIRE(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  std::map<std::string, std::string> states;
  for (const Json& grant : document.at("listings").at(0).at("grants"))
    states[grant.at("user")] = grant.at("state");
  CHECK(states.at("priya.raman@example.com") == "active");
  CHECK(states.at(dana) == "pending");
  CHECK(states.contains("audit@example.org"));
}

TEST_CASE("a team that the environment names is the only one that is planned for", "[cli][look]") {
  const CliScene scene;
  Start start = scene.start();
  start.variables["OFFSTAGE_TEAM"] = "acme-data";
  const Finished end = run_offstage({"plan", "user", dana, "--from", "heroku", "--output", "json"}, start);
  CAPTURE(end.err);
  REQUIRE(end.exit_code == 0);
  const Json plan = end.document();
  CHECK(plan.at("request").at("teams") == Json::array({"acme-data"}));
  CHECK(plan.at("listings").size() == 1);
}

TEST_CASE("a check finds the practice console usable and changes nothing", "[cli][look]") {
  const CliScene scene;
  const Finished end = scene.run({"check", "heroku", "--output", "json"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("usable") == true);
  CHECK(document.at("practice") == true);
  CHECK(scene.console.change_log().empty());
}

TEST_CASE("a check says where a console differs", "[cli][look]") {
  const CliScene scene({"total-lies"});
  const Finished end = scene.run({"check", "heroku"});
  CAPTURE(end.err);
  CHECK(end.exit_code == 70);
  CHECK(has(end.out, "broken"));
  CHECK(has(end.out, "the scripts need mending"));
}

TEST_CASE("doctor says that this machine is ready", "[cli][look]") {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"doctor", "--output", "json"}, start);
  CAPTURE(end.err, end.out);
  CHECK(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("ready") == true);
}

TEST_CASE("doctor says what is wrong with a Chrome that is not there", "[cli][look]") {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"doctor", "--chrome", "/nonexistent"}, start);
  CHECK(end.exit_code == 69);
  CHECK(has(end.out, "fault"));
  CHECK(has(end.out, "Not ready"));
}

/// A page with a form that greets, and a button that deletes.
constexpr const char* form = R"(<!doctype html><title>Shop</title><form onsubmit="return false">
<label for=n>Name</label><input id=n><button type=button onclick="
  document.querySelector('#out').textContent = 'Hello ' + document.querySelector('#n').value">Greet</button></form>
<p id=out></p>
<div role=dialog aria-label="Delete?"><p>Delete <b>old</b>?</p><button type=button onclick="
  fetch('/things/old', {method: 'DELETE'}).then(() => { document.querySelector('[role=dialog]').remove(); })
">Delete for good</button></div>)";

constexpr const char* greet = R"({"title": "Greet", "steps": [
  {"type": "change", "value": "{{who}}", "selectors": [["aria/Name"]], "target": "main"},
  {"type": "click", "selectors": [["aria/Greet"]], "offsetX": 5, "offsetY": 5, "target": "main"},
  {"type": "waitForElement", "selectors": [["text/Hello {{who}}"]], "target": "main"}]})";

constexpr const char* remove = R"({"title": "Delete", "steps": [
  {"type": "customStep", "name": "commit", "parameters": {
    "target": "{{name}}",
    "confirm": [{"selectors": [["[role=dialog] b"]], "text": "{{name}}"}],
    "action": {"type": "click", "target": "main", "selectors": [["aria/Delete for good"]], "offsetX": 5, "offsetY": 5},
    "response": {"method": "DELETE", "url": ["http://127.0.0.1:*/things/{{name}}"], "status": [200]},
    "done": [{"selectors": [["[role=dialog]"]], "absent": true}]}}]})";

TEST_CASE("script run plays a plain recording against any page", "[cli][look]") {
  const Sandbox sandbox;
  sandbox.write("greet.json", greet);
  PageServer server;
  server.page("/", form);
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage(
      {"script", "run", "greet.json", "--start-url", server.url("/"), "--arg", "who=Ann", "--output", "json"},
      start);
  CAPTURE(end.err);
  REQUIRE(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("script").at("title") == "Greet");
}

TEST_CASE("script run takes no commit step unless it is allowed to", "[cli][look]") {
  const Sandbox sandbox;
  sandbox.write("delete.json", remove);
  PageServer server;
  server.page("/", form);
  server.handle("/things/old", [](const PageServer::Request&) { return PageServer::Response{}; });
  Start start;
  start.folder = sandbox.path();
  const std::vector<std::string> base{"script",        "run",   "delete.json", "--start-url",
                                      server.url("/"), "--arg", "name=old"};
  CHECK(run_offstage(base, start).exit_code == 4);
  const auto deletes = [&] {
    const std::vector<std::string> seen = server.seen();
    return std::count(seen.begin(), seen.end(), "DELETE /things/old");
  };
  CHECK(deletes() == 0);

  std::vector<std::string> allowed = base;
  allowed.insert(allowed.end(), {"--allow-commit", "--evidence", "kept", "--output", "json"});
  const Finished end = run_offstage(allowed, start);
  CAPTURE(end.err);
  CHECK(end.exit_code == 0);
  CHECK(deletes() == 1);
  CHECK(end.document().at("commits").at(0).at("outcome") == "done");
  CHECK(has(read_file(sandbox.path() / "kept/journal.jsonl"), "\"intent\""));
}

TEST_CASE("script run stays within the origins it is given", "[cli][look]") {
  const Sandbox sandbox;
  PageServer server;
  server.page("/", "<title>here</title>");
  PageServer elsewhere;
  elsewhere.page("/", "<title>elsewhere</title>");
  sandbox.write("leave.json", R"({"title": "Leave", "steps": [{"type": "navigate", "url": ")" +
                                  elsewhere.url("/") + "\"}]}");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage(
      {"script", "run", "leave.json", "--start-url", server.url("/"), "--allow-origin", server.origin()},
      start);
  CAPTURE(end.err);
  CHECK(end.exit_code == 4);
  CHECK(elsewhere.seen().empty());
}

}  // namespace

}  // namespace offstage::cli_look_test
