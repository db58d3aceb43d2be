#include <thread>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "has.h"
#include "script_support.h"

namespace offstage::script_play_test {

using namespace test;
using Strings = std::vector<std::string>;

namespace {

std::string custom(const std::string& name, const std::string& parameters) {
  return "{'type':'customStep','name':'" + name + "','parameters':" + parameters + "}";
}

}  // namespace

TEST_CASE("Recorder's steps are done one after the other", "[script][play]") {
  Playground ground;
  ground.page.elements["#a"] = {"A"};
  ground.play(
      "{'type':'setViewport','width':800,'height':600},{'type':'navigate','url':'https://a.test/'},"
      "{'type':'hover','selectors':[['#a']]},{'type':'change','selectors':[['#a']],'value':'x'},"
      "{'type':'keyDown','key':'Enter'},{'type':'keyUp','key':'Enter'},{'type':'scroll','y':20},"
      "{'type':'waitForElement','selectors':[['#a']]},{'type':'waitForExpression','expression':'1'},"
      "{'type':'emulateNetworkConditions','download':1,'upload':2,'latency':3},{'type':'close'}");
  CHECK(ground.page.done == Strings{"viewport 800x600", "navigate https://a.test/", "hover #a", "fill #a=x",
                                    "down Enter", "up Enter", "scroll 0 20", "expression 1", "network 1 2 3",
                                    "close"});
  CHECK(ground.notes.started.at(2) == "/steps/2 point at #a");
  CHECK(ground.notes.finished.size() == 11);
}

TEST_CASE("a click carries its button, place and duration", "[script][play]") {
  Playground ground;
  ground.page.elements["#a"] = {"A"};
  ground.play(
      "{'type':'doubleClick','selectors':[['#a']],'offsetX':3.5,'offsetY':4,'button':'secondary','duration':"
      "380.5},"
      "{'type':'click','selectors':[['#a']]}");
  CHECK(ground.page.clicks.at(0).button == browser::Button::right);
  CHECK(ground.page.clicks.at(0).count == 2);
  CHECK(ground.page.clicks.at(0).offset_x == 3.5);
  CHECK(ground.page.clicks.at(0).duration == Milliseconds(380));
  CHECK_FALSE(ground.page.clicks.at(1).offset_x.has_value());
}

TEST_CASE("a navigation is watched for from before the action that causes it", "[script][play]") {
  Playground ground;
  ground.page.elements["#a"] = {"A"};
  ground.page.on_click["#a"] = [&] { ++ground.page.navigations; };
  const std::string click = "{'type':'click','selectors':[['#a']],'assertedEvents':[{'type':'navigation'}]}";
  ground.play(click);
  CHECK(ground.page.done == Strings{"watch", "click #a"});
  ground.page.on_click.clear();
  CHECK(has(ground.fails(click).message(), "the page went nowhere"));
}

TEST_CASE("what has not come when the time for the script is over is no drift", "[script][play]") {
  Playground ground;
  const Until until = Until::in(Milliseconds(20));
  ground.notes.on_start = [&] {
    while (!until.deadline.passed())
      std::this_thread::yield();
  };
  const Error error = error_of([&] { ground.play("{'type':'click','selectors':[['aria/Log in']]}", until); });
  CHECK(error.kind() == Kind::unreachable);
  CHECK(has(error.message(), "the time for the script is over; until then nothing on the page matches"));
}

TEST_CASE("an error says file, line, step, what it did and what was seen", "[script][play]") {
  Playground ground;
  const Error error = ground.fails("{'type':'close'},\n{'type':'click','selectors':[['aria/Log in']]}");
  CHECK(error.kind() == Kind::drift);
  CHECK(error.message() ==
        "test.json:2: step 2 (click \"Log in\"): nothing on the page matches [aria/Log in]: nothing there");
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("what did not come while the page was loading is unreachable", "[script][play]") {
  Playground ground;
  ground.page.loading = {"GET https://a.test/rows (3.2 s)"};
  const Error error = ground.fails("{'type':'click','selectors':[['#a']]}");
  CHECK(error.kind() == Kind::unreachable);
  CHECK(has(error.message(), "still waiting for GET https://a.test/rows"));
  ground.page.loading.clear();
  ground.page.address = "chrome-error://chromewebdata/";
  CHECK(ground.fails("{'type':'click','selectors':[['#a']]}").kind() == Kind::unreachable);
}

TEST_CASE("an address that answers with a server's fault is unreachable, with 429 busy", "[script][play]") {
  Playground ground;
  const std::string go = "{'type':'navigate','url':'https://a.test/'}";
  ground.page.navigate_status = 404;
  CHECK_NOTHROW(ground.play(go));
  ground.page.navigate_status = 503;
  CHECK(ground.fails(go).kind() == Kind::unreachable);
  ground.page.navigate_status = 429;
  CHECK(ground.fails(go).kind() == Kind::busy);
}

TEST_CASE("a selector other than the first is told to the observer", "[script][play]") {
  Playground ground;
  ground.page.elements["#b"] = {"B"};
  ground.play("{'type':'click','selectors':[['aria/B'],['#b']]}");
  CHECK(ground.notes.weaker == Strings{"/steps/0 #b"});
}

TEST_CASE("waitForElement turns round what Recorder calls visible", "[script][play]") {
  Playground ground;
  ground.page.elements["#a"] = {"A", false};
  const std::string wait = "{'type':'waitForElement','selectors':[['#a']]";
  CHECK_NOTHROW(ground.play(wait + "}"));
  CHECK_THROWS_AS(ground.play(wait + ",'visible':false}"), Error);
  CHECK_NOTHROW(ground.play(wait + ",'operator':'==','count':2,'visible':false}"));
}

TEST_CASE("a step acts on the page whose address it names", "[script][play]") {
  Playground ground;
  auto& popup = dynamic_cast<FakePage&>(ground.context.new_page(Until::in(Milliseconds(1))));
  popup.address = "https://popup.test/?a=1";
  popup.elements["#ok"] = {"OK"};
  ground.play(
      "{'type':'click','target':'https://popup.test/?a=1','selectors':[['#ok']]},"
      "{'type':'keyDown','target':'https://popup.test/?a=1','key':'a'}");
  CHECK(popup.done == Strings{"click #ok", "down a"});
  CHECK(has(ground.fails("{'type':'close','target':'https://nowhere.test/'}").message(), "no page at"));
}

TEST_CASE("a secret reaches its field as a secret and nothing else", "[script][play]") {
  Playground ground;
  ground.page.elements["#p"] = {""};
  ground.secrets.add("password", Secret("hunter2"));
  ground.secrets.add("totp", Secret("JBSWY3DPEHPK3PXP"));
  ground.play(
      "{'type':'change','selectors':[['#p']],'value':'{{secret.password}}'},"
      "{'type':'change','selectors':[['#p']],'value':'{{otp}}'}");
  CHECK(ground.page.done == Strings{"fill #p=secret of 7 bytes", "fill #p=secret of 6 bytes"});
  for (const std::string& line : ground.notes.started)
    CHECK_FALSE(has(line, "hunter2"));
  ground.environment.secrets = nullptr;
  CHECK(ground.fails("{'type':'change','selectors':[['#p']],'value':'{{otp}}'}").kind() == Kind::usage);
}

TEST_CASE("a secret that is no text is refused by its name, and nothing of it is told", "[script][play]") {
  Playground ground;
  ground.page.elements["#p"] = {""};
  ground.secrets.add("password", Secret("ab\xffzyzzyva"));
  const Error error = ground.fails("{'type':'change','selectors':[['#p']],'value':'{{secret.password}}'}");
  CHECK(error.kind() == Kind::usage);
  CHECK(has(error.message(), "the secret \"password\" is not UTF-8"));
  CHECK_FALSE(has(error.explain(), "zyzzyva"));
  CHECK(ground.page.done.empty());
}

TEST_CASE("a faulty script is refused before its first step", "[script][play]") {
  Playground ground;
  const Error error = ground.fails("{'type':'close'},{'type':'customStep','name':'sleep'}");
  CHECK(error.kind() == Kind::usage);
  CHECK(has(error.message(), "test.json:1: /steps/1/name: there is no custom step \"sleep\""));
  CHECK(ground.page.done.empty());
  CHECK(has(ground.fails("{'type':'close'},{'type':'navigate','url':'{{url}}'}").message(),
            "nothing sets {{url}}"));
  CHECK(ground.page.done.empty());
}

TEST_CASE("a stop request ends the run between two steps", "[script][play]") {
  Playground ground;
  std::stop_source stop;
  ground.page.elements["#a"] = {"A"};
  ground.page.on_click["#a"] = [&] { stop.request_stop(); };
  const Error error = ground.fails("{'type':'click','selectors':[['#a']]},{'type':'close'}",
                                   Until::in(Milliseconds(1000), stop.get_token()));
  CHECK(error.kind() == Kind::interrupted);
  CHECK(ground.page.done == Strings{"click #a"});
}

// --- Dialogs ------------------------------------------------------------------------------------------

TEST_CASE("a dialog that no step expects is dismissed and ends the script with its text",
          "[script][dialog]") {
  Playground ground;
  ground.page.elements["#a"] = {"A"};
  ground.page.on_click["#a"] = [&] { ground.page.open_dialog = {"confirm", "Delete all?", "", ""}; };
  const Error error = ground.fails("{'type':'click','selectors':[['#a']]},{'type':'close'}");
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "a confirm dialog \"Delete all?\" opened"));
  CHECK(ground.page.done == Strings{"click #a", "dismiss"});
}

