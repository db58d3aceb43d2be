#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "browser_support.h"
#include "error_of.h"
#include "held_answer.h"
#include "script_support.h"

namespace offstage::test {

/// A page in Chrome, and runs of scripts on it.
struct Theatre {
  Stage stage;
  Notes notes;
  Log log = Log::none();
  SecretStore secrets;
  script::Environment environment;

  explicit Theatre(const std::string& html) {
    environment.secrets = &secrets;
    environment.variables["base"] = stage.server.origin();
    stage.show(html);
  }

  void play(const std::string& steps, const Until& until = soon()) {
    std::string text = "{\"title\": \"T\", \"timeout\": 10000, \"steps\": [" + steps + "]}";
    std::replace(text.begin(), text.end(), '\'', '"');
    script::Interpreter interpreter(*stage.context, stage.page, environment, notes, log);
    interpreter.run(*script_from(text), until);
  }
  Error fails(const std::string& steps, const Until& until = soon()) {
    return error_of([&] { play(steps, until); });
  }
  std::string text(const std::string& selector) {
    return stage.page.text({}, browser::Query{{}, {{selector}}, false}, soon()).value_or("(nothing)");
  }
  /// "DELETE /path" of every request that changes something.
  std::vector<std::string> changes() {
    std::vector<std::string> out;
    for (const PageServer::Request& request : stage.server.requests()) {
      if (request.method != "GET") out.push_back(request.method + " " + request.path);
    }
    return out;
  }
  /// Gives the page `behind(name)`, which sends a DELETE to another origin, where the preflight is not
  /// answered before `left_behind_preflight`; then runs this in it.
  void hold_preflights(const std::string& script = "") {
    for (const char* path : {"/api/bob@x.com", "/api/eve@x.com"}) {
      stage.server.handle(path, [this](const PageServer::Request& request) {
        if (request.method == "OPTIONS") preflight.handler()(request);
        return PageServer::Response{
            200,
            "{}",
            "text/plain",
            {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "DELETE"}}};
      });
    }
    const std::string behind = "window.behind = (name) => { fetch('" + stage.server.url("/api/", "b.test") +
                               "' + name, {method: 'DELETE'}).catch(() => {}); };";
    REQUIRE(stage.page.wait_for_expression({}, "(() => {" + behind + script + "; return true; })()", soon()));
  }
  /// What came from behind a preflight once that was answered.
  std::vector<std::string> left_behind_preflight() {
    preflight.release();
    // Whatever was to follow it would be there by the time another page is.
    stage.server.page("/other", "<p>Other</p>");
    CHECK(stage.context->new_page(soon()).navigate(stage.server.url("/other"), soon()) == 200);
    std::vector<std::string> out;
    for (const PageServer::Request& request : stage.server.requests()) {
      if (request.method == "DELETE" && request.host.starts_with("b.test")) out.push_back(request.path);
    }
    return out;
  }

  HeldAnswer preflight;
};

}  // namespace offstage::test
