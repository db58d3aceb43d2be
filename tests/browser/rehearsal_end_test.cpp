// What is still under way when the last step of a script is over, and what one run leaves for the next.
#include <algorithm>

#include <catch2/catch.hpp>

#include "browser_support.h"
#include "rehearsal/record.h"
#include "rehearsal/replay.h"
#include "script_support.h"

namespace offstage::rehearsal_end_test {

using namespace recording;
using test::PageServer;
using test::soon;
using test::wait_until;

namespace {

constexpr const char* look = "{'type': 'waitForElement', 'selectors': [['#go']]}";
constexpr const char* click = "{'type': 'click', 'selectors': [['#go']], 'offsetX': 5, 'offsetY': 5}";

/// A console whose button sends a change, long after the click is over; and a browser that replays it.
struct Console {
  Console() {
    server.page("/", R"(<!doctype html><button id=go>Go</button><script>
      document.getElementById('go').onclick = () => setTimeout(() => {
        const start = performance.now();
        while (performance.now() - start < 100);
        fetch('/login', {method: 'POST', body: 'x=1'});
      });</script>)");
    server.handle("/login", [](const PageServer::Request&) {
      return PageServer::Response{200, "ok", "text/plain"};
    });
    scenario.start_url = server.url("/");
  }

  Recording recorded(const std::string& steps) {
    scenario.scripts = {test::steps_from(steps)};
    const std::unique_ptr<browser::Browser> real = test::launch();
    return rehearsal::record(*real, scenario, secrets, true, "a test", nobody, quiet, soon());
  }
  rehearsal::Verdict replayed(const Recording& recording, const std::string& steps) {
    scenario.scripts = {test::steps_from(steps)};
    return rehearsal::Rehearsal(*browser, traffic, recording, scenario).run(nobody, quiet, soon());
  }

  PageServer server;
  rehearsal::Scenario scenario;
  SecretStore secrets;
  script::Observer nobody;
  Log quiet = Log::none();
  std::unique_ptr<browser::Browser> browser = rehearsal::launch_offline({}, soon());
  Traffic traffic{*browser, false, soon()};
};

bool has_login(const Recording& recording) {
  return std::any_of(recording.exchanges.begin(), recording.exchanges.end(),
                     [](const Exchange& each) { return each.method == "POST" && each.status == 200; });
}

/// A recording, made by hand, of a page that starts a shared worker, which belongs to no frame.
Recording with_worker() {
  const auto answered = [](const std::string& path, const std::string& type, const std::string& body) {
    Exchange exchange;
    exchange.url = "http://a.test" + path;
    exchange.status = 200;
    exchange.request_headers = {{"Accept", type == "text/html" ? type : "*/*"}};
    exchange.response_headers = {{"Content-Type", type}};
    exchange.response_body = body;
    return exchange;
  };
  Recording recording;
  recording.started_at = utc_now();
  recording.ending.variables = Json::array({{{"script", "test.json"}, {"set", Json::object()}}});
  recording.exchanges = {
      answered("/", "text/html",
               "<body></body><script>const worker = new SharedWorker('/w.js');"
               "worker.port.onmessage = (event) => { document.body.id = event.data; };"
               "worker.onerror = () => { document.body.id = 'failed'; }</script>"),
      answered(
          "/w.js", "text/javascript",
          "onconnect = ({ports: [port]}) => fetch('/data').then((answer) => answer.text(), () => 'failed')"
          ".then((text) => port.postMessage(text))"),
      answered("/data", "text/plain", "done")};
  return recording;
}

}  // namespace

TEST_CASE("what the last click sends is recorded with it", "[recording][rehearsal]") {
  CHECK(has_login(Console().recorded(click)));
}

TEST_CASE("a replay waits for what the last click sends", "[recording][rehearsal]") {
  Console console;
  const Recording recording = console.recorded(click);
  REQUIRE(has_login(recording));
  CHECK(console.replayed(recording, click).faults == std::vector<std::string>{});
}

TEST_CASE("a replay fails when its last click sends what was not recorded", "[recording][rehearsal]") {
  Console console;
  const rehearsal::Verdict verdict =
      console.replayed(console.recorded(look), std::string(look) + "," + click);
  REQUIRE(verdict.faults.size() == 1);
  CHECK_THAT(verdict.faults[0], Catch::Contains("POST") && Catch::Contains("/login was not recorded"));
}

TEST_CASE("a shared worker gets what its own recording holds, also where several are replayed at once",
          "[recording][rehearsal]") {
  Console console;
  const Recording recording = with_worker();
  const Recording nothing;
  const auto one = std::make_shared<Replayer>(recording, TrafficRules{});
  const auto other = std::make_shared<Replayer>(nothing, TrafficRules{});
  const auto beside = console.browser->new_context(soon(), console.traffic.through(other));
  const auto context = console.browser->new_context(soon(), console.traffic.through(one));
  browser::Page& page = context->new_page(soon());
  page.navigate("http://a.test/", soon());
  CHECK(page.wait_for_expression({}, "document.body.id === 'done'", soon()));
  CHECK(console.traffic.strays(one) == std::vector<std::string>{});
  console.traffic.close(one);
  console.traffic.close(other);
}

TEST_CASE("a request of no known page fails the replays that were open then, and no later one",
          "[recording][rehearsal]") {
  Console console;
  const Recording recording = with_worker();
  const auto one = std::make_shared<Replayer>(recording, TrafficRules{});
  const auto other = std::make_shared<Replayer>(recording, TrafficRules{});
  {
    const auto context = console.browser->new_context(soon(), console.traffic.through(one));
    const auto beside = console.browser->new_context(soon(), console.traffic.through(other));
    // Of no context of ours.
    console.browser->client().root().call("Target.createTarget", {{"url", "http://a.test/"}}, soon());
    wait_until([&] { return !console.traffic.strays(one).empty(); });
    CHECK(console.traffic.strays(one) == std::vector<std::string>{"http://a.test/"});
    CHECK(console.traffic.strays(other) == console.traffic.strays(one));
  }
  console.traffic.close(one);
  console.traffic.close(other);
  console.scenario.start_url = "http://a.test/";
  CHECK(console.replayed(recording, "{'type': 'waitForElement', 'timeout': 15000, 'selectors': [['#done']]}")
            .faults == std::vector<std::string>{});
}

TEST_CASE("a replay that ends in an error leaves its requests to nobody", "[recording][rehearsal]") {
  Console console;
  const Recording recording = with_worker();
  console.scenario.start_url = "http://a.test/";
  std::stop_source stopped;
  stopped.request_stop();
  console.scenario.scripts = {test::steps_from(look)};
  CHECK_THROWS_AS(
      rehearsal::Rehearsal(*console.browser, console.traffic, recording, console.scenario)
          .run(console.nobody, console.quiet, Until::in(Milliseconds(20'000), stopped.get_token())),
      Error);
  CHECK(console.replayed(recording, "{'type': 'waitForElement', 'timeout': 15000, 'selectors': [['#done']]}")
            .faults == std::vector<std::string>{});
}

}  // namespace offstage::rehearsal_end_test
