#include <catch2/catch.hpp>

#include "base/file.h"
#include "has.h"
#include "script/commit_rules.h"
#include "script_support.h"

namespace offstage::script_check_test {

using test::has;
using namespace script;
using test::script_from;
using test::steps_from;

namespace {

const std::filesystem::path folder = std::filesystem::path(OFFSTAGE_SOURCE_DIR) / "tests/data/scripts";

std::string level(const Finding& finding) {
  return finding.level == Finding::Level::error     ? "error"
         : finding.level == Finding::Level::warning ? "warning"
                                                    : "note";
}

/// "error /steps/0/x: text (hint)" of each finding.
std::string found(const Script& script, const std::optional<std::vector<std::string>>& arguments = {}) {
  std::string out;
  for (const Finding& finding : check(script, arguments))
    out += level(finding) + " " + finding.path + ": " + finding.text + " (" + finding.hint + ")\n";
  return out;
}
std::string found(const std::string& steps) {
  return found(*steps_from(steps));
}

/// A commit step with one thing replaced.
std::string commit(const std::string& from = "", const std::string& to = "") {
  std::string text =
      "{'type':'customStep','name':'commit','parameters':{'target':'{{user}}',"
      "'confirm':[{'selectors':[['.dialog']],'names':'{{user}}'}],"
      "'action':{'type':'click','selectors':[['aria/Remove']]},"
      "'response':{'method':'DELETE','url':'https://a.test/u/{{user}}'},"
      "'done':[{'selectors':[['.dialog']],'absent':true}]}}";
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("a careful script has nothing to be said about it", "[script][check]") {
  CHECK(found(*load(folder / "remove-user.json"), {{"user", "base"}}).empty());
  CHECK(found(commit()).empty());
}

TEST_CASE("what a Recorder import would drop is noted", "[script][check]") {
  const std::string text = found(*load(folder / "extra-keys.json"));
  CHECK(has(text, "note /comment: an import into Recorder would drop `comment`"));
  CHECK(has(text, "note /steps/0/timestamp:"));
  CHECK_FALSE(has(text, "error"));
  CHECK(has(found(*load(folder / "fragment.json")), "asks for a `title`"));
}

TEST_CASE("a step without selectors, and a key step without a key, are errors", "[script][check]") {
  CHECK(has(found(*load(folder / "no-selectors.json")), "error /steps/2/selectors: click has no selector"));
  CHECK(has(found(*load(folder / "autofill.json")), "error /steps/0: keyDown has no `key`"));
}

TEST_CASE("an unknown custom step and an unknown parameter get a hint", "[script][check]") {
  CHECK(has(found("{'type':'customStep','name':'comit'}"),
            "error /steps/0/name: there is no custom step \"comit\" (did you mean \"commit\"?)"));
  CHECK(has(found("{'type':'customStep','name':'expect','parameters':{'selectors':[['#a']],'contain':'x'}}"),
            "error /steps/0/parameters/contain: `test` has no member `contain` (did you mean `contains`?)"));
}

TEST_CASE("a name that nothing sets is an error once the arguments are known", "[script][check]") {
  const auto script = steps_from("{'type':'navigate','url':'https://a.test/{{usr}}'}");
  CHECK(found(*script).empty());
  CHECK(has(found(*script, {{"user"}}), "error /steps/0/url: nothing sets {{usr}} (did you mean {{user}}?)"));
}

TEST_CASE("the names that a caller must give are those that no earlier step sets", "[script][check]") {
  const auto script = steps_from(
      "{'type':'navigate','url':'{{base}}/{{team.id}}'},"
      "{'type':'customStep','name':'extract','parameters':{'rows':[['li']],'fields':{'n':{}},'into':'rows'}},"
      "{'type':'customStep','name':'forEach','parameters':{'of':'rows','as':'row','steps':["
      "{'type':'click','selectors':[['aria/{{row.n}}']]}]}},"
      "{'type':'change','selectors':[['#a']],'value':'{{secret.key}}'},"
      "{'type':'change','selectors':[['#a']],'value':'{{row.n}}'}");
  CHECK(free_names(*script) == std::vector<std::string>{"base", "team", "row"});
}

TEST_CASE("a secret anywhere but alone in a change is an error", "[script][check]") {
  CHECK(has(found("{'type':'navigate','url':'https://a.test/{{secret.key}}'}"),
            "error /steps/0/url: {{secret.key}}"));
  CHECK(has(found("{'type':'change','selectors':[['#a']],'value':'x{{otp}}'}"),
            "error /steps/0/value: {{otp}}"));
  CHECK(has(found("{'type':'click','selectors':[['aria/{{secret.key}}']]}"), "error /steps/0/selectors"));
  CHECK(found("{'type':'change','selectors':[['#a']],'value':'{{secret.key}}'}").empty());
}

TEST_CASE("a password in clear is warned of", "[script][check]") {
  CHECK(has(found("{'type':'change','selectors':[['aria/Password']],'value':'hunter2'}"),
            "warning /steps/0/value: what looks like a password stands here in clear"));
  CHECK(has(found("{'type':'change','selectors':[['#password']],'value':'{{pass}}'}"),
            "comes from an argument"));
  CHECK(found("{'type':'change','selectors':[['#password']],'value':'{{secret.password}}'}").empty());
}

TEST_CASE("a weak first selector is warned of, a weak later one is not", "[script][check]") {
  CHECK(has(found("{'type':'click','selectors':[['#ember12'],['aria/Go']]}"), "warning /steps/0/selectors"));
  CHECK(found("{'type':'click','selectors':[['aria/Go'],['#ember12'],['xpath//html/body/a']]}").empty());
}

TEST_CASE("a commit whose confirmation does not name the target is an error", "[script][check]") {
  CHECK(has(found(commit("'names':'{{user}}'", "'names':'{{team}}'")),
            "no condition of `confirm` names the target"));
  CHECK(has(found(commit("'names':'{{user}}'", "'contains':'{{user}}'")), "no condition of `confirm` names"));
  CHECK(has(found(commit("'names':'{{user}}'", "'names':'{{user}}','absent':true")),
            "no condition of `confirm`"));
  for (const std::string word : {"names", "text"}) {
    for (const std::string none : {"'count':0", "'operator':'<='", "'count':0,'operator':'=='"}) {
      CAPTURE(word, none);
      CHECK(has(found(commit("'names':'{{user}}'", "'" + word + "':'{{user}}'," + none)),
                "no condition of `confirm` names the target"));
    }
    CHECK(found(commit("'names':'{{user}}'", "'" + word + "':'{{user}}','count':1,'operator':'=='")).empty());
  }
  CHECK(found(commit("'names':'{{user}}'", "'properties':{'value':'{{user}}'}")).empty());
}

TEST_CASE("a condition that holds when nothing matches identifies nobody", "[script][commit]") {
  for (auto text : {&browser::Condition::names, &browser::Condition::text_equals}) {
    browser::Condition condition;
    condition.*text = "bob@x.com";
    CHECK(identifies(condition, "bob@x.com"));
    condition.comparison = browser::Condition::Count::at_most;
    CHECK_FALSE(identifies(condition, "bob@x.com"));
    condition.comparison = browser::Condition::Count::exactly;
    condition.count = 0;
    CHECK_FALSE(identifies(condition, "bob@x.com"));
  }
}

TEST_CASE("a commit that clicks by place alone is an error, by a part of a text a warning",
          "[script][check]") {
  CHECK(has(found(commit("'aria/Remove'", "'div > button:nth-of-type(2)'")),
            "error /steps/0/parameters/action/selectors: div > button:nth-of-type(2) finds what is clicked "
            "by nothing"));
  CHECK(has(found(commit("'aria/Remove'", "'text/Remove'")), "warning /steps/0/parameters/action/selectors"));
}

TEST_CASE("a commit's action is a click, its request no read, its target no constant", "[script][check]") {
  CHECK(has(found(commit("'type':'click'", "'type':'hover'")), "error /steps/0/parameters/action:"));
  CHECK(has(found(commit("'DELETE'", "'GET'")), "error /steps/0/parameters/response/method"));
  CHECK(has(found(commit("/u/{{user}}", "/u/*")), "warning /steps/0/parameters/response/url"));
  CHECK(has(found(commit("[{'selectors':[['.dialog']],'absent':true}]", "[]")),
            "error /steps/0/parameters/done"));
}

TEST_CASE("two commits on one path are an error, on two paths they are not", "[script][check]") {
  const std::string when = "{'type':'customStep','name':'when','parameters':{'test':{'url':'*'},'then':[" +
                           commit() + "],'else':[" + commit() + "]}}";
  CHECK(has(found(commit() + "," + commit()), "error /steps: more than one commit"));
  CHECK(found(when).empty());
  CHECK(has(found(when + "," + commit()), "more than one commit"));
  CHECK(has(found("{'type':'customStep','name':'forEach','parameters':{'of':'users','as':'user','steps':[" +
                  commit() + "]}}"),
            "more than one commit"));
}

TEST_CASE("a condition that says nothing or contradicts itself is an error", "[script][check]") {
  const auto condition = [](const std::string& json) {
    return found("{'type':'customStep','name':'expect','parameters':" + json + "}");
  };
  CHECK(has(condition("{}"), "says nothing"));
  CHECK(has(condition("{'text':'x'}"), "has `text` but no `selectors`"));
  CHECK(has(condition("{'selectors':[]}"), "has no selector"));
  CHECK(has(condition("{'selectors':[['#a']],'absent':true,'url':'*'}"), "cannot stand beside"));
  CHECK(has(condition("{'variable':'a'}"), "belong together"));
  CHECK(condition("{'variable':'a','equals':'b','message':'c'}").empty());
}

TEST_CASE("a script that runs others is checked with them", "[script][check]") {
  const TemporaryFolder place;
  const auto write = [&](const char* name, const std::string& steps) {
    std::string text = "{\"title\": \"T\", \"steps\": [" + steps + "]}";
    std::replace(text.begin(), text.end(), '\'', '"');
    write_file(place.path() / name, text);
  };
  const auto run = [](const std::string& parameters) {
    return "{'type':'customStep','name':'run','parameters':" + parameters + "}";
  };
  write("leaf.json",
        "{'type':'navigate','url':'https://a.test/{{team}}'},{'type':'click','selectors':[['#ember12']]}");
  write("good.json", run("{'script':'leaf.json','with':{'team':'{{t}}'}}"));
  write("lacks.json", run("{'script':'leaf.json','with':{'taem':'x'},'take':['rows']}"));
  write("missing.json", run("{'script':'nowhere.json'}"));
  write("loop.json", run("{'script':'loop.json'}"));

  const std::string good = found(*load(place.path() / "good.json"));
  CHECK(has(good,
            "warning /steps/0/parameters/script: in leaf.json:1: /steps/1/selectors: the first selector"));
  CHECK_FALSE(has(good, "error"));
  const std::string lacks = found(*load(place.path() / "lacks.json"));
  CHECK(has(lacks, "nothing sets {{team}} (did you mean {{taem}}?)"));
  CHECK(has(lacks, "does not use \"taem\""));
  CHECK(has(lacks, "error /steps/0/parameters/take: leaf.json does not set \"rows\""));
  CHECK(has(found(*load(place.path() / "missing.json")), "error /steps/0/parameters/script"));
  CHECK(has(found(*load(place.path() / "loop.json")), "runs itself"));
}

TEST_CASE("an extract that scrolls without an end, or by an unknown key, is an error", "[script][check]") {
  const auto extract = [](const std::string& more) {
    return found(
        "{'type':'customStep','name':'extract','parameters':{'rows':[['li']],'fields':{'n':{}},"
        "'into':'rows','empty':{'url':'*'}" +
        more + "}}");
  };
  CHECK(extract("").empty());
  CHECK(has(extract(",'scroll':[]"), "nothing says when the end is reached"));
  CHECK(has(extract(",'key':['m']"), "there is no field \"m\""));
}

TEST_CASE("a script that runs a device is told so, and is not read for ever", "[script][check]") {
  const std::string steps = "{'type':'customStep','name':'run','parameters':{'script':'/dev/zero'}}";
  CHECK(has(found(steps), "/dev/zero is no ordinary file"));
}

TEST_CASE("a script that runs itself many times is checked at once", "[script][check]") {
  const TemporaryFolder place;
  std::string steps;
  for (int at = 0; at < 8; ++at)
    steps += std::string(at > 0 ? "," : "") + R"({"type":"customStep","name":"run","parameters":)" +
             R"({"script":"loop.json"}})";
  write_file(place.path() / "loop.json", R"({"title":"t","steps":[)" + steps + "]}");
  CHECK(has(found(*load(place.path() / "loop.json")), "runs itself"));
}

}  // namespace offstage::script_check_test
