#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "error_of.h"
#include "fake_page.h"
#include "script/interpreter.h"
#include "script/script.h"

namespace offstage::test {

/// A script from its text, as the file "test.json".
inline std::shared_ptr<const script::Script> script_from(std::string text) {
  return script::parse(JsonDocument::parse(std::move(text), "test.json"));
}

/// A script with these steps: JSON texts with ' for ".
inline std::shared_ptr<const script::Script> steps_from(const std::string& steps) {
  std::string text = "{'title': 'T', 'timeout': 40, 'steps': [" + steps + "]}";
  for (char& c : text)
    c = c == '\'' ? '"' : c;
  return script_from(std::move(text));
}

/// Keeps all that an interpreter tells.
class Notes : public script::Observer {
 public:
  void step_started(const std::string& path, const std::string& what) override {
    started.push_back(path + " " + what);
    if (on_start) on_start();
  }
  void step_finished(const std::string& path) override { finished.push_back(path); }
  void weaker_selector(const std::string& path, const std::string& used) override {
    weaker.push_back(path + " " + used);
  }
  void commit_intended(const script::CommitIntent& intent) override {
    if (on_intent) on_intent();
    intents.push_back(intent);
  }
  void commit_reported(const script::CommitIntent&, const script::CommitReport& report) override {
    if (on_report) on_report();
    reports.push_back(report);
  }
  bool wants_captures() const override { return true; }
  void captured(const std::string& name, const std::string& png, const std::string& html) override {
    captures.push_back(name + " " + png + " " + html);
  }

  std::vector<std::string> started;
  std::vector<std::string> finished;
  std::vector<std::string> weaker;
  std::vector<script::CommitIntent> intents;
  std::vector<script::CommitReport> reports;
  std::vector<std::string> captures;
  std::function<void()> on_start;
  std::function<void()> on_intent;
  std::function<void()> on_report;
};

/// A fake console and a run of a script on it.
struct Playground {
  FakeContext context;
  FakePage& page = context.page();
  Notes notes;
  Log log = Log::none();
  SecretStore secrets;
  script::Environment environment;

  Playground() { environment.secrets = &secrets; }

  void play(const script::Script& script, const Until& until = Until::in(Milliseconds(10'000))) {
    script::Interpreter interpreter(context, page, environment, notes, log);
    interpreter.run(script, until);
  }
  void play(const std::string& steps, const Until& until = Until::in(Milliseconds(10'000))) {
    play(*steps_from(steps), until);
  }
  Error fails(const std::string& steps, const Until& until = Until::in(Milliseconds(10'000))) {
    return error_of([&] { play(steps, until); });
  }
};

}  // namespace offstage::test
