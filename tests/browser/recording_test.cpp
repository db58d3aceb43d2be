#include <algorithm>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "recording/capture.h"
#include "recording/redact.h"
#include "rehearsal/replay.h"
#include "script_support.h"

namespace offstage::recording_test {

using namespace recording;
using test::PageServer;
using test::soon;

namespace {

/// What a browser recorded of one page, and the pages' own server.
struct Take {
  PageServer server;
  std::unique_ptr<browser::Browser> browser = offstage::test::launch();
  Recording recording;
  TrafficRules rules;

  /// Opens `path` and waits until the page's title is "done".
  void record(const std::string& path = "/") {
    recording.started_at = utc_now();
    Traffic traffic(*browser, true, soon());
    const auto capture = std::make_shared<Capture>();
    const auto context = browser->new_context(soon(), traffic.through(capture));
    browser::Page& page = context->new_page(soon());
    page.navigate(server.url(path), soon());
    REQUIRE(page.wait_for_expression({}, "document.title === 'done'", soon()));
    capture->finish(recording, rules, soon());
  }

  const Exchange& exchange(const std::string& method, const std::string& path) const {
    for (const Exchange& each : recording.exchanges) {
      if (each.method == method && each.url.ends_with(path)) return each;
    }
    FAIL("nothing was recorded of " << method << " " << path);
    throw Error(Kind::internal, "unreachable");
  }
};

/// A page that runs a script and is done when it is.
std::string page_running(const std::string& script) {
  return "<!doctype html><title>busy</title><body></body><script>(async () => {" + script +
         "; document.title = 'done'; })()</script>";
}

/// The text that the page of a replay ends with.
struct Replayed {
  std::unique_ptr<browser::Browser> browser = rehearsal::launch_offline({}, soon());
  Traffic traffic{*browser, false, soon()};
  std::shared_ptr<Replayer> replayer;

