#include "browser/discovery.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/http.h"
#include "base/json.h"
#include "base/text.h"

namespace offstage::browser {

namespace {

constexpr std::string_view hint =
    "Start Chrome with --remote-debugging-port=9222 and a --user-data-dir of its own, and give its address, "
    "for example http://127.0.0.1:9222.";
/// "http://host:port" without a path.
std::string base_of(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", start), url.size()));
}

std::string get(const std::string& url, const Until& until) {
  HttpRequest request{url};
  request.proxied = false;
  HttpAnswer answer = send(request, until);
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while looking for the browser");
  if (answer.status == 0) {
    throw Error(Kind::browser, fmt::format("no browser answers at {}: {}", printable(url, 300), answer.fault),
                std::string(hint));
  }
  if (answer.status != 200) {
    throw Error(Kind::browser,
                fmt::format("{} answers HTTP {}: {}", printable(url, 300), answer.status,
                            printable(answer.body, 200)),
                std::string(hint));
  }
  return std::move(answer.body);
}

}  // namespace

std::string websocket_address(const std::string& url, const std::string& body) {
  const Json answer = Json::parse(body, nullptr, false);
  const std::string told =
      answer.is_object() ? answer.value("webSocketDebuggerUrl", std::string()) : std::string();
  const std::size_t authority = told.find("://");
  const std::size_t path = authority == std::string::npos ? authority : told.find('/', authority + 3);
  if (path == std::string::npos) {
    throw Error(Kind::browser, "what answers at " + printable(url, 300) + " is not a browser's DevTools",
                std::string(hint));
  }
  const std::string base = base_of(url);
  const std::string scheme = base.starts_with("https:") ? "wss" : "ws";
  return scheme + base.substr(base.find("://")) + told.substr(path);
}

std::string discover(const std::string& url, const Until& until) {
  if (url.starts_with("ws://") || url.starts_with("wss://")) return url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Error(Kind::usage, "not the address of a browser: " + printable(url, 300), std::string(hint));
  }
  return websocket_address(url, get(base_of(url) + "/json/version", until));
}

}  // namespace offstage::browser