TEST_CASE("a dialog that reads as expected is answered", "[script][dialog]") {
  Playground ground;
  ground.page.elements["#a"] = {"A"};
  ground.page.on_click["#a"] = [&] { ground.page.open_dialog = {"prompt", "Name  of\nit?", "", ""}; };
  const std::string steps = "'steps':[{'type':'click','selectors':[['#a']]}]}";
  ground.play(custom("dialog", "{'type':'prompt','text':'Name of it?','prompt':'bob'," + steps));
  CHECK(ground.page.done == Strings{"click #a", "accept bob"});
  const Error error = ground.fails(custom("dialog", "{'contains':'Sure',  " + steps));
  CHECK(has(error.message(), "without \"Sure\": it was dismissed"));
  CHECK(ground.page.done.back() == "dismiss");
  ground.page.on_click.clear();
  CHECK(has(ground.fails(custom("dialog", "{" + steps)).message(), "no JavaScript dialog opened"));
}

// --- Custom steps -------------------------------------------------------------------------------------

TEST_CASE("an expectation fails with its message and with what was seen", "[script][custom]") {
  Playground ground;
  ground.page.elements["#a"] = {"Hello"};
  CHECK_NOTHROW(ground.play(custom("expect", "{'selectors':[['#a']],'text':'Hello'}")));
  const Error error =
      ground.fails(custom("expect", "{'selectors':[['#a']],'text':'Bye','message':'it should part'}"));
  CHECK(has(error.message(), "it should part: the condition does not hold: it reads Hello"));
  CHECK(has(ground.fails(custom("expect", "{'selectors':[['#a']],'absent':true}")).message(),
            "expected that #a is gone"));
}

