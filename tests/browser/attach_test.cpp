#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "browser/chrome_process.h"
#include "browser_support.h"

namespace offstage::attach_test {

using namespace test;
using browser::Browser;
using browser::ChromeProcess;
using browser::find_chrome;
using browser::LaunchOptions;

namespace {

/// A Chrome that runs without Offstage's doing, as far as Browser knows, and listens on a port that it chose.
struct Running {
  Running() {
    std::filesystem::permissions(wrapper.path(), std::filesystem::perms(0755));
    // Offstage itself passes on no argument that opens a port.
    write_file(wrapper.path() / "chrome",
               "#!/bin/sh\nexec " + find_chrome().string() + " \"$@\" --remote-debugging-port=0\n", 0755);
    process = std::make_unique<ChromeProcess>(wrapper.path() / "chrome", LaunchOptions{});
    const Until until = soon();
    while (!read_port()) {
      REQUIRE_FALSE(until.over());
      std::this_thread::sleep_for(Milliseconds(5));
    }
  }

  TemporaryFolder wrapper;
  std::unique_ptr<ChromeProcess> process;
  std::string url;
  std::string endpoint;

 private:
  /// Chrome does not write its file in one go: without its whole id it is not finished.
  bool read_port() {
    std::ifstream file(process->folder() / "profile" / "DevToolsActivePort");
    std::string port;
    std::string path;
    const std::string before_id = "/devtools/browser/";
    if (!std::getline(file, port) || !std::getline(file, path) || path.size() < before_id.size() + 36)
      return false;
    url = "http://127.0.0.1:" + port;
    endpoint = "ws://127.0.0.1:" + port + path;
    return true;
  }
};

}  // namespace

TEST_CASE("a running browser is found by its http address and by its websocket address", "[attach]") {
  Running running;
  for (const std::string& address : {running.url, running.url + "/", running.endpoint}) {
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
  CHECK_FALSE(running.process->wait_ended(Until::in(Milliseconds(50))));
}

TEST_CASE("an answer of forty megabytes comes over a pipe and over a websocket", "[attach]") {
  const auto answer_of = [](Browser& browser) {
    const auto context = browser.new_context(soon());
    auto& page = context->new_page(soon());
    // What `title` asks for is an expression's value. Chrome itself takes seconds to write that down, and
    // half a minute where others want the processors too.
    page.wait_for_expression(
        {}, "Object.defineProperty(document, 'title', {value: 'ab'.repeat(20 << 20)}) === document", soon());
    std::string answer = page.title(Until::in(Milliseconds(120'000)));
    CHECK(page.wait_for_expression({}, "true", soon()));  // the connection still serves
    return answer;
  };
  std::string expected;
  for (int i = 0; i < (20 << 20); ++i)
    expected += "ab";
  // Not in Catch's words, which would print them all.
  const bool piped = answer_of(shared_browser()) == expected;
  CHECK(piped);
  Running running;
  const bool attached = answer_of(*Browser::attach(running.url, {}, soon())) == expected;
  CHECK(attached);
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

}  // namespace offstage::attach_test
