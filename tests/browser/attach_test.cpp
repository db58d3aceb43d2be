#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser/chrome_process.h"
#include "browser_support.h"

using namespace offstage;
using namespace offstage::test;
using offstage::browser::Browser;
using offstage::browser::ChromeProcess;
using offstage::browser::find_chrome;
using offstage::browser::LaunchOptions;

namespace {

/// A Chrome that runs without Offstage's doing, as far as Browser knows.
struct Running {
  Running() : process(find_chrome(), LaunchOptions{}, soon()) {
    const std::string& endpoint = process.endpoint();
    url = "http" + endpoint.substr(2, endpoint.find('/', 5) - 2);
  }
  ChromeProcess process;
  std::string url;
};

}  // namespace

TEST_CASE("a running browser is found by its http address and by its websocket address", "[attach]") {
  Running running;
  for (const std::string& address : {running.url, running.url + "/", running.process.endpoint()}) {
    CAPTURE(address);
    PageServer server;
    server.page("/", "<title>here</title>");
    const auto browser = Browser::attach(address, {}, soon());
    CHECK(browser->info().attached);
    CHECK_FALSE(browser->info().sandboxed);
    CHECK_THAT(browser->info().product, Catch::Contains("Chrome/"));
    const auto context = browser->new_context(soon());
    CHECK(context->new_page(soon()).navigate(server.url("/"), soon()) == 200);
  }
}

TEST_CASE("detaching leaves the browser running", "[attach]") {
  Running running;
  Browser::attach(running.url, {}, soon())->new_context(soon())->new_page(soon());
  Browser::attach(running.url, {}, soon());
  CHECK_FALSE(running.process.wait_ended(Until::in(Milliseconds(50))));
}

TEST_CASE("an attached browser's fence stops documents and calls alike", "[attach]") {
  Running running;
  PageServer inside;
  PageServer data;
  PageServer outside;
  inside.page("/", "<title>in</title>");
  const auto browser = Browser::attach(running.url, {{inside.origin()}, {data.origin()}}, soon());
  const auto context = browser->new_context(soon());
  auto& page = context->new_page(soon());
  CHECK_THROWS_AS(page.navigate(outside.url("/"), soon()), Error);
  CHECK_THROWS_AS(page.navigate(data.url("/"), soon()), Error);
  page.navigate(inside.url("/"), soon());
  const auto fetch = [&](const std::string& url) {
    page.wait_for_expression({}, "fetch('" + url + "', {mode: 'no-cors'}).then(() => true, () => true)",
                             soon());
  };
  fetch(outside.url("/pixel"));
  fetch(data.url("/data"));
  CHECK(outside.seen().empty());
  CHECK(data.seen() == std::vector<std::string>{"GET /data"});
  CHECK(context->fenced() ==
        std::vector<std::string>{outside.url("/"), data.url("/"), outside.url("/pixel")});
}

TEST_CASE("an attached browser's other pages are not fenced in", "[attach]") {
  Running running;
  PageServer inside;
  PageServer outside;
  outside.page("/", "<title>theirs</title>");
  const auto browser = Browser::attach(running.url, {{inside.origin()}, {}}, soon());
  const auto theirs = Browser::attach(running.url, {}, soon());
  const auto context = theirs->new_context(soon());
  CHECK(context->new_page(soon()).navigate(outside.url("/"), soon()) == 200);
}

TEST_CASE("an address where no browser answers is told, with what to do", "[attach]") {
  const auto kind_of = [](const std::string& url) {
    try {
      Browser::attach(url, {}, soon());
    } catch (const Error& error) {
      CHECK_THAT(error.message() + error.hint(),
                 Catch::Contains("remote-debugging-port") || Catch::Contains("DevTools"));
      return error.kind();
    }
    return Kind::internal;
  };
  PageServer server;
  CHECK(kind_of("http://127.0.0.1:1") == Kind::browser);
  CHECK(kind_of("ws://127.0.0.1:1/devtools/browser/x") == Kind::browser);
  CHECK(kind_of(server.origin()) == Kind::browser);  // 404
  server.page("/json/version", "<html>no browser</html>");
  CHECK(kind_of(server.origin()) == Kind::browser);
  CHECK(kind_of("ftp://127.0.0.1") == Kind::usage);
}
