#include <random>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/schema.h"
#include "error_of.h"
#include "script/describe.h"
#include "script/script.h"
#include "script/selectors.h"
#include "script_support.h"

namespace offstage::script_parse_test {

using namespace script;
using test::error_of;
using test::script_from;
using test::steps_from;

namespace {

const std::filesystem::path folder = std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "tests/data/scripts";

/// Every script among the test data.
std::vector<std::filesystem::path> corpus() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

std::string refusal(const std::string& steps) {
  return error_of([&] { steps_from(steps); }).message();
}

}  // namespace

TEST_CASE("every shape that Recorder has exported loads", "[script][parse]") {
  for (const std::filesystem::path& file : corpus()) {
    INFO(file);
    CHECK_NOTHROW(load(file));
  }
}

TEST_CASE("every shape that Recorder has exported follows the schema for editors", "[script][parse]") {
  const std::string schema =
      read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "connectors/schema/script.json");
  for (const std::filesystem::path& file : corpus()) {
    INFO(file);
    CHECK_NOTHROW(validate(*JsonDocument::load(file), schema));
  }
}

TEST_CASE("the schema for editors refuses what the parser refuses", "[script][parse]") {
  const std::string schema =
      read_file(std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "connectors/schema/script.json");
  for (
      const char* step : {
          R"({"type": "clack", "selectors": [["#a"]]})",
          R"({"type": "click"})",
          R"({"type": "change", "selectors": [["#a"]]})",
          R"({"type": "click", "selectors": [[1]]})",
          R"({"type": "customStep"})",
          R"({"type": "customStep", "name": "extract", "parameters": {}})",
          R"({"type": "customStep", "name": "expect", "parameters": {"text": 5}})",
          R"({"type": "customStep", "name": "forEach", "parameters": {"of": "a", "as": "b", "steps": [{}]}})",
          R"({"type": "customStep", "name": "capture", "parameters": {"name": "a", "nam": "b"}})",
      }) {
    INFO(step);
    const auto document =
        JsonDocument::parse(std::string(R"({"title": "T", "steps": [)") + step + "]}", "bad.json");
    CHECK_THROWS_AS(validate(*document, schema), Error);
  }
}

TEST_CASE("a recorded click keeps its selectors in order, its offsets and its events", "[script][parse]") {
  const auto script = load(folder / "current-panel.json");
  const Step& click = script->steps.at(6);
  CHECK(click.type == StepType::click);
  CHECK(click.path == "/steps/6");
  CHECK(click.line == 25);
  CHECK(click.selectors.size() == 5);
  CHECK(click.selectors[2] == std::vector<std::string>{"xpath///html/body/form/button"});
  CHECK(click.asserted_events.size() == 2);
  CHECK(script->digest.size() == 64);
}

TEST_CASE("plain strings and lists of strings are both selectors", "[script][parse]") {
  const auto script = load(folder / "edited-in-panel.json");
  CHECK(script->steps.at(0).selectors ==
        browser::Selectors{{"aria/Save"}, {"host-element", "#save"}, {"text/Save"}});
}

TEST_CASE("a step without any selector loads with none", "[script][parse]") {
  const auto script = load(folder / "no-selectors.json");
  for (const Step& step : script->steps)
    CHECK(step.selectors.empty());
}

