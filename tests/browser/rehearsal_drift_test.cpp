#include <catch2/catch.hpp>

#include "base/file.h"
#include "browser_support.h"
#include "rehearsal/patch.h"
#include "rehearsal/record.h"

namespace offstage::rehearsal_drift_test {

using test::soon;

namespace {

/// A page with one button, and a script of its own that waits for it.
struct Console {
  Console() {
    write_file(folder.path() / "wait.json",
               R"({"title": "Wait", "timeout": 200, "steps": [
                 {"type": "waitForElement", "selectors": [["aria/Remove"]]}]})");
    scenario.scripts = {script::load(folder.path() / "wait.json")};
    scenario.start_url = server.url("/");
  }

  void show(const std::string& button) {
    server.page("/",
                "<!doctype html><style>.u { text-transform: uppercase }</style><h1>Team</h1><form>"
                "<input aria-label=Who>" +
                    button + "</form>");
  }

  TemporaryFolder folder{"offstage-test-"};
  test::PageServer server;
  rehearsal::Scenario scenario;
  SecretStore secrets;
  script::Observer nobody;
  Log quiet = Log::none();
};

}  // namespace

TEST_CASE("what is proposed for a step finds one element on the page as it is, and not only in its HTML",
          "[recording][rehearsal]") {
  Console console;
  const auto browser = test::launch();
  console.show("<button type=button class='btn danger' title='Take away'>Remove</button>");
  const recording::Recording recording = rehearsal::record(*browser, console.scenario, console.secrets, false,
                                                           "a test", console.nobody, console.quiet, soon());
  REQUIRE(recording.ending.kind == "ok");
  console.show("<button type=button class='btn danger u' title='Take away'>Remove user</button>");
  const rehearsal::Comparison comparison = rehearsal::compare(
      *browser, recording, console.scenario, console.secrets, console.nobody, console.quiet, soon());
  REQUIRE(comparison.steps.size() == 1);
  CHECK(comparison.steps[0].broken);
  REQUIRE(comparison.steps[0].proposal);
  const browser::Selectors& proposed = comparison.steps[0].proposal->selectors;
  REQUIRE_FALSE(proposed.empty());
  const auto context = browser->new_context(soon());
  browser::Page& page = context->new_page(soon());
  page.navigate(console.server.url("/"), soon());
  for (const browser::SelectorChain& chain : proposed) {
    CAPTURE(chain.front());
    browser::Condition found;
    found.query.selectors = {chain};
    found.comparison = browser::Condition::Count::exactly;
    CHECK_FALSE(page.check({}, found, soon()));
  }
}

}  // namespace offstage::rehearsal_drift_test
