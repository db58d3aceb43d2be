#include "workflow/step_outputs.h"

#include <map>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/text.h"
#include "memory_folder.h"

namespace offstage::step_outputs_test {

namespace fs = std::filesystem;
using workflow::StepPlaces;

namespace {

Json result_with(const std::string& text) {
  return {{"version", 1},
          {"status", "partial"},
          {"exit_code", 3},
          {"message", "1 of 2 verified, 1 failed: " + text},
          {"run", "20260101T000000Z-1"},
          {"plan", std::string(64, 'a')},
          {"evidence_digest", std::string(64, 'b')},
          {"counts", {{"verified", 1}, {"failed", 1}}},
          {"targets",
           {{{"target", "bob@example.com"}, {"outcome", "verified"}, {"text", "gone"}},
            {{"target", "eve@example.com"}, {"outcome", "failed"}, {"text", text}}}}};
}

/// A workflow tool's places, in a folder of the test's own.
struct Step {
  TemporaryFolder folder = test::memory_folder();
  std::map<std::string, std::string> variables;
  Log log = Log::none();

  fs::path path(const std::string& name) const { return folder.path() / name; }
  void write(const std::string& text = "HTTP 500") {
    workflow::write_step_outputs(result_with(text),
                                 {[&](const char* name) {
                                    const auto found = variables.find(name);
                                    return found == variables.end() ? std::string() : found->second;
                                  },
                                  folder.path()},
                                 log);
  }
};

}  // namespace

TEST_CASE("nothing is written where no workflow tool looks", "[step]") {
  Step step;
  step.write();
  CHECK(fs::is_empty(step.folder.path()));
}

TEST_CASE("GitHub's outputs are added to its file, and a value cannot begin another one", "[step]") {
  Step step;
  step.variables["GITHUB_OUTPUT"] = step.path("output").string();
  write_file(step.path("output"), "before=1\n");
  step.write("x\nstatus=ok\nexit_code<<e\n0\ne\n");
  const std::string text = read_file(step.path("output"));
  CHECK(text.starts_with("before=1\n"));
  const std::vector<std::string> lines = split(text, '\n');
  CHECK(std::count(lines.begin(), lines.end(), "partial") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "status=ok") == 0);
  CHECK(std::count(lines.begin(), lines.end(), "exit_code<<e") == 0);
}

TEST_CASE("GitHub's summary is a table in which page text is only text", "[step]") {
  const std::string text = workflow::markdown_summary(
      result_with("<img src=x> | [a](http://b) **@someone** `::set-output::` &amp;"));
  CHECK_THAT(text, Catch::Contains("| ✅ | bob&#64;example.com | verified | gone |"));
  for (const char* bad : {"<img", "[a]", "**", "@someone", "`", "::set", "&amp;"}) {
    INFO(bad);
    CHECK_THAT(text, !Catch::Contains(bad));
  }
}

TEST_CASE("Tekton, Airflow, Argo and Kubernetes each get what they read", "[step]") {
  Step step;
  fs::create_directories(step.path("tekton/results"));
  fs::create_directories(step.path("airflow/xcom"));
  fs::create_directories(step.path("dev"));
  write_file(step.path("dev/termination-log"), "old and longer than what comes");
  step.variables["OFFSTAGE_OUT_DIR"] = step.path("out").string();
  step.write();
  CHECK(read_file(step.path("tekton/results/status")) == "partial");
  CHECK(read_file(step.path("tekton/results/removed")) == "1");
  CHECK(fs::exists(step.path("tekton/results/plan")));
  CHECK(Json::parse(read_file(step.path("airflow/xcom/return.json"))) == result_with("HTTP 500"));
  CHECK(read_file(step.path("out/outputs/exit_code")) == "3");
  CHECK(read_file(step.path("out/outputs/open")) == "1");
  CHECK(Json::parse(read_file(step.path("dev/termination-log"))).at("status") == "partial");
}

TEST_CASE("the termination message is whole JSON within what a container may leave", "[step]") {
  Step step;
  fs::create_directories(step.path("dev"));
  write_file(step.path("dev/termination-log"), "");
  std::string wide;
  for (int i = 0; i < 5000; ++i)
    wide += "\xF0\x9F\x94\xA5";
  step.write(wide);
  const std::string text = read_file(step.path("dev/termination-log"));
  CHECK(text.size() <= 3000);
  CHECK(Json::parse(text).at("exit_code") == 3);
}

TEST_CASE("a place that cannot be written does not keep the others from being", "[step]") {
  Step step;
  step.variables["GITHUB_OUTPUT"] = step.path("no/such/folder").string();
  fs::create_directories(step.path("tekton/results"));
  step.write();
  CHECK(read_file(step.path("tekton/results/status")) == "partial");
}

}  // namespace offstage::step_outputs_test