TEST_CASE("a timeout above Recorder's limit is kept, a fraction rounded up", "[script][parse]") {
  CHECK(load(folder / "game.json")->steps.at(3).timeout == 90'000);
  CHECK(load(folder / "every-type.json")->timeout == 7001);
}

TEST_CASE("nested steps are found by the member that holds them", "[script][parse]") {
  const auto script = steps_from(
      "{'type':'customStep','name':'when','parameters':{'cases':[{'test':{'url':'*'},'then':["
      "{'type':'close'}]}],'else':[{'type':'close'},{'type':'close'}]}}");
  const Step& when = script->steps.at(0);
  REQUIRE(when.children("cases/0/then") != nullptr);
  CHECK(when.children("cases/0/then")->at(0).path == "/steps/0/parameters/cases/0/then/0");
  CHECK(when.children("else")->size() == 2);
  CHECK(when.children("then") == nullptr);
}

TEST_CASE("a bad script is refused with file, line, path and what is wrong", "[script][parse]") {
  const auto bad = [](const std::string& text) { return error_of([&] { script_from(text); }).message(); };
  CHECK(bad("[]") == "test.json:1: a script is an object with `title` and `steps`, not a list");
  CHECK(bad("{}") == "test.json:1: is missing `steps`");
  CHECK(bad("{\"title\": 1, \"steps\": []}") == "test.json:1: /title: is a number, not a string");
  CHECK(bad("{\"steps\": {}}") == "test.json:1: /steps: is an object, not a list");
  CHECK(bad("{\"steps\": [\n{\"type\": \"close\"},\n7]}") ==
        "test.json:3: /steps/1: is a number, not a step");
  CHECK(bad("{\"steps\": [], \"timeout\": \"5\"}") == "test.json:1: /timeout: is a string, not a number");
  CHECK(bad("{\"steps\": [], \"timeout\": 0}").find("above 0") != std::string::npos);
}

TEST_CASE("a bad step is refused with what it lacks", "[script][parse]") {
  CHECK(refusal("{}") == "test.json:1: /steps/0: is a step without a `type`");
  CHECK(refusal("{'type':null}") == "test.json:1: /steps/0/type: is null, not a string");
  CHECK(refusal("{'type':'click'}") == "test.json:1: /steps/0: click is missing `selectors`");
  CHECK(refusal("{'type':'click','selectors':'#a'}") ==
        "test.json:1: /steps/0/selectors: is a string, not a list of selectors");
  CHECK(refusal("{'type':'click','selectors':[['#a',3]]}") ==
        "test.json:1: /steps/0/selectors/0/1: is a number, not a part of a selector (a string)");
  CHECK(refusal("{'type':'navigate'}") == "test.json:1: /steps/0: navigate is missing `url`");
  CHECK(refusal("{'type':'setViewport','width':'1','height':2}") ==
        "test.json:1: /steps/0/width: is not a whole number from 0 on");
  CHECK(refusal("{'type':'click','selectors':['#a'],'button':'left'}").find("not one of: primary") !=
        std::string::npos);
  CHECK(refusal("{'type':'click','selectors':['#a'],'frame':[-1]}").find("/frame/0") != std::string::npos);
  CHECK(refusal("{'type':'waitForElement','selectors':['#a'],'operator':'>'}").find("/operator") !=
        std::string::npos);
  CHECK(refusal("{'type':'customStep','name':'when','parameters':{}}").find("`test` or `cases`") !=
        std::string::npos);
  CHECK(refusal("{'type':'customStep','name':'capture'}").find("missing `parameters`") != std::string::npos);
}

TEST_CASE("a step type that is nearly right gets a hint", "[script][parse]") {
  const Error error = error_of([] { steps_from("{'type':'clik','selectors':['#a']}"); });
  CHECK(error.kind() == Kind::usage);
  CHECK(error.hint() == "did you mean \"click\"?");
  CHECK(error_of([] { steps_from("{'type':'commit'}"); }).hint().find("customStep") != std::string::npos);
}

TEST_CASE("no change to a script's bytes crashes the parser or the check", "[script][parse]") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts each time
  for (const char* name : {"remove-user.json", "every-type.json"}) {
    const std::string text = read_file(folder / name);
    for (int round = 0; round < 300; ++round) {
      std::string changed = text;
      for (int change = 0; change < 3; ++change) {
        constexpr std::string_view bytes = "{}[]\",:0-1truenul{{x}}/aA";
        changed[random() % changed.size()] = bytes[random() % bytes.size()];
      }
      try {
        (void)check(*script_from(changed));
      } catch (const Error& error) {
        CHECK(error.kind() == Kind::usage);
      }
    }
  }
}

TEST_CASE("no value in the place of another crashes the parser or the check", "[script][parse]") {
  const Json whole = Json::parse(read_file(folder / "remove-user.json"));
  const Json places = whole.flatten();
  for (const auto& [pointer, value] : places.items()) {
    for (const char* other :
         {"null", "true", "-1", "1e99", "\"{{x}}\"", "[]", "{}", "[[]]", "[null]", "[{}]"}) {
      for (Json::json_pointer at(pointer); !at.empty(); at.pop_back()) {
        Json changed = whole;
        changed[at] = Json::parse(other);
        try {
          const auto script = script_from(changed.dump());
          (void)check(*script);
          for (const Step& step : script->steps)
            (void)describe(step, Values({}));
        } catch (const Error& error) {
          CHECK(error.kind() == Kind::usage);
        }
      }
    }
  }
}

TEST_CASE("a step is described in one line for people", "[script][describe]") {
  const std::map<std::string, Json> variables{{"user", "bob"}, {"password", "hidden"}};
  const auto line = [&](const std::string& step) {
    return describe(steps_from(step)->steps.at(0), Values(variables));
  };
  CHECK(line("{'type':'click','selectors':[['#x'],['aria/Log in[role=\\'button\\']']]}") ==
        "click \"Log in\"");
  CHECK(line("{'type':'click','selectors':[['#x > li']]}") == "click #x > li");
  CHECK(line("{'type':'hover','selectors':[['aria/Edit {{user}}']]}") == "point at \"Edit bob\"");
  CHECK(line("{'type':'change','value':'{{password}}','selectors':[['aria/Password']]}") ==
        "fill \"Password\"");
  CHECK(line("{'type':'navigate','url':'https://a.test/{{user}}'}") == "go to https://a.test/bob");
  CHECK(line("{'type':'customStep','name':'expect','parameters':{'selectors':[['aria/"
             "Saved']],'absent':true}}") == "expect that \"Saved\" is gone");
  CHECK(line("{'type':'click','selectors':[['aria/a\\u001b[2J']]}") == "click \"a\\u{1b}[2J\"");
}

TEST_CASE("a place in a script is told in words", "[script][describe]") {
  CHECK(place_of("/steps/3") == "step 4");
  CHECK(place_of("/steps/3/parameters/then/0") == "step 4, then 1");
  CHECK(place_of("/steps/3/parameters/cases/1/then/0") == "step 4, case 2, then 1");
}

}  // namespace offstage::script_parse_test
