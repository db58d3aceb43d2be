#pragma once

#include <string>
#include <vector>

#include "browser_support.h"

// What tests of the request gate share: a rule, and pages that send.

namespace offstage::test {

/// The rule by which one request alone may leave.
inline bool only_member_1(const std::string& method, const std::string& url, const std::string&) {
  return method == "DELETE" && url.ends_with("/members/1");
}

/// "DELETE /path" of what came to the server and was more than a read.
inline std::vector<std::string> changes(const PageServer& server) {
  std::vector<std::string> list;
  for (const PageServer::Request& request : server.requests()) {
    if (request.method != "GET" && request.method != "OPTIONS")
      list.push_back(request.method + " " + request.path);
  }
  return list;
}

/// A page with a button that runs a script, which may use `send(method, url, body)`; #said tells what came of
/// it.
inline std::string button_that(const std::string& script) {
  return "<button onclick=\"" + script +
         "\">Go</button><p id='said'>-</p><script>"
         "const send = (method, url, body) => fetch(url, {method, body}).then("
         "(r) => { said.textContent = r.status; }, () => { said.textContent = 'failed'; });</script>";
}

}  // namespace offstage::test
