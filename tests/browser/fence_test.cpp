#include <algorithm>
#include <thread>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"

namespace offstage::fence_test {

using namespace test;
using browser::Browser;
using browser::Context;
using browser::Fence;
using browser::HostMapping;
using browser::LaunchOptions;
using browser::Page;

namespace {

/// A Chrome that may visit in.test and call data.test, both on the test's server; out.test leads there too,
/// and so would localhost, if the fence let it.
struct Fenced {
  Fenced() {
    LaunchOptions options;
    options.fence = {{server.origin("in.test")}, {server.origin("data.test")}};
    options.mapping = HostMapping{{"in.test", "data.test", "out.test"}, "127.0.0.1", ""};
    browser = launch(options);
    context = browser->new_context(soon());
    page = &context->new_page(soon());
    server.page("/in", "<title>inside</title>");
    server.page("/out", "<title>outside</title>");
  }

  /// Fetches from within the page: whether anything came back.
  bool reaches(const std::string& url) {
    page->wait_for_expression({},
                              "fetch('" + url + "', {mode: 'no-cors'}).then(() => true, () => false)" +
                                  ".then(came => { window.came = came; return true; })",
                              soon());
    return page->wait_for_expression({}, "window.came", Until::in(Milliseconds(100)));
  }
  /// What the fence stopped is told some moments after the page knows that it failed.
  void wait_for_stops(std::size_t count) const {
    const Deadline deadline = Deadline::in(Milliseconds(20'000));
    while (context->fenced().size() < count && !deadline.passed())
      std::this_thread::yield();
  }
  bool saw(const std::string& path) const {
    const auto seen = server.seen();
    return std::find(seen.begin(), seen.end(), "GET " + path) != seen.end();
  }

  PageServer server;
  std::unique_ptr<Browser> browser;
  std::unique_ptr<Context> context;
  Page* page = nullptr;
};

}  // namespace

TEST_CASE("a document from within the fence is shown", "[fence]") {
  Fenced fenced;
  CHECK(fenced.page->navigate(fenced.server.url("/in", "in.test"), soon()) == 200);
  CHECK(fenced.page->title(soon()) == "inside");
  CHECK(fenced.context->fenced().empty());
}

TEST_CASE("a document from outside the fence is refused, told of, and never asked for", "[fence]") {
  Fenced fenced;
  for (const char* host : {"out.test", "data.test", "localhost", "127.0.0.1"}) {
    CAPTURE(host);
    try {
      fenced.page->navigate(fenced.server.url("/out", host), soon());
      FAIL_CHECK("it was shown");
    } catch (const Error& error) {
      CHECK(error.kind() == Kind::refused);
    }
  }
  CHECK_FALSE(fenced.saw("/out"));
  CHECK(fenced.context->fenced() == std::vector<std::string>{fenced.server.url("/out", "out.test"),
                                                             fenced.server.url("/out", "data.test"),
                                                             fenced.server.url("/out", "localhost"),
                                                             fenced.server.url("/out", "127.0.0.1")});
}

TEST_CASE("a page may call what the fence lists, and nothing else resolves", "[fence]") {
  Fenced fenced;
  fenced.page->navigate(fenced.server.url("/in", "in.test"), soon());
  CHECK(fenced.reaches(fenced.server.url("/data", "data.test")));
  CHECK(fenced.saw("/data"));
  CHECK_FALSE(fenced.reaches(fenced.server.url("/out", "localhost")));
  CHECK_FALSE(fenced.reaches(fenced.server.url("/out", "127.0.0.1")));
  CHECK_FALSE(fenced.saw("/out"));
}

TEST_CASE("a call that leads out of the fence is told of, once", "[fence]") {
  Fenced fenced;
  fenced.page->navigate(fenced.server.url("/in", "in.test"), soon());
  const std::string tracker = fenced.server.url("/t", "localhost");
  CHECK(fenced.reaches(fenced.server.url("/data", "data.test")));
  CHECK_FALSE(fenced.reaches(tracker + "?user=ann"));
  CHECK_FALSE(fenced.reaches(tracker + "?user=bob"));
  CHECK_FALSE(fenced.reaches(fenced.server.url("/last", "127.0.0.1")));
  fenced.wait_for_stops(2);
  CHECK(fenced.context->fenced() ==
        std::vector<std::string>{tracker, fenced.server.url("/last", "127.0.0.1")});
}

TEST_CASE("what frames, workers and sockets try to call outside is told of as well", "[fence]") {
  Fenced fenced;
  const std::string frame = fenced.server.url("/from-frame", "localhost");
  const std::string worker = fenced.server.url("/from-worker", "localhost");
  const std::string socket = "ws://localhost:" + std::to_string(fenced.server.port()) + "/from-socket";
  fenced.server.page("/framed", "<script>fetch('" + frame + "').catch(() => 0)</script>");
  fenced.server.page("/in", "<iframe src='/framed'></iframe>");
  fenced.page->navigate(fenced.server.url("/in", "in.test"), soon());
  fenced.wait_for_stops(1);
  fenced.page->wait_for_expression({},
                                   "(window.w = new Worker(URL.createObjectURL(new Blob([\"fetch('" + worker +
                                       "').catch(() => 0)\"]))), true)",
                                   soon());
  fenced.wait_for_stops(2);
  fenced.page->wait_for_expression({}, "(new WebSocket('" + socket + "'), true)", soon());
  fenced.wait_for_stops(3);
  CHECK(fenced.context->fenced() == std::vector<std::string>{frame, worker, socket});
}

TEST_CASE("a redirect out of the fence is stopped", "[fence]") {
  Fenced fenced;
  const std::string outside = fenced.server.url("/out", "out.test");
  fenced.server.handle("/go", [outside](const PageServer::Request&) {
    return PageServer::Response{.status = 302, .headers = {{"Location", outside}}};
  });
  CHECK_THROWS_AS(fenced.page->navigate(fenced.server.url("/go", "in.test"), soon()), Error);
  CHECK_FALSE(fenced.saw("/out"));
  CHECK(fenced.context->fenced() == std::vector<std::string>{outside});
}

TEST_CASE("a frame from outside the fence stays empty", "[fence]") {
  Fenced fenced;
  const std::string outside = fenced.server.url("/out", "out.test");
  fenced.server.page("/framed", "<iframe src='" + outside + "'></iframe>");
  fenced.page->navigate(fenced.server.url("/framed", "in.test"), soon());
  CHECK(fenced.context->fenced() == std::vector<std::string>{outside});
  CHECK_FALSE(fenced.saw("/out"));
}

TEST_CASE("a popup out of the fence is stopped", "[fence]") {
  Fenced fenced;
  const std::string outside = fenced.server.url("/out", "out.test");
  fenced.page->navigate(fenced.server.url("/in", "in.test"), soon());
  fenced.page->wait_for_expression({}, "(window.open('" + outside + "', '_blank', 'noopener'), true)",
                                   soon());
  fenced.page->wait_for_expression({}, "(window.open('/in'), true)", soon());
  // The second popup comes after the first.
  fenced.wait_for_stops(1);
  CHECK(fenced.context->fenced() == std::vector<std::string>{outside});
  CHECK_FALSE(fenced.saw("/out"));
}

TEST_CASE("the fence and a page's own request gate both hold", "[fence]") {
  Fenced fenced;
  const std::string outside = fenced.server.url("/out", "out.test");
  fenced.server.page("/form", "<form method=post action='" + outside + "'><input type=submit></form>");
  fenced.page->navigate(fenced.server.url("/form", "in.test"), soon());
  const auto gate = fenced.page->gate_requests(
      [](const std::string&, const std::string& url, const std::string&) {
        return url.find("/forbidden") == std::string::npos;
      },
      soon());
  CHECK_FALSE(fenced.reaches(fenced.server.url("/out", "localhost")));
  fenced.page->wait_for_expression({}, "(fetch('/forbidden', {method: 'POST'}).catch(() => 0), true)",
                                   soon());
  CHECK(gate->wait_for_request(soon()));
  fenced.page->wait_for_expression({}, "(document.forms[0].submit(), true)", soon());
  fenced.wait_for_stops(2);
  CHECK(fenced.context->fenced() ==
        std::vector<std::string>{fenced.server.url("/out", "localhost"), outside});
  CHECK(fenced.server.seen() == std::vector<std::string>{"GET /form"});
}

TEST_CASE("an origin with a port on a loopback address can be fenced in", "[fence]") {
  PageServer server;
  server.page("/", "<title>here</title>");
  LaunchOptions options;
  options.fence = {{server.origin()}, {}};
  const auto browser = launch(options);
  const auto context = browser->new_context(soon());
  Page& page = context->new_page(soon());
  CHECK(page.navigate(server.url("/"), soon()) == 200);
  PageServer other;
  CHECK_THROWS_AS(page.navigate(other.url("/"), soon()), Error);
  CHECK(other.seen().empty());
}

}  // namespace offstage::fence_test
