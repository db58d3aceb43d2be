#include <catch2/catch.hpp>

#include "base/file.h"
#include "fake_console.h"
#include "memory_folder.h"
#include "offboarding/run.h"

namespace offstage::report_test {

using namespace offboarding;
using test::console_with_bob;
using test::FakeConsole;

namespace {

std::string report_of(FakeConsole& console, const std::string& reason = {}) {
  const TemporaryFolder folder = test::memory_folder();
  Progress silent;
  const Planned planned = make_plan(console, RemoveUser{"bob@example.com", {}}, "asker", Policy{}, silent,
                                    Until::in(Milliseconds(1000)));
  Approver approver;
  approver.by = "ops";
  approver.digest = planned.plan.digest;
  RunSettings settings;
  settings.state = folder.path() / "state";
  settings.evidence = folder.path() / "evidence";
  settings.by = "ops";
  settings.reason = reason;
  settings.pace = {Milliseconds(1), Milliseconds(1), Milliseconds(10)};
  const Result result = apply_plan(console, planned, approve(planned.plan, approver, {}), Policy{}, settings,
                                   silent, Until::in(Milliseconds(5000)));
  return read_file(result.report);
}

}  // namespace

TEST_CASE("a report says what was removed, by whom, approved by whom, and that it was verified", "[report]") {
  FakeConsole console = console_with_bob();
  const std::string page = report_of(console, "HR-42");
  for (const char* text :
       {"Removed and verified", "remove bob@example.com", "HR-42", "ops, by naming the plan&#39;s digest",
        "app shop on team gamma", "3 of 3 verified"}) {
    INFO(text);
    CHECK_THAT(page, Catch::Contains(text));
  }
}

TEST_CASE("a report that could not verify does not look as if it had", "[report]") {
  FakeConsole console = console_with_bob();
  console.answer = FakeConsole::Answer::lies;
  const std::string page = report_of(console);
  CHECK_THAT(page, Catch::Contains("Effect unknown") && !Catch::Contains("Removed and verified"));
}

TEST_CASE("a report loads nothing, runs nothing, and escapes what a console says", "[report]") {
  FakeConsole console = console_with_bob();
  for (Grant& grant : console.rows["id-acme"])
    grant.role = "<img src=x onerror=alert(1)>";
  const std::string page = report_of(console, "<script>alert(1)</script>");
  CHECK_THAT(page, !Catch::Contains("<script") && !Catch::Contains("<img src=x"));
  CHECK_THAT(page, Catch::Contains("default-src 'none'"));
  CHECK_THAT(page, !Catch::Contains("http://") && !Catch::Contains("src=\"http"));
}

}  // namespace offstage::report_test
