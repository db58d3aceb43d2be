#include "browser/discovery.h"

#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace offstage::browser {

namespace {

constexpr std::string_view hint =
    "Start Chrome with --remote-debugging-port=9222 and a --user-data-dir of its own, and give its address, "
    "for example http://127.0.0.1:9222.";
constexpr std::size_t longest_answer = 1 << 20;

struct Request {
  const Until& until;
  std::string body;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  std::string& body = static_cast<Request*>(user)->body;
  if (body.size() + size * count > longest_answer) return 0;
  body.append(data, size * count);
  return size * count;
}

int stopped(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Request*>(user)->until.over() ? 1 : 0;
}

/// "http://host:port" without a path.
std::string base_of(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", start), url.size()));
}

std::string get(const std::string& url, const Until& until) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
  Request request{until, {}};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &stopped);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &request);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &request);
  const CURLcode code = curl_easy_perform(curl.get());
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while looking for the browser");
  if (code != CURLE_OK) {
    const std::string reason =
        code == CURLE_ABORTED_BY_CALLBACK ? "no answer in time" : curl_easy_strerror(code);
    throw Error(Kind::browser, fmt::format("no browser answers at {}: {}", printable(url, 300), reason),
                std::string(hint));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    throw Error(
        Kind::browser,
        fmt::format("{} answers HTTP {}: {}", printable(url, 300), status, printable(request.body, 200)),
        std::string(hint));
  }
  return std::move(request.body);
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