TEST_CASE("when looks once and runs one branch", "[script][custom]") {
  Playground ground;
  ground.environment.variables["mode"] = "b";
  const std::string branches =
      ",'then':[{'type':'keyDown','key':'a'}],'else':[{'type':'keyDown','key':'b'}]}";
  ground.play(custom("when", "{'test':{'selectors':[['#x']]}" + branches) + "," +
              custom("when", "{'test':{'variable':'mode','equals':'b'}" + branches));
  CHECK(ground.page.done == Strings{"down b", "down a"});
}

TEST_CASE("the first case that holds is run, else what stands for none", "[script][custom]") {
  Playground ground;
  ground.page.elements["#b"] = {"B"};
  const std::string cases =
      "{'cases':[{'test':{'selectors':[['#a']]},'then':[{'type':'keyDown','key':'a'}]},"
      "{'test':{'selectors':[['#b']]},'then':[{'type':'keyDown','key':'b'}]}]";
  ground.play(custom("when", cases + "}"));
  ground.page.elements.clear();
  ground.play(custom("when", cases + ",'else':[{'type':'keyDown','key':'c'}]}"));
  CHECK(ground.page.done == Strings{"down b", "down c"});
  const Error error = ground.fails(custom("when", cases + "}"));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "none of the 2 cases came: #a is there"));
}

