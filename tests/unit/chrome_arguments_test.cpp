#include "browser/chrome_arguments.h"

#include <algorithm>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "base/error.h"

namespace offstage::chrome_arguments_test {

using namespace browser;

namespace {

std::vector<std::string> arguments(const LaunchOptions& options) {
  return chrome_arguments(options, "/tmp/private/profile");
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool has_start(const std::vector<std::string>& list, const std::string& start) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& each) { return each.starts_with(start); });
}

}  // namespace

TEST_CASE("Chrome is started with a private profile, pipes instead of a port, and each site on its own",
          "[chrome]") {
  const auto list = arguments({});
  CHECK(has(list, "--user-data-dir=/tmp/private/profile"));
  CHECK(has(list, "--remote-debugging-pipe"));
  CHECK_FALSE(has_start(list, "--remote-debugging-port"));
  CHECK(has(list, "--site-per-process"));
  CHECK(has(list, "--headless"));
  CHECK(list.back() == "about:blank");
}

TEST_CASE("the sandbox is switched off only where that is allowed", "[chrome]") {
  CHECK_FALSE(has(arguments({}), "--no-sandbox"));
  LaunchOptions options;
  options.allow_no_sandbox = true;
  CHECK(has(arguments(options), "--no-sandbox"));
}

TEST_CASE("no extra argument opens Chrome's DevTools to others", "[chrome]") {
  for (const char* argument :
       {"--remote-debugging-port=9222", "-remote-debugging-port=0", "--remote-debugging-address=0.0.0.0"}) {
    CAPTURE(argument);
    LaunchOptions options;
    options.extra_arguments = {"--disable-gpu", argument};
    try {
      arguments(options);
      FAIL_CHECK("it was taken");
    } catch (const offstage::Error& error) {
      CHECK(error.kind() == offstage::Kind::usage);
      CHECK_THAT(error.message(), Catch::Contains(argument));
      CHECK_THAT(error.hint(), Catch::Contains("--browser-url"));
    }
  }
}

TEST_CASE("without a fence and a mapping names resolve as they do", "[chrome]") {
  const auto list = arguments({});
  CHECK_FALSE(has_start(list, "--host-resolver-rules"));
  CHECK_FALSE(has(list, "--no-proxy-server"));
  CHECK_FALSE(has_start(list, "--ignore-certificate-errors"));
}

TEST_CASE("a fence goes round no proxy, and a mapped key is trusted by its hash", "[chrome]") {
  LaunchOptions options;
  options.fence = {{"https://a.test"}, {}};
  options.mapping = HostMapping{{"a.test"}, "127.0.0.1:8443", "hash="};
  const auto list = arguments(options);
  CHECK(has(list, "--host-resolver-rules=MAP a.test 127.0.0.1:8443 , MAP * ~NOTFOUND"));
  CHECK(has(list, "--no-proxy-server"));
  CHECK(has(list, "--ignore-certificate-errors-spki-list=hash="));
}

TEST_CASE("a headed Chrome gets the display, a headless one does not", "[chrome]") {
  ::setenv("DISPLAY", ":99", 1);
  CHECK_FALSE(has(chrome_environment("/tmp/private", false), "DISPLAY=:99"));
  CHECK(has(chrome_environment("/tmp/private", true), "DISPLAY=:99"));
  ::unsetenv("DISPLAY");
  LaunchOptions options;
  options.headed = true;
  CHECK_FALSE(has(arguments(options), "--headless"));
}

TEST_CASE("Chrome's home, caches and temporary files are in its private folder", "[chrome]") {
  const auto environment = chrome_environment("/tmp/private", false);
  for (const char* name :
       {"HOME=", "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME=", "XDG_RUNTIME_DIR=", "TMPDIR="}) {
    CAPTURE(name);
    CHECK(has_start(environment, std::string(name) + "/tmp/private/"));
  }
}

}  // namespace offstage::chrome_arguments_test
