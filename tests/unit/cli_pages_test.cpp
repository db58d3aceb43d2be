#include <catch2/catch.hpp>

#include "base/error.h"
#include "cli_scene.h"
#include "has.h"

namespace offstage::cli_pages_test {

namespace {

using namespace test;

Finished run(const std::vector<std::string>& words, const std::string& input = {}) {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  start.input = input;
  return Program(words, start).finish();
}

std::string page(const std::vector<std::string>& arguments) {
  const Finished end = run(CliScene::words(arguments));
  REQUIRE(end.exit_code == 0);
  return end.out;
}

/// What bash would offer for a line of words, the last of which is being typed.
std::string offered(const std::vector<std::string>& words) {
  const Sandbox sandbox;
  const auto file = sandbox.write("offstage.bash", page({"completion", "bash"}));
  std::string array;
  for (const std::string& word : words)
    array += " '" + word + "'";
  const std::string script =
      "PATH=" + offstage_program().parent_path().string() + ":$PATH\n. " + file.string() + "\nCOMP_WORDS=(" +
      array + ")\nCOMP_CWORD=" + std::to_string(words.size() - 1) + "\n_offstage\necho \" ${COMPREPLY[*]} \"";
  const Finished end = run({"/bin/bash", "-euc", script});
  CAPTURE(end.err);
  REQUIRE(end.exit_code == 0);
  return end.out;
}

TEST_CASE("the man page names the variables of --team and --reason, and none where there is none", "[cli]") {
  const std::string text = page({"man"});
  CHECK(text.find("Environment: \\fBOFFSTAGE_TEAM\\fR.") != std::string::npos);
  CHECK(text.find("Environment: \\fBOFFSTAGE_REASON\\fR.") != std::string::npos);
  CHECK(text.find("Every option above names its variable") == std::string::npos);
}

TEST_CASE("the man page names every exit code and its kind", "[cli]") {
  const std::string text = page({"man"});
  for (const KindInfo& kind : kinds()) {
    CAPTURE(kind.name);
    CHECK(has(text, "\\fB" + std::to_string(kind.exit_code) + "\\fR (" + std::string(kind.name) + ")"));
  }
}

TEST_CASE("the man page holds every command of the help", "[cli]") {
  const std::string text = page({"man"});
  for (const char* command :
       {"offstage remove user EMAIL", "offstage plan team NAME", "offstage apply PLAN",
        "offstage policy explain PLAN", "offstage script run FILE", "offstage completion SHELL"}) {
    CAPTURE(command);
    CHECK(has(text, std::string(".SS ") + command));
  }
}

TEST_CASE("bash completes commands, options, and the values of options", "[cli]") {
  CHECK(has(offered({"offstage", "rem"}), " remove "));
  CHECK(has(offered({"offstage", "remove", ""}), " user team "));
  CHECK(has(offered({"offstage", "remove", "user", "--te"}), " --team "));
  CHECK(has(offered({"offstage", "--output", "j"}), " json "));
  CHECK(has(offered({"offstage", "remove", "user", "--from", ""}), " heroku "));
  CHECK(has(offered({"offstage", "completion", "z"}), " zsh "));
}

TEST_CASE("fish completions offer commands and options where they belong", "[cli]") {
  const std::string text = page({"completion", "fish"});
  CHECK(has(text, "-a remove"));
  CHECK(has(text, "-l detailed-exitcode"));
}

TEST_CASE("zsh completions start as zsh wants them", "[cli]") {
  CHECK(page({"completion", "zsh"}).starts_with("#compdef offstage\n"));
}

TEST_CASE("another shell is an error that names those there are", "[cli]") {
  const Finished end = run(CliScene::words({"completion", "csh"}));
  CHECK(end.exit_code == 64);
  CHECK(has(end.err, "fish"));
}

TEST_CASE("no colour where stdout is no terminal, unless it is asked for", "[cli]") {
  const std::string escape = "\x1b[";
  CHECK_FALSE(has(page({"connectors"}), escape));
  CHECK(has(page({"connectors", "--color", "always"}), escape));
}

}  // namespace

}  // namespace offstage::cli_pages_test
