#include <catch2/catch.hpp>

#include "rehearsal/patch.h"
#include "script/script.h"

namespace offstage::repair_test {

using namespace rehearsal;

namespace {

/// An ordinary click, and a commit whose button looks the same.
std::shared_ptr<const script::Script> script() {
  return script::parse(JsonDocument::parse(R"({"title": "Remove", "steps": [
    {"type": "click", "target": "main", "selectors": [["aria/Remove org member"]], "offsetX": 1, "offsetY": 1},
    {"type": "customStep", "name": "commit", "parameters": {
      "target": "{{user}}",
      "confirm": [{"selectors": [[".dialog"]], "names": "{{user}}"}],
      "action": {"type": "click", "target": "main", "selectors": [["aria/Remove org member"]],
                 "offsetX": 1, "offsetY": 1},
      "response": {"method": "DELETE", "url": ["https://a.test/members/{{user}}"], "status": [200]},
      "done": [{"selectors": [[".dialog"]], "absent": true}]}}]})",
                                           "/scripts/remove.json"));
}

/// The page with its button so called.
recording::Snapshot page(const std::string& step, const std::string& button) {
  recording::Snapshot snapshot;
  snapshot.script = "remove.json";
  snapshot.step = step;
  snapshot.url = "https://a.test/members";
  snapshot.html =
      "<!doctype html><title>t</title><main><div class=dialog>Remove bob@example.com?"
      "<button class='hk-button danger' type=submit>" +
      button + "</button></div><a href=/x>Elsewhere</a></main>";
  snapshot.variables = {{"user", "bob@example.com"}};
  return snapshot;
}

std::optional<StepDrift> drift_at(const std::string& step) {
  return drift_of(*script(), page(step, "Remove org member"), page(step, "Remove team member"));
}

std::vector<Patch> patches_of(const StepDrift& drift, std::vector<std::string>& left) {
  Scenario scenario;
  scenario.scripts = {script()};
  Comparison comparison;
  comparison.steps = {drift};
  return patches_for(comparison, scenario, left);
}

}  // namespace

TEST_CASE("a button with other words brings a proposal, and a patch of the step that clicks it",
          "[rehearsal][repair]") {
  const auto drift = drift_at("/steps/0");
  REQUIRE(drift);
  CHECK_FALSE(drift->commits);
  REQUIRE(drift->proposal);
  std::vector<std::string> left;
  const std::vector<Patch> patches = patches_of(*drift, left);
  REQUIRE(patches.size() == 1);
  CHECK_THAT(patches[0].after, Catch::Contains("Remove team member"));
  CHECK(left.empty());
}

TEST_CASE("no drift of a commit step brings a proposal", "[rehearsal][repair]") {
  for (const char* step : {"/steps/1", "/steps/1/parameters/action"}) {
    CAPTURE(step);
    const auto drift = drift_at(step);
    REQUIRE(drift);
    CHECK(drift->commits);
    CHECK_FALSE(drift->words.empty());
    CHECK_FALSE(drift->proposal);
  }
}

TEST_CASE("no patch is made for a commit step, whatever is proposed", "[rehearsal][repair]") {
  auto drift = drift_at("/steps/0");
  REQUIRE(drift);
  REQUIRE(drift->proposal);
  drift->commits = true;
  std::vector<std::string> left;
  CHECK(patches_of(*drift, left).empty());
  REQUIRE(left.size() == 1);
  CHECK_THAT(left[0], Catch::Contains("mended by a person only"));
}

}  // namespace offstage::repair_test
