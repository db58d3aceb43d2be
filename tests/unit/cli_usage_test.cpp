#include <csignal>

#include <catch2/catch.hpp>

#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_usage_test {

namespace {

using namespace test;

/// Runs offstage in a folder of its own, with further variables.
Finished run(const std::vector<std::string>& arguments,
             const std::map<std::string, std::string>& variables = {}) {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  start.variables = variables;
  return run_offstage(arguments, start);
}

TEST_CASE("an unknown command names the nearest one", "[cli]") {
  const Finished end = run({"remov", "user", "a@example.com"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "there is no command \"remov\""));
  CHECK(has(end.err, "did you mean \"remove\"?"));
}

TEST_CASE("an unknown command below another is looked for there", "[cli]") {
  const Finished end = run({"list", "acess"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "offstage list: there is no command \"acess\""));
  CHECK(has(end.err, "did you mean \"access\"?"));
}

TEST_CASE("an unknown option names the nearest one and never the value given", "[cli]") {
  const Finished end = run({"list", "teams", "--secert=password=hunter22"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "there is no option \"--secert\""));
  CHECK(has(end.err, "did you mean \"--secret\"?"));
  CHECK_FALSE(has(end.err, "hunter22"));
}

TEST_CASE("no command at all lists the commands", "[cli]") {
  const Finished end = run({});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "which command?"));
  CHECK(has(end.err, "doctor"));
}

TEST_CASE("a missing argument is named with the command that wants it", "[cli]") {
  const Finished end = run({"remove", "user"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "offstage remove user: EMAIL is required"));
}

TEST_CASE("a value that an option does not take names those that it does", "[cli]") {
  const Finished end = run({"version", "--color", "sometimes"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "auto"));
}

TEST_CASE("in JSON mode an error is a document on stdout", "[cli]") {
  const Finished end = run({"remov", "--output", "json"});
  CHECK(end.exit_code == 64);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("error").at("kind") == "usage");
  CHECK(document.at("error").at("exit_code") == 64);
  CHECK(has(end.err, "there is no command"));
}

TEST_CASE("in JSON mode that the environment asks for, an error is a document too", "[cli]") {
  const Finished end = run({"remov"}, {{"OFFSTAGE_OUTPUT", "json"}});
  CHECK(end.document().at("error").at("kind") == "usage");
}

TEST_CASE("an address that is none is refused before anything starts", "[cli]") {
  for (const char* address :
       {"dana", "dana@", "dana@example", "da na@example.com", "dana@example.com, x@example.com"}) {
    CAPTURE(address);
    const Finished end = run({"remove", "user", address, "--from", "heroku", "--chrome", "/nonexistent"});
    CHECK(end.exit_code == 64);
    CHECK(has(end.err, "address"));
  }
}

TEST_CASE("a missing --from names the connectors", "[cli]") {
  const Finished end = run({"list", "teams"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "--from"));
  CHECK(has(end.err, "heroku"));
}

TEST_CASE("an unknown connector names the nearest one", "[cli]") {
  const Finished end = run({"list", "teams", "--from", "heruko"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "heruko"));
  CHECK(has(end.err, "heroku"));
}

TEST_CASE("a missing secret says how to give it, before Chrome is looked for", "[cli]") {
  const Finished end = run({"list", "teams", "--from", "heroku", "--chrome", "/nonexistent"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "--secret"));
}

TEST_CASE("a secret's command is bound by --timeout and ended by a signal, before Chrome is looked for",
          "[cli]") {
  const test::Sandbox sandbox;
  const std::filesystem::path pid = sandbox.path() / "pid";
  const std::string source =
      "password=command:echo $$ > " + pid.string() + "; sleep 60 & echo reading >&2; wait";
  const std::vector<std::string> words{test::offstage_program().string(),
                                       "list",
                                       "teams",
                                       "--from",
                                       "heroku",
                                       "--chrome",
                                       "/nonexistent",
                                       "--secret",
                                       source};
  Start start;
  start.folder = sandbox.path();
  const auto begun = Clock::now();
  std::vector<std::string> bound = words;
  bound.insert(bound.end(), {"--timeout", "1s"});
  test::Program late(bound, start);
  const Finished unreachable = late.finish();
  CHECK(unreachable.exit_code == 75);
  CHECK(has(unreachable.err, "the secret \"password\""));

  test::Program stopped(words, start);
  stopped.wait_for("reading");
  stopped.signal(SIGTERM);
  CHECK(stopped.finish().exit_code == 143);
  CHECK(Clock::now() - begun < std::chrono::seconds(50));
  CHECK(::kill(std::stoi(read_file(pid)), 0) == -1);
}

