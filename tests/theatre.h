#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "browser_support.h"
#include "error_of.h"
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
};

}  // namespace offstage::test
