#include <catch2/catch.hpp>

#include "base/text.h"
#include "cli_scene.h"

namespace offstage::cli_readme_test {

/// What people are told to type works.
namespace {

using namespace test;

/// The commands of every block that follows a line "<!-- run -->", in order.
std::string runnable_blocks(const std::string& markdown) {
  std::string commands;
  bool marked = false;
  bool inside = false;
  for (const std::string& line : split(markdown, '\n')) {
    if (line == "<!-- run -->") {
      marked = true;
    } else if (marked && line == "```sh") {
      inside = true;
    } else if (inside && line == "```") {
      inside = marked = false;
    } else if (inside) {
      commands += line + "\n";
    }
  }
  return commands;
}

TEST_CASE("the README's commands lead from nothing to a proved removal", "[cli][readme]") {
  const std::string commands =
      runnable_blocks(read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "README.md"));
  REQUIRE(commands.find("offstage apply") != std::string::npos);
  const Sandbox sandbox;
  std::filesystem::create_directories(sandbox.path() / "build");
  std::filesystem::create_directory_symlink(OFFSTAGE_BINARY_DIR, sandbox.path() / "build/release");
  Start start;
  start.folder = sandbox.path();
  start.patience = Milliseconds(400'000);  // several whole runs, slow under the sanitizers
  const Finished end =
      Program({"/bin/bash", "-euc", "trap 'kill %1; wait' EXIT\n" + commands}, start).finish();
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.out.find("3 of 3 verified") != std::string::npos);
  CHECK(std::filesystem::exists(sandbox.path() / "evidence/report.html"));
}

TEST_CASE("the demo shows a plan, a proved removal, and that a second one finds nothing", "[cli][readme]") {
  const Sandbox sandbox;
  Start start;
  start.folder = sandbox.path();
  start.patience = Milliseconds(400'000);  // several whole runs, slow under the sanitizers
  start.variables["OFFSTAGE_DEMO_PAUSE"] = "0";
  const Finished end = Program({(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "tests/console/demo").string(),
                                OFFSTAGE_BINARY_DIR},
                               start)
                           .finish();
  CAPTURE(end.out, end.err);
  CHECK(end.exit_code == 0);
  CHECK(end.out.find("3 to remove.") != std::string::npos);
  CHECK(end.out.find("3 of 3 verified") != std::string::npos);
  CHECK(end.out.find("Nothing to do.") != std::string::npos);
  CHECK(end.out.find("report.html") != std::string::npos);
}

}  // namespace

}  // namespace offstage::cli_readme_test