TEST_CASE("a secret given on the command line itself is refused and not repeated", "[cli]") {
  const Finished end = run({"list", "teams", "--from", "heroku", "--secret", "password=hunter22"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "file:PATH"));
  CHECK_FALSE(has(end.err, "hunter22"));
}

TEST_CASE("a span of time that is none says how to write one", "[cli]") {
  for (const char* span : {"soon", "5x", "0s", "-3s", "99999999999999999999h"}) {
    CAPTURE(span);
    const Finished end = run({"doctor", "--timeout", span, "--chrome", "/nonexistent"});
    CHECK(end.exit_code == 64);
    CHECK(has(end.err, "90s"));
  }
}

TEST_CASE("a configuration file with an unknown key names the line and the nearest key", "[cli]") {
  const Sandbox sandbox;
  const auto file = sandbox.write("offstage.json", "{\n  \"output\": \"json\",\n  \"verbos\": true\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"version", "--config", file.string()}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "offstage.json:3"));
  CHECK(has(end.err, "verbose"));
}

TEST_CASE("a configuration file that is no JSON names line and column", "[cli]") {
  const Sandbox sandbox;
  const auto file = sandbox.write("offstage.json", "{\n  \"output\": json\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"version", "--config", file.string()}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "offstage.json:2"));
}

TEST_CASE("a flag wins over the environment, which wins over the configuration file", "[cli]") {
  const Sandbox sandbox;
  const auto file = sandbox.write("offstage.json", "{\"output\": \"json\"}");
  Start start;
  start.folder = sandbox.path();
  const auto is_json = [&](const std::vector<std::string>& more,
                           const std::map<std::string, std::string>& variables) {
    std::vector<std::string> arguments{"version", "--config", file.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    start.variables = variables;
    return run_offstage(arguments, start).out.starts_with("{");
  };
  CHECK(is_json({}, {}));
  CHECK_FALSE(is_json({}, {{"OFFSTAGE_OUTPUT", "text"}}));
  CHECK_FALSE(is_json({"--output", "text"}, {}));
  CHECK(is_json({"--output", "json"}, {{"OFFSTAGE_OUTPUT", "text"}}));
}

TEST_CASE("paths in a configuration file start at its folder", "[cli]") {
  const Sandbox sandbox;
  const auto file = sandbox.write("etc/offstage.json", "{\"practice\": \"here/practice.json\"}");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"list", "teams", "--from", "heroku", "--config", file.string()}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, (sandbox.path() / "etc/here/practice.json").string()));
}

TEST_CASE("the schema of the configuration file knows exactly the options there are", "[cli]") {
  const Json schema =
      Json::parse(read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "connectors/schema/config.json"));
  const std::string help = run({"--help"}).out;
  for (const auto& [name, rule] : schema.at("properties").items()) {
    if (name == "$schema" || name == "from") continue;
    CAPTURE(name);
    CHECK(has(help, "--" + name));
  }
  std::size_t options = 0;
  for (std::size_t at = help.find("  --"); at != std::string::npos; at = help.find("  --", at + 1))
    ++options;
  // -q and -v stand before their long names; --version and --config are no part of the file.
  CHECK(options + 2 - 2 == schema.at("properties").size() - 2);
}

TEST_CASE("every command has a help with an example", "[cli]") {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"remove", "user"},
                                                                                       {"remove", "team"},
                                                                                       {"plan", "user"},
                                                                                       {"plan", "team"},
                                                                                       {"apply"},
                                                                                       {"policy", "explain"},
                                                                                       {"list", "teams"},
                                                                                       {"list", "access"},
                                                                                       {"check"},
                                                                                       {"doctor"},
                                                                                       {"script", "check"},
                                                                                       {"script", "run"},
                                                                                       {"connectors"},
                                                                                       {"completion"},
                                                                                       {"man"},
                                                                                       {"version"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    CAPTURE(command);
    const Finished end = run(arguments);
    CHECK(end.exit_code == 0);
    CHECK(has(end.out, "Examples:\n  offstage " + command.front()));
  }
}

TEST_CASE("the help lists every command", "[cli]") {
  const std::string help = run({"--help"}).out;
  for (const char* command : {"remove", "plan", "apply", "policy", "list", "check", "doctor", "script",
                              "practice", "connectors", "completion", "man", "version"}) {
    CAPTURE(command);
    CHECK(has(help, std::string("  ") + command));
  }
}

