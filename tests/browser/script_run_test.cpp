#include <algorithm>

#include <catch2/catch.hpp>

#include "theatre.h"

namespace offstage::script_run_test {

using namespace test;
using Outcome = script::CommitReport::Outcome;
using Strings = std::vector<std::string>;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// People with a button each; it opens a dialog that names one of them and has a button to remove.
std::string people(const std::string& remove, const std::string& named = "chosen") {
  return R"(<!doctype html><title>People</title><table id=people></table>
<div id=dialog role=dialog aria-label=Confirm hidden><p></p><button id=go>Remove user</button></div>
<p class=flash></p>
<script>
const people = ['bob@x.com', 'eve@x.com', 'bob@x.com.au', 'al.bob@x.com'];
const dialog = document.getElementById('dialog');
let chosen = '';
function draw() {
  const table = document.getElementById('people');
  table.replaceChildren();
  for (const name of people) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    const button = document.createElement('button');
    button.textContent = 'Edit';
    button.onclick = () => {
      chosen = name;
      dialog.querySelector('p').textContent = `Remove ${)" +
         named + R"(} for ever?`;
      dialog.hidden = false;
    };
    row.insertCell().append(button);
  }
}
draw();
document.getElementById('go').onclick = async () => {)" +
         remove + R"(};
async function send(name) {
  const answer = await fetch('/api/' + encodeURIComponent(name), { method: 'DELETE' });
  if (answer.ok) {
    people.splice(people.indexOf(name), 1);
    dialog.hidden = true;
    draw();
  } else {
    document.querySelector('.flash').textContent = (await answer.json()).message;
  }
}
</script>)";
}

const std::string open_dialog =
    "{'type':'customStep','name':'within','parameters':{'rows':[['tr']],'field':[['td']],'equals':'{{user}}',"
    "'steps':[{'type':'click','selectors':[['aria/Edit[role=\\'button\\']']]}]}}";

std::string commit(int timeout = 10'000, const std::string& more = "") {
  return "{'type':'customStep','name':'commit','timeout':" + std::to_string(timeout) +
         ",'parameters':{'target':'{{user}}',"
         "'confirm':[{'selectors':[['aria/[role=\\'dialog\\']']],'names':'{{user}}'}],"
         "'action':{'type':'click','selectors':[['aria/Remove user']]},"
         "'response':{'method':'DELETE','url':'{{origin}}/api/{{user}}','status':200},"
         "'done':[{'selectors':[['#dialog']],'absent':true}],'failed':[['.flash']]" +
         more + "}}";
}

/// The response pattern holds the origin literally, since a value in a pattern is encoded.
std::string commit_at(const Theatre& theatre, int timeout = 10'000, const std::string& more = "") {
  std::string text = commit(timeout, more);
  text.replace(text.find("{{origin}}"), 10, theatre.stage.server.origin());
  return text;
}

}  // namespace

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

TEST_CASE("a person is removed through the row and the dialog that name them, and nobody else",
          "[script][commit]") {
  Theatre theatre(people("send(chosen)", "chosen"));
  theatre.stage.server.handle("/api/bob%40x.com", [](const auto&) {
    return PageServer::Response{200, "{}"};
  });
  theatre.stage.server.handle("/api/bob@x.com", [](const auto&) { return PageServer::Response{200, "{}"}; });
  theatre.environment.variables["user"] = "bob@x.com";
  theatre.play(open_dialog + "," + commit_at(theatre));
  REQUIRE(theatre.changes().size() == 1);
  CHECK(has(theatre.changes()[0], "DELETE /api/bob"));
  REQUIRE(theatre.notes.reports.size() == 1);
  CHECK(theatre.notes.reports[0].outcome == Outcome::done);
  CHECK(theatre.notes.reports[0].status == 200);
}

TEST_CASE("a dialog that names somebody else stops the commit before it is announced", "[script][commit]") {
  Theatre theatre(people("send(chosen)", "'eve@x.com'"));
  theatre.environment.variables["user"] = "bob@x.com";
  std::string steps = open_dialog + "," + commit_at(theatre, 300);
  const Error error = theatre.fails(steps);
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "the page does not confirm bob@x.com"));
  CHECK(theatre.notes.intents.empty());
  CHECK(theatre.changes().empty());
}

TEST_CASE("a page that sends another request than the commit's is stopped at the door", "[script][commit]") {
  Theatre theatre(people("send('eve@x.com')", "chosen"));
  theatre.environment.variables["user"] = "bob@x.com";
  const Error error = theatre.fails(open_dialog + "," + commit_at(theatre));
  CHECK(error.kind() == Kind::drift);
  CHECK(has(error.message(), "eve%40x.com instead of DELETE"));
  REQUIRE(theatre.notes.reports.size() == 1);
  CHECK(theatre.notes.reports[0].outcome == Outcome::not_sent);
  CHECK(theatre.changes().empty());
}

TEST_CASE("a console that refuses is quoted", "[script][commit]") {
  Theatre theatre(people("send(chosen)", "chosen"));
  const auto refuse = [](const auto&) {
    return PageServer::Response{403, R"({"message":"The last admin stays"})", "application/json"};
  };
  theatre.stage.server.handle("/api/bob%40x.com", refuse);
  theatre.stage.server.handle("/api/bob@x.com", refuse);
  theatre.environment.variables["user"] = "bob@x.com";
  const Error error = theatre.fails(open_dialog + "," + commit_at(theatre));
  CHECK(error.kind() == Kind::refused);
  CHECK(has(error.message(), "The last admin stays"));
  CHECK(theatre.notes.reports.at(0).outcome == Outcome::refused);
}

TEST_CASE("a commit through a JavaScript dialog is sent only when the dialog reads as said",
          "[script][commit]") {
  for (const bool right : {true, false}) {
    Theatre theatre(people(right ? "if (confirm('Really remove ' + chosen + '?')) send(chosen)"
                                 : "if (confirm('Remove everybody?')) send(chosen)",
                           "chosen"));
    theatre.stage.server.handle("/api/bob%40x.com", [](const auto&) {
      return PageServer::Response{200, "{}"};
    });
    theatre.stage.server.handle("/api/bob@x.com", [](const auto&) {
      return PageServer::Response{200, "{}"};
    });
    theatre.environment.variables["user"] = "bob@x.com";
    const std::string steps =
        open_dialog + "," +
        commit_at(theatre, 10'000, ",'dialog':{'type':'confirm','text':'Really remove {{user}}?'}");
    if (right) {
      theatre.play(steps);
      CHECK(theatre.changes().size() == 1);
    } else {
      CHECK(has(theatre.fails(steps).message(), "Remove everybody?"));
      CHECK(theatre.changes().empty());
    }
  }
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