TEST_CASE("no page is said to be unknown while it is still loading", "[script][custom]") {
  const std::string kind = GENERATE("human", "drift", "refused");
  const std::string step =
      custom("when", "{'cases':[{'test':{'selectors':[['#a']]},'then':[]}],'else':[" +
                         custom("fail", "{'kind':'" + kind + "','message':'unknown'}") + "]}");
  Playground ground;
  CHECK(ground.fails(step).kind() == kind_named(kind));
  ground.page.loading = {"GET https://a.test/rows (3.2 s)"};
  CHECK(ground.fails(step).kind() == (kind == "refused" ? Kind::refused : Kind::unreachable));
}

TEST_CASE("forEach runs its steps for each row and forgets the row", "[script][custom]") {
  Playground ground;
  ground.environment.variables["teams"] = Json::array({{{"id", "x"}}, {{"id", "y"}}});
  ground.play(
      custom("forEach",
             "{'of':'teams','as':'team','steps':[{'type':'navigate','url':'https://a.test/{{team.id}}'}]}"));
  CHECK(ground.page.done == Strings{"navigate https://a.test/x", "navigate https://a.test/y"});
  CHECK_FALSE(ground.environment.variables.contains("team"));
}

TEST_CASE("within narrows every selector inside it to the one row", "[script][custom]") {
  Playground ground;
  ground.environment.variables["user"] = "bob";
  ground.page.elements["tr[bob]"] = {"bob"};
  ground.page.elements["#edit"] = {"Edit"};
  const std::string steps = custom(
      "within", "{'rows':[['tr']],'equals':'{{user}}','steps':[{'type':'click','selectors':[['#edit']]}]}");
  ground.play(steps + ",{'type':'click','selectors':[['#edit']]}");
  REQUIRE(ground.page.queries.size() == 2);
  REQUIRE(ground.page.queries[0].within.size() == 1);
  CHECK(ground.page.queries[0].within[0].equals == "bob");
  CHECK(ground.page.queries[1].within.empty());
  ground.environment.variables["user"] = "eve";
  CHECK(has(ground.fails(steps).message(), "no such row"));
  ground.environment.variables["user"] = " ";
  CHECK(ground.fails(steps).kind() == Kind::usage);
}

TEST_CASE("run gives its arguments to another script and takes what it is told to", "[script][custom]") {
  const TemporaryFolder place;
  write_file(place.path() / "leaf.json",
             R"({"title": "", "steps": [{"type": "navigate", "url": "https://a.test/{{team}}"},
             {"type": "customStep", "name": "extract", "parameters":
               {"rows": [["li"]], "fields": {"n": {}}, "into": "rows"}}]})");
  write_file(place.path() / "root.json",
             R"({"title": "", "timeout": 500, "steps": [{"type": "customStep", "name": "run", "parameters":
             {"script": "leaf.json", "with": {"team": "{{t.id}}"}, "take": ["rows"]}}]})");
  Playground ground;
  ground.environment.variables["t"] = {{"id", "x"}};
  ground.page.on_extract = [](const browser::Extraction&) { return Json::array({{{"n", "1"}}}); };
  ground.play(*script::load(place.path() / "root.json"));
  CHECK(ground.page.done == Strings{"navigate https://a.test/x"});
  CHECK(ground.environment.variables.at("rows").size() == 1);
  CHECK_FALSE(ground.environment.variables.contains("team"));
}

TEST_CASE("a capture keeps a picture with only the given addresses uncovered", "[script][custom]") {
  Playground ground;
  ground.environment.keep_addresses = {"bob@x.com"};
  ground.play(custom("capture", "{'name':'before'}"));
  CHECK(ground.notes.captures == Strings{"before png <html>"});
  CHECK(ground.page.done == Strings{"screenshot keeping bob@x.com"});
}

TEST_CASE("fail ends the script with its kind and the console's words, made printable", "[script][custom]") {
  Playground ground;
  ground.page.elements[".alert"] = {"Wrong \x1b[2J"};
  const Error error = ground.fails(custom(
      "fail", "{'kind':'human','message':'Sign-in failed','hint':'Try it by hand','words':[['.alert']]}"));
  CHECK(error.kind() == Kind::human);
  CHECK(error.message() == "Sign-in failed: \"Wrong \\u{1b}[2J\"");
  CHECK(error.hint() == "Try it by hand");
}

}  // namespace offstage::script_play_test
