#include "script/interpreter.h"

#include <fmt/format.h>

#include "script/player.h"

namespace offstage::script {
namespace {

/// What `check` calls an error would go wrong half-way: it is refused before the first step.
void refuse_faulty(const Script& script, const Environment& environment) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : environment.variables)
    arguments.push_back(name);
  for (const Finding& finding : check(script, arguments)) {
    if (finding.level != Finding::Level::error) continue;
    throw Error(Kind::usage,
                fmt::format("{}:{}: {}{}{}", script.file.string(), finding.line, finding.path,
                            finding.path.empty() ? "" : ": ", finding.text),
                finding.hint);
  }
}

}  // namespace

struct Interpreter::State {
  Player player;
};

Interpreter::Interpreter(browser::Context& context, browser::Page& page, Environment& environment,
                         Observer& observer, Log& log)
    : state_(std::make_unique<State>(State{Player(context, page, environment, observer, log)})) {}

Interpreter::~Interpreter() = default;

void Interpreter::run(const Script& script, const Until& until) {
  Environment& environment = state_->player.environment();
  refuse_faulty(script, environment);
  state_->player.play(script, environment.variables, until);
}

}  // namespace offstage::script