TEST_CASE("a malformed plan names file and line", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("plan.json", "{\n  \"version\": 1,\n  \"connector\": 7\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"apply", "plan.json"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "plan.json:"));
}

TEST_CASE("a plan that is not there is named", "[cli]") {
  const Finished end = run({"apply", "nowhere.json"});
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "nowhere.json"));
}

TEST_CASE("a malformed manifest names file and line", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("mine/shop/connector.json", "{\n  \"id\": \"shop\",\n  \"title\": 3\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"list", "teams", "--from", "shop", "--connectors", "mine"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "connector.json:"));
}

TEST_CASE("script check names file, line and path of a bad step, and ends with usage", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("bad.json", "{\n  \"title\": \"t\",\n  \"steps\": [\n    {\"type\": \"clikc\"}\n  ]\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"script", "check", "bad.json"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.out, "bad.json:4"));
  CHECK(has(end.out, "/steps/0"));
}

TEST_CASE("script check finds nothing wrong with the scripts that come with Offstage", "[cli]") {
  std::vector<std::string> arguments{"script", "check", "--output", "json"};
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "scripts/heroku"))
    arguments.push_back(entry.path().string());
  const Finished end = run(arguments);
  CHECK(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  for (const Json& file : document.at("files")) {
    CAPTURE(file.dump());
    for (const Json& finding : file.at("findings"))
      CHECK(finding.at("level") != "error");
  }
}

TEST_CASE("script run names a missing argument and one too many before Chrome starts", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("s.json",
                R"({"title": "t", "steps": [{"type": "navigate", "url": "https://example.com/{{page}}"}]})");
  Start start;
  start.folder = sandbox.path();
  const Finished missing = run_offstage({"script", "run", "s.json", "--chrome", "/nonexistent"}, start);
  CHECK(missing.exit_code == 64);
  CHECK(has(missing.err, "\"page\""));
  const Finished extra = run_offstage(
      {"script", "run", "s.json", "--arg", "page=1", "--arg", "pag=2", "--chrome", "/nonexistent"}, start);
  CHECK(extra.exit_code == 64);
  CHECK(has(extra.err, "did you mean \"page\"?"));
}

TEST_CASE("an unknown practice console is an error, and the known one starts", "[cli]") {
  const Finished unknown = run({"practice", "heruko"});
  CHECK(unknown.exit_code == 64);
  CHECK(has(unknown.err, "did you mean \"heroku\"?"));
  const Finished seed = run({"practice", "heroku", "--print-seed"});
  CHECK(seed.exit_code == 0);
  CHECK(has(seed.out, "acme-platform"));
}

TEST_CASE("a malformed seed names file and line", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("seed.json", "{\n  \"teams\": [\n    {\"name\": 4}\n  ]\n}\n");
  Start start;
  start.folder = sandbox.path();
  const Finished end = run_offstage({"practice", "heroku", "--seed", "seed.json"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "seed.json:"));
}

TEST_CASE("a practice console that does not run any more is named as such", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("practice.json",
                R"({"version": 1, "connector": "heroku", "address": "127.0.0.1:1", "hosts": ["a.test"],
    "spki": "x", "secrets": "secrets", "pid": 999999999})");
  Start start;
  start.folder = sandbox.path();
  const Finished end =
      run_offstage({"list", "teams", "--from", "heroku", "--practice", "practice.json"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "offstage practice"));
}

TEST_CASE("the connectors and what they need are listed", "[cli]") {
  const Finished end = run({"connectors", "--output", "json"});
  CHECK(end.exit_code == 0);
  const Json document = end.document();
  follow_schema(document, "output.json");
  CHECK(document.at("connectors").at(0).at("id") == "heroku");
  CHECK(run({"connectors", "--names"}).out == "heroku\n");
}

TEST_CASE("the version is told, also as a document", "[cli]") {
  CHECK(run({"version"}).out.starts_with("offstage "));
  follow_schema(run({"version", "--output", "json"}).document(), "output.json");
}

TEST_CASE("a result that cannot be written is an error", "[cli]") {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  start.output_file = "/dev/full";
  const Finished end = run_offstage({"version"}, start);
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "No space left"));
}

TEST_CASE("log lines can be JSON, one a line", "[cli]") {
  const Finished end = run({"doctor", "--chrome", "/nonexistent", "--log-format", "json"});
  CHECK(end.exit_code == 69);
  const std::string first = end.err.substr(0, end.err.find('\n'));
  CHECK(Json::parse(first).contains("message"));
}

}  // namespace

}  // namespace offstage::cli_usage_test
