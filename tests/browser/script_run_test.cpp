#include <catch2/catch.hpp>

#include "has.h"
#include "theatre.h"

namespace offstage::script_run_test {

using namespace test;

TEST_CASE("a recorded flow with a form, a navigation and a secret runs in Chrome", "[script]") {
  Theatre theatre(R"(<!doctype html><form action=/in method=post>
    <label>Name <input name=name></label><label>Password <input type=password name=password></label>
    <select name=team><option value=a>A<option value=b>B</select>
    <button>Log in</button></form>)");
  theatre.stage.server.handle("/in", [](const PageServer::Request& request) {
    return PageServer::Response{200, "<title>In</title><h1>" + request.body + "</h1>"};
  });
  theatre.secrets.add("password", Secret("hunter2"));
  theatre.play(
      "{'type':'setViewport','width':900,'height':700,'deviceScaleFactor':1,'isMobile':false,'hasTouch':"
      "false,"
      "'isLandscape':false},"
      "{'type':'navigate','url':'{{base}}/','assertedEvents':[{'type':'navigation','url':'','title':''}]},"
      "{'type':'change','value':'ann','selectors':[['aria/Name'],['#gone']]},"
      "{'type':'change','value':'{{secret.password}}','selectors':[['aria/Password']]},"
      "{'type':'change','value':'b','selectors':[['select']]},"
      "{'type':'click','selectors':[['aria/Log in'],['button']],'offsetX':5,'offsetY':5,"
      "'assertedEvents':[{'type':'navigation'}]},"
      "{'type':'waitForElement','selectors':[['h1']],'operator':'==','count':1},"
      "{'type':'waitForExpression','expression':'document.title === \\'In\\''}");
  CHECK(theatre.text("h1") == "name=ann&password=hunter2&team=b");
}

TEST_CASE("a value reaches the element that it names whatever characters it holds", "[script]") {
  const std::string name = "O'Neil \"[role=\\\"x\\\"]\" #1";
  Theatre theatre(
      "<!doctype html><div id=list></div><p id=out></p><script>"
      "for (const name of [" +
      Json("Other").dump() + "," + Json(name).dump() +
      "]) {"
      "const button = document.createElement('button'); button.textContent = name;"
      "button.title = name; button.onclick = () => { out.textContent += name + ';'; };"
      "list.append(button); }</script>");
  theatre.environment.variables["who"] = name;
  theatre.play(
      "{'type':'click','selectors':[['aria/{{who}}']]},"
      "{'type':'click','selectors':[['aria/[name=\\'{{who}}\\'][role=\\'button\\']']]},"
      "{'type':'click','selectors':[['xpath///button[.=\\'{{who}}\\']']]},"
      "{'type':'click','selectors':[['[title=\\'{{who}}\\']']]},"
      "{'type':'click','selectors':[['text/{{who}}']]},"
      "{'type':'click','selectors':[['pierce/button[title=\\'{{who}}\\']']]},"
      "{'type':'waitForExpression','expression':'document.querySelector(`button:last-child`).title === "
      "{{who}}'}");
  std::string expected;
  for (int i = 0; i < 6; ++i)
    expected += name + ";";
  CHECK(theatre.text("#out") == expected);
}

TEST_CASE("steps act in popups and in frames of other sites by their addresses", "[script]") {
  Theatre theatre("<!doctype html><p>main</p>");
  PageServer& server = theatre.stage.server;
  const std::string inner = server.url("/inner", "b.test");
  server.page("/outer",
              "<!doctype html><iframe src='" + inner + "'></iframe><a href=/popup target=_blank>Open</a>");
  server.page("/inner", "<!doctype html><button onclick=\"this.textContent='pressed'\">Press</button>");
  server.page("/popup", "<!doctype html><input id=i><script>i.focus()</script>");
  theatre.play("{'type':'navigate','url':'" + server.url("/outer", "a.test") + "'}," +
               "{'type':'click','target':'" + inner + "','selectors':[['aria/Press']]}," +
               "{'type':'waitForElement','target':'" + inner + "','selectors':[['aria/pressed']]}," +
               "{'type':'waitForElement','frame':[0],'selectors':[['text/pressed']]}," +
               "{'type':'click','selectors':[['aria/Open']]}," +
               "{'type':'change','value':'in the popup','target':'" + server.url("/popup", "a.test") +
               "','selectors':[['#i']]}," + "{'type':'close','target':'" + server.url("/popup", "a.test") +
               "'}");
  CHECK(theatre.notes.finished.size() == 7);
}

TEST_CASE("an undeclared dialog ends the script, a declared one is answered", "[script][dialog]") {
  Theatre theatre(
      R"(<!doctype html><button onclick="out.textContent = prompt('Your name?') ?? 'none'">Ask</button><p id=out></p>)");
  const std::string click = "{'type':'click','selectors':[['aria/Ask']]}";
  const Error error = theatre.fails(click);
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "prompt dialog \"Your name?\""));
  CHECK(theatre.text("#out") == "none");
  theatre.play(
      "{'type':'customStep','name':'dialog','parameters':{'text':'Your name?','prompt':'ann','steps':[" +
      click + "]}},{'type':'customStep','name':'expect','parameters':{'selectors':[['#out']],'text':'ann'}}");
  CHECK(theatre.text("#out") == "ann");
}

TEST_CASE("a stop request ends a wait at once", "[script]") {
  Theatre theatre("<!doctype html><p>nothing</p>");
  std::stop_source stop;
  theatre.notes.on_start = [&stop] { stop.request_stop(); };
  const auto start = Clock::now();
  const Error error = theatre.fails("{'type':'waitForElement','selectors':[['#never']],'timeout':20000}",
                                    Until::in(Milliseconds(20'000), stop.get_token()));
  CHECK(error.kind() == Kind::interrupted);
  CHECK(Clock::now() - start < Milliseconds(10'000));
}

}  // namespace offstage::script_run_test
