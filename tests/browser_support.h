#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "browser/browser.h"

namespace offstage::test {

/// How long a browser test waits for what must come; whoever waits that long has failed.
inline Until soon() {
  return Until::in(Milliseconds(20'000));
}

/// Looks until `ready`, or until a test has waited long enough.
template <class Ready>
void wait_until(const Ready& ready) {
  const Until until = soon();
  while (!ready() && !until.over())
    std::this_thread::sleep_for(Milliseconds(5));
}

/// Serves pages on loopback for one test. Answers on every name that leads to it: 127.0.0.1, localhost, or
/// what a browser maps to `address()`. Thread-safe; ends with its object.
class PageServer {
 public:
  struct Request {
    std::string method;
    std::string path;  ///< without the query
    std::string query;
    std::string host;
    std::string body;
    std::map<std::string, std::string> headers;  ///< names in lower case
  };
  struct Response {
    int status = 200;
    std::string body = {};
    std::string type = "text/html; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool endless = false;  ///< after the body come spaces, one now and then, for ever
  };
  using Handler = std::function<Response(const Request&)>;

  PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;
  ~PageServer();

  /// What is answered at a path; the last word counts. Unknown paths are 404.
  void page(const std::string& path, std::string html);
  void handle(const std::string& path, Handler handler);

  int port() const;
  /// "127.0.0.1:PORT", as HostMapping wants it.
  std::string address() const;
  /// "http://HOST:PORT", an origin as Fence wants it.
  std::string origin(const std::string& host = "127.0.0.1") const;
  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;

  /// Every request so far, favicons left out, in order.
  std::vector<Request> requests() const;
  /// "GET /path" of each.
  std::vector<std::string> seen() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The one Chrome that the tests of a program share, started when first asked for and ended with the program.
/// Its hosts a.test to d.test lead to whichever server a page names by port: none of them leaves the machine.
browser::Browser& shared_browser();

/// A Chrome of a test's own, for what must not be shared. Tests give it no more options than they need.
std::unique_ptr<browser::Browser> launch(browser::LaunchOptions options = {});

/// A context of the shared browser with one page in it, and a server.
struct Stage {
  Stage();
  /// Serves `html` at /, goes there, and gives the page.
  browser::Page& show(const std::string& html);

  PageServer server;
  std::unique_ptr<browser::Context> context;
  browser::Page& page;
};

}  // namespace offstage::test
