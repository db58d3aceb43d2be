#include <catch2/catch.hpp>

#include "has.h"
#include "theatre.h"

namespace offstage::script_commit_run_test {

using namespace test;
using Outcome = script::CommitReport::Outcome;

namespace {

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
std::string commit_at(const Theatre& theatre, int timeout = 10'000, const std::string& more = "",
                      const std::string& host = "127.0.0.1") {
  std::string text = commit(timeout, more);
  text.replace(text.find("{{origin}}"), 10, theatre.stage.server.origin(host));
  return text;
}

}  // namespace

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
  CHECK_FALSE(theatre.stage.page.closed());
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

TEST_CASE("what waits for its preflight when the click breaks off never leaves", "[script][commit]") {
  const std::string other = GENERATE("eve@x.com", "bob@x.com");
  CAPTURE(other);
  Theatre theatre(people("send(chosen)"));
  theatre.hold_preflights(
      "document.getElementById('go').onmousedown = () => {"
      "  dialog.querySelector('p').textContent = 'Remove eve@x.com for ever?';"
      "  behind('" +
      other + "'); }");
  theatre.environment.variables["user"] = "bob@x.com";
  const Error error = theatre.fails(open_dialog + "," + commit_at(theatre, 10'000, "", "b.test"));
  CHECK(has(error.message(), "nothing was sent"));
  CHECK(theatre.notes.reports.at(0).outcome == Outcome::not_sent);
  CHECK(theatre.stage.page.closed());
  CHECK(theatre.left_behind_preflight().empty());
}

TEST_CASE("what waits for its preflight when a commit is done never leaves", "[script][commit]") {
  Theatre theatre(people("send(chosen); behind('eve@x.com')"));
  theatre.hold_preflights();
  theatre.environment.variables["user"] = "bob@x.com";
  theatre.play(open_dialog + "," + commit_at(theatre) +
               ",{'type':'customStep','name':'capture','parameters':{'name':'after'}}");
  CHECK(theatre.notes.reports.at(0).outcome == Outcome::done);
  CHECK(theatre.notes.captures.size() == 1);
  CHECK(theatre.left_behind_preflight().empty());
}

TEST_CASE("a commit after whose click a socket opened is not said to be unsent", "[script][commit]") {
  Theatre theatre(people("new WebSocket(location.origin.replace('http', 'ws') + '/socket')"));
  theatre.environment.variables["user"] = "bob@x.com";
  const Error error = theatre.fails(open_dialog + "," + commit_at(theatre, 500));
  CHECK(error.kind() == Kind::unknown);
  CHECK(theatre.notes.reports.at(0).outcome == Outcome::lost);
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

}  // namespace offstage::script_commit_run_test