  std::string text_of(const Recording& recording, const std::string& url, const TrafficRules& rules = {}) {
    replayer = std::make_shared<Replayer>(recording, rules);
    const auto context = browser->new_context(soon(), traffic.through(replayer));
    browser::Page& page = context->new_page(soon());
    page.navigate(url, soon());
    page.wait_for_expression({}, "document.title === 'done'", soon());
    browser::Query body;
    body.selectors = {{"body"}};
    std::string text = page.text({}, body, soon()).value_or("");
    traffic.close(replayer);
    return text;
  }
};

}  // namespace

TEST_CASE("a recording holds every hop of a redirect, with the cookies that each set",
          "[recording][capture]") {
  Take take;
  take.server.handle("/", [](const PageServer::Request&) {
    return PageServer::Response{
        302, "", "text/plain", {{"Location", "/two"}, {"Set-Cookie", "a=1; HttpOnly"}}};
  });
  take.server.handle("/two", [](const PageServer::Request&) {
    return PageServer::Response{
        200, page_running(""), "text/html", {{"Set-Cookie", "b=2"}, {"Set-Cookie", "c=3"}}};
  });
  take.record();
  const Exchange& first = take.exchange("GET", "/");
  const Exchange& second = take.exchange("GET", "/two");
  CHECK(first.status == 302);
  CHECK(header(first.response_headers, "set-cookie") == "a=1; HttpOnly");
  CHECK(second.redirected_from == 0);
  CHECK(std::count_if(second.response_headers.begin(), second.response_headers.end(),
                      [](const auto& each) { return each.first == "Set-Cookie"; }) == 2);
  CHECK(header(second.request_headers, "cookie") == "a=1");
}

TEST_CASE("a recording keeps the bodies of requests and answers, also when the page goes elsewhere at once",
          "[recording][capture]") {
  Take take;
  take.server.page(
      "/", page_running("await fetch('/save', {method: 'POST', body: 'x=1'}); location = '/next'; return"));
  take.server.page("/next", page_running(""));
  take.server.handle("/save", [](const PageServer::Request&) {
    return PageServer::Response{200, "saved", "text/plain"};
  });
  take.record();
  const Exchange& save = take.exchange("POST", "/save");
  CHECK(save.request_body == "x=1");
  CHECK(save.response_body == "saved");
  CHECK(save.mutation);
  CHECK(save.epoch == 0);
  CHECK(take.exchange("GET", "/next").epoch == 1);
}

TEST_CASE("what frames and workers of a page send is recorded with it", "[recording][capture]") {
  Take take;
  take.server.page("/", page_running(R"(
    const frame = document.createElement('iframe'); frame.src = '/frame';
    document.body.append(frame); await new Promise((done) => { frame.onload = done; });
    const worker = new Worker('/worker.js');
    await new Promise((done) => { worker.onmessage = done; }))"));
  take.server.page("/frame", "<p>frame</p>");
  take.server.handle("/worker.js", [](const PageServer::Request&) {
    return PageServer::Response{200, "fetch('/from-worker').then((r) => r.text()).then(postMessage)",
                                "text/javascript"};
  });
  take.server.handle("/from-worker", [](const PageServer::Request&) {
    return PageServer::Response{200, "hello", "text/plain"};
  });
  take.record();
  CHECK(take.exchange("GET", "/frame").status == 200);
  CHECK(take.exchange("GET", "/worker.js").status == 200);
  CHECK(take.exchange("GET", "/from-worker").response_body == "hello");
}

TEST_CASE("server-sent events are recorded as what the page got", "[recording][capture]") {
  Take take;
  take.server.page("/", page_running(R"(
    const source = new EventSource('/events');
    await new Promise((done) => source.addEventListener('greeting', done)); source.close())"));
  take.server.handle("/events", [](const PageServer::Request&) {
    return PageServer::Response{200, "event: greeting\ndata: one\ndata: two\n\n", "text/event-stream"};
  });
  take.record();
  CHECK(take.exchange("GET", "/events").response_body == "event: greeting\ndata: one\ndata: two\n\n");
}

TEST_CASE("a replay shows what changed, however often the page asks before and after",
          "[recording][replay]") {
  const std::string script = R"(
    const list = async () => (await fetch('/list')).text();
    const out = [await list(), await list()];
    await fetch('/ann', {method: 'DELETE'});
    out.push(await list(), await list(), await list());
    document.body.textContent = out.join(' '))";
  Take take;
  bool there = true;
  take.server.page("/", page_running(script));
  take.server.handle("/list", [&there](const PageServer::Request&) {
    return PageServer::Response{200, there ? "ann,bob" : "bob", "text/plain"};
  });
  take.server.handle("/ann", [&there](const PageServer::Request&) {
    there = false;
    return PageServer::Response{204, "", "text/plain"};
  });
  take.record();
  Replayed replayed;
  CHECK(replayed.text_of(take.recording, take.server.url("/")) == "ann,bob ann,bob bob bob bob");
  CHECK(replayed.replayer->tape().misses().empty());
  CHECK(replayed.replayer->tape().unconsumed().empty());
}

TEST_CASE("a replay sends the cookies that the recording set", "[recording][replay]") {
  Take take;
  take.server.handle("/", [](const PageServer::Request&) {
    return PageServer::Response{
        200,
        page_running("document.body.textContent = await (await fetch('/who')).text()"),
        "text/html",
        {{"Set-Cookie", "sid=abc; HttpOnly"}}};
  });
  take.server.handle("/who", [](const PageServer::Request& request) {
    const auto cookie = request.headers.find("cookie");
    return PageServer::Response{200, cookie == request.headers.end() ? "nobody" : cookie->second,
                                "text/plain"};
  });
  take.record();
  Replayed replayed;
  CHECK(replayed.text_of(take.recording, take.server.url("/")) == "sid=abc");
  CHECK(replayed.replayer->tape().misses().empty());
}

TEST_CASE("a cookie whose time was up long ago lives in a replay as long as it did", "[recording][replay]") {
  Take take;
  take.server.handle("/", [](const PageServer::Request&) {
    return PageServer::Response{
        200,
        page_running("document.body.textContent = await (await fetch('/who')).text()"),
        "text/html",
        {{"Set-Cookie", "session=q7Xz-19.kP4d; HttpOnly"}}};
  });
  take.server.handle("/who", [](const PageServer::Request& request) {
    return PageServer::Response{200, request.headers.contains("cookie") ? "known" : "nobody", "text/plain"};
  });
  take.record();
  for (Exchange& exchange : take.recording.exchanges) {
    exchange.response_headers.emplace_back("Date", "Mon, 01 Jan 2001 00:00:00 GMT");
    for (auto& [name, value] : exchange.response_headers)
      if (name == "Set-Cookie") value += "; Expires=Mon, 01 Jan 2001 01:00:00 GMT";
  }
  Replayed replayed;
  CHECK(replayed.text_of(Redactor({}).redact(take.recording), take.server.url("/")) == "known");
  CHECK(replayed.replayer->tape().misses().empty());
}

TEST_CASE("what was not recorded fails in a replay, and is told", "[recording][replay]") {
  Take take;
  take.server.page("/", page_running("if (window.more) await fetch('/more').catch(() => {})"));
  take.record();
  take.recording.exchanges[0].response_body =
      page_running("await fetch('/more').then(() => {}, (e) => { document.body.textContent = e.message; })");
  Replayed replayed;
  CHECK(replayed.text_of(take.recording, take.server.url("/")) == "Failed to fetch");
  REQUIRE(replayed.replayer->tape().misses().size() == 1);
  CHECK(take.server.seen() == std::vector<std::string>{"GET /"});
}

TEST_CASE("clock and random numbers of a replay are the same each time, in page, frame and worker",
          "[recording][replay]") {
  const std::string look = "Math.random() + ' ' + Array.from(crypto.getRandomValues(new Uint8Array(4)))";
  const std::string day = "new Date().toISOString().slice(0, 13)";
  Take take;
  take.server.page("/", page_running(R"(
    const frame = document.createElement('iframe'); frame.src = '/frame';
    document.body.append(frame); await new Promise((done) => { frame.onload = done; });
    const worker = new Worker('/worker.js');
    const told = await new Promise((done) => { worker.onmessage = (event) => done(event.data); });
    document.body.textContent = [)" + look +
                                     ", frame.contentDocument.title, told, " + day +
                                     ", typeof Date(), new Date(0).getTime()].join(' | ')"));
  take.server.page("/frame", "<script>document.title = " + look + " + " + day + "</script>");
  take.server.handle("/worker.js", [&](const PageServer::Request&) {
    return PageServer::Response{200, "postMessage(" + look + " + " + day + ")", "text/javascript"};
  });
  take.record();
  take.recording.started_at = "2001-02-03T04:05:06.000Z";
  Replayed one;
  Replayed two;
  const std::string first = one.text_of(take.recording, take.server.url("/"));
  CHECK(first == two.text_of(take.recording, take.server.url("/")));
  CHECK(std::count(first.begin(), first.end(), '|') == 5);
  std::size_t days = 0;
  for (std::size_t at = first.find("2001-02-03T04"); at != std::string::npos;
       at = first.find("2001-02-03T04", at + 1))
    ++days;
  CHECK(days == 3);
  CHECK(first.ends_with("string | 0"));
}

TEST_CASE("two contexts of one browser each get the answers of their own recording", "[recording][replay]") {
  Take ann;
  Take bob;
  ann.server.page("/", page_running("document.body.textContent = 'ann'"));
  bob.server.page("/", page_running("document.body.textContent = 'bob'"));
  ann.record();
  bob.record();
  bob.recording.exchanges[0].url = ann.recording.exchanges[0].url;
  Replayed shared;
  const auto one = std::make_shared<Replayer>(ann.recording, TrafficRules{});
  const auto two = std::make_shared<Replayer>(bob.recording, TrafficRules{});
  const auto first = shared.browser->new_context(soon(), shared.traffic.through(one));
  const auto second = shared.browser->new_context(soon(), shared.traffic.through(two));
  browser::Page& of_ann = first->new_page(soon());
  browser::Page& of_bob = second->new_page(soon());
  of_ann.navigate(ann.recording.exchanges[0].url, soon());
  of_bob.navigate(ann.recording.exchanges[0].url, soon());
  browser::Query body;
  body.selectors = {{"body"}};
  CHECK(of_ann.text({}, body, soon()) == "ann");
  CHECK(of_bob.text({}, body, soon()) == "bob");
  CHECK(shared.traffic.strays(one).empty());
  CHECK(shared.traffic.strays(two).empty());
}

namespace {

/// A take of a page whose `#late` comes three and a half seconds after it opened, and scripts that look for
/// it.
struct Latecomer {
  Latecomer() {
    take.server.page("/",
                     page_running("setTimeout(() => document.body.innerHTML = '<p id=late>here</p>', 3500)"));
    take.record();
    scenario.start_url = take.server.url("/");
  }

  /// What comes of `steps` in as much time as they have: this is what was recorded, then.
  void play(const std::string& steps) {
    scenario.scripts = {test::steps_from(steps)};
    script::Observer nobody;
    Log quiet = Log::none();
    take.recording.ending =
        rehearsal::Rehearsal(*browser, traffic, take.recording, scenario).run(nobody, quiet, soon()).ending;
    REQUIRE(take.recording.ending.kind == "drift");
  }
  rehearsal::Verdict replayed() {
    return rehearsal::replayed(*browser, traffic, take.recording, scenario, Until::in(Milliseconds(60'000)));
  }

  Take take;
  rehearsal::Scenario scenario;
  std::unique_ptr<browser::Browser> browser = rehearsal::launch_offline({}, soon());
  Traffic traffic{*browser, false, soon()};
};

}  // namespace

TEST_CASE("a replay does not wait as long as its script for what was recorded never to have come",
          "[recording][replay]") {
  Latecomer console;
  console.play("{'type': 'waitForElement', 'timeout': 200, 'selectors': [['#never']]}");
  console.scenario.scripts = {
      test::steps_from("{'type': 'waitForElement', 'timeout': 15000, 'selectors': [['#never']]}")};
  const rehearsal::Verdict verdict = console.replayed();
  CHECK(verdict.passed());
  CHECK(verdict.took < Milliseconds(15'000));
}

TEST_CASE("a replay gives a step more time than its script does: only the machine is waited for",
          "[recording][replay]") {
  Latecomer console;
  console.take.recording.ending.variables = Json::array({{{"script", "test.json"}, {"set", Json::object()}}});
  console.scenario.scripts = {
      test::steps_from("{'type': 'waitForElement', 'timeout': 10, 'selectors': [['#late']]}")};
  CHECK(console.replayed().faults == std::vector<std::string>{});
}

TEST_CASE("a replay that ended elsewhere for want of time is repeated with all the time of its script",
          "[recording][replay]") {
  Latecomer console;
  console.play(
      "{'type': 'waitForElement', 'timeout': 15000, 'selectors': [['#late']]},"
      "{'type': 'waitForElement', 'timeout': 200, 'selectors': [['#never']]}");
  const rehearsal::Verdict verdict = console.replayed();
  CHECK(verdict.passed());
  CHECK(verdict.ending.message == console.take.recording.ending.message);
}

}  // namespace offstage::recording_test
