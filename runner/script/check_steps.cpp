#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "script/check.h"
#include "script/commit_rules.h"
#include "script/members.h"
#include "script/selectors.h"
#include "script/step_types.h"
#include "script/template.h"

namespace offstage::script {
namespace {

bool speaks_of_password(const Step& step) {
  for (const browser::SelectorChain& chain : step.selectors) {
    const std::string text = ascii_lower(written(chain));
    for (const char* word : {"password", "passwd", "passphrase", "passcode", "kennwort", "passwort"}) {
      if (text.find(word) != std::string::npos) return true;
    }
  }
  return false;
}

void check_password(const Step& step, Findings& findings) {
  const auto value = step.fields.at("value").get<std::string>();
  const auto name = only_placeholder(value);
  if (value.empty() || (name && is_secret_name(*name)) || !speaks_of_password(step)) return;
  findings.warning(step.path + "/value",
                   name ? "what looks like a password comes from an argument, which other programs can see"
                        : "what looks like a password stands here in clear",
                   "write \"{{secret.password}}\", change the password, and give the new one with --secret");
}

}  // namespace

void check_recorded(const Step& step, Findings& findings) {
  if (step.timeout.value_or(0) > 30'000)
    findings.note(step.path + "/timeout", "an import into Recorder takes 30000 milliseconds at most");
  if (takes_selectors(step.type) && step.selectors.empty()) {
    findings.error(step.path + "/selectors", fmt::format("{} has no selector", word_of(step.type)),
                   "Recorder found none when it recorded this element: write one by hand");
  }
  for (const browser::SelectorChain& chain : step.selectors) {
    for (const std::string& part : chain) {
      if (part.starts_with("css/"))
        findings.note(step.path + "/selectors", "Recorder's player does not understand the prefix css/");
    }
  }
  const bool is_key = step.type == StepType::key_down || step.type == StepType::key_up;
  if (is_key && !has(step.fields, "key")) {
    findings.error(
        step.path, fmt::format("{} has no `key`", word_of(step.type)),
        "Recorder writes this when the browser filled a field by itself: remove the step, and fill "
        "the field with a change step");
  }
  if (step.type == StepType::change) check_password(step, findings);
}

// --- Commit -------------------------------------------------------------------------------------------

namespace {

void check_action(const Step& action, Findings& findings) {
  if (action.type != StepType::click && action.type != StepType::double_click) {
    return findings.error(action.path,
                          "the action of a commit is a click: nothing else can be guarded in the page");
  }
  for (const browser::SelectorChain& chain : commit_selectors(action.selectors)) {
    if (is_by_position(chain)) {
      findings.error(
          action.path + "/selectors",
          fmt::format("{} finds what is clicked by nothing but its place", printable(written(chain), 120)),
          "a commit names what it clicks: aria/…, text/… or an attribute made for it");
    }
    if (!chain.empty() && kind_of(chain.back()) == SelectorKind::text) {
      findings.warning(action.path + "/selectors",
                       fmt::format("{} matches a part of a text", printable(written(chain), 120)),
                       "aria/… matches the whole name");
    }
  }
}

void check_response(const Json& response, const std::string& at, Findings& findings) {
  const std::string method = ascii_lower(response.at("method").get<std::string>());
  if (method == "get" || method == "head" || method == "options") {
    findings.error(at + "/method",
                   "is a read, which is never stopped: a commit has a request that changes something");
  }
  const Json& urls = response.at("url");
  bool names_something = false;
  for (const Json& url : urls.is_array() ? urls : Json::array({urls}))
    names_something = names_something || !placeholders(url.get<std::string>()).empty();
  if (urls.empty()) findings.error(at + "/url", "names no request");
  if (!names_something) {
    findings.warning(at + "/url", "no pattern holds a {{value}}: the request may be about anybody",
                     "where the address names the target, put it there");
  }
}

/// Commits on the path with the most of them; two are as bad as more.
int commits_on_path(const std::vector<Step>& steps);

int commits_in(const Step& step) {
  if (step.type != StepType::custom) return 0;
  if (step.name == "commit") return 1;
  int most = 0;
  int all = 0;
  for (const auto& [member, list] : step.nested) {
    const int here = commits_on_path(list);
    most = std::max(most, here);
    all += here;
  }
  if (step.name == "forEach") return all > 0 ? 2 : 0;
  return step.name == "when" ? most : all;
}

int commits_on_path(const std::vector<Step>& steps) {
  int count = 0;
  for (const Step& step : steps)
    count = std::min(2, count + commits_in(step));
  return count;
}

/// The scripts that are being read, the outermost first.
using Running = std::vector<std::filesystem::path>;

/// `run` steps count by what they run; a script that cannot be read, or that runs itself, is reported
/// elsewhere.
void flatten(const Script& script, const std::vector<Step>& steps, Running& running, std::vector<Step>& out) {
  for (Step step : steps) {
    for (auto& [member, list] : step.nested) {
      std::vector<Step> flat;
      flatten(script, list, running, flat);
      list = std::move(flat);
    }
    if (step.type == StepType::custom && step.name == "run") {
      const auto name = step.fields.at("parameters").at("script").get<std::string>();
      const auto file = (script.file.parent_path() / name).lexically_normal();
      const bool runs_itself = std::find(running.begin(), running.end(), file) != running.end();
      if (runs_itself || running.size() > 20) continue;
      running.push_back(file);
      try {
        const auto other = load_beside(script, name);
        flatten(*other, other->steps, running, out);
      } catch (const Error&) {
        // Reported elsewhere.
      }
      running.pop_back();
    } else {
      out.push_back(std::move(step));
    }
  }
}

}  // namespace

void check_commit(const Step& step, Findings& findings) {
  const Json& parameters = step.fields.at("parameters");
  const std::string at = step.path + "/parameters";
  const auto target = parameters.at("target").get<std::string>();
  const Json& confirm = parameters.at("confirm");
  bool named = false;
  for (const Json& condition : confirm.is_array() ? confirm : Json::array({confirm})) {
    named = named || names_target(condition, target);
    if (!flag_in(condition, "visible", true))
      findings.error(at + "/confirm", "a confirmation that cannot be seen confirms nothing");
  }
  if (!named) {
    findings.error(at + "/confirm", "no condition of `confirm` names the target",
                   fmt::format("give one of them \"names\": \"{}\"", printable(target, 80)));
  }
  if (placeholders(target).empty())
    findings.warning(at + "/target",
                     "the target is written out: this script can only ever be about that one");
  if (parameters.at("done").empty())
    findings.error(at + "/done", "nothing says what must be seen when it is done");
  check_action(step.children("action")->front(), findings);
  check_response(parameters.at("response"), at + "/response", findings);
}

void check_commit_count(const Script& script, Findings& findings) {
  std::vector<Step> flat;
  Running running{script.file.lexically_normal()};
  flatten(script, script.steps, running, flat);
  if (commits_on_path(flat) > 1) {
    findings.error("/steps", "more than one commit step can be reached in one run",
                   "one script changes one thing: make it two scripts");
  }
}

}  // namespace offstage::script
