#include "rehearsal/scenario.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "script/interpreter.h"

namespace offstage::rehearsal {
namespace {

/// How long the page may take to give its HTML at a look.
constexpr Milliseconds page_patience{10'000};

bool is_ending(Kind kind) {
  return kind == Kind::drift || kind == Kind::refused || kind == Kind::unknown || kind == Kind::unreachable ||
         kind == Kind::busy || kind == Kind::human;
}

recording::Snapshot::What kind_of(script::Look::What what) {
  switch (what) {
    case script::Look::What::target:
      return recording::Snapshot::What::target;
    case script::Look::What::expect:
      return recording::Snapshot::What::expect;
    case script::Look::What::extract:
      break;
  }
  return recording::Snapshot::What::extract;
}

std::vector<std::string> names_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& script : scenario.scripts) {
    for (std::string& name : script::free_names(*script)) {
      if (name == "secret" || name == "otp") continue;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  }
  return names;
}

/// Where the scripts are is nobody's business, and differs from machine to machine.
std::string without_folder(std::string message, const std::filesystem::path& folder) {
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = message.find(prefix); prefix.size() > 1 && at != std::string::npos;
       at = message.find(prefix, at))
    message.erase(at, prefix.size());
  return message;
}

/// What a script set, besides what it was given.
Json set_by(const std::map<std::string, Json>& variables, const Json& arguments) {
  Json set = Json::object();
  for (const auto& [name, value] : variables) {
    if (!arguments.contains(name)) set[name] = value;
  }
  return set;
}

}  // namespace

Json arguments_from(const std::vector<std::string>& words) {
  Json arguments = Json::object();
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error(Kind::usage, fmt::format("--arg {}: is not written as NAME=VALUE", printable(word, 80)),
                  "write --arg user=bob@example.com");
    }
    const std::string name = word.substr(0, equals);
    Json* place = &arguments;
    for (const std::string& part : split(name, '.')) {
      if (place->is_null()) *place = Json::object();
      if (!place->is_object()) {
        throw Error(Kind::usage,
                    fmt::format("--arg {}: its first part is a text already", printable(name, 80)));
      }
      place = &(*place)[part];
    }
    if (!place->is_null()) {
      throw Error(Kind::usage, fmt::format("--arg {} is given twice", printable(name, 80)));
    }
    *place = word.substr(equals + 1);
  }
  return arguments;
}

void check_arguments(const Scenario& scenario) {
  const std::vector<std::string> names = names_of(scenario);
  for (const std::string& name : names) {
    if (scenario.arguments.contains(name)) continue;
    throw Error(
        Kind::usage, fmt::format("the scripts need the argument \"{}\"", name),
        fmt::format("add --arg {}=VALUE, or --arg {}.MEMBER=VALUE where a script uses {{{{{}.MEMBER}}}}",
                    name, name, name));
  }
  for (const auto& [name, value] : scenario.arguments.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string meant = nearest(name, names);
    throw Error(Kind::usage, fmt::format("no script takes an argument \"{}\"", printable(name, 80)),
                meant.empty() ? "" : fmt::format("did you mean \"{}\"?", meant));
  }
}

recording::Ending perform(browser::Context& context, browser::Page& page, const Scenario& scenario,
                          const SecretStore& secrets, bool commits, script::Observer& observer, Log& log,
                          const Until& until, const std::function<void(const Error&)>& at_fault) {
  recording::Ending ending;
  ending.variables = Json::array();
  if (!scenario.start_url.empty()) page.navigate(scenario.start_url, until);
  for (const auto& script : scenario.scripts) {
    script::Environment environment;
    for (const std::string& name : script::free_names(*script)) {
      if (const auto given = scenario.arguments.find(name); given != scenario.arguments.end())
        environment.variables[name] = *given;
    }
    environment.secrets = &secrets;
    environment.harmless_requests = scenario.rules.reads;
    environment.may_commit = commits;
    environment.longest_wait = scenario.longest_wait;
    environment.shortest_wait = scenario.shortest_wait;
    if (const auto user = scenario.arguments.find("user");
        user != scenario.arguments.end() && user->is_string())
      environment.keep_addresses.push_back(user->get<std::string>());
    std::optional<Error> fault;
    script::Interpreter interpreter(context, page, environment, observer, log);
    try {
      interpreter.run(*script, until);
    } catch (const Error& error) {
      if (!is_ending(error.kind())) throw;
      fault = error;
      if (at_fault) at_fault(error);
    }
    ending.variables.push_back({{"script", script->file.filename().string()},
                                {"set", set_by(environment.variables, scenario.arguments)}});
    if (!fault) continue;
    ending.kind = name_of(fault->kind());
    ending.message = without_folder(fault->message(), script->file.parent_path());
    break;
  }
  return ending;
}

void Notes::step_started(const std::string& path, const std::string& what) {
  next_.step_started(path, what);
}

void Notes::step_finished(const std::string& path) {
  ++steps;
  next_.step_finished(path);
}

void Notes::weaker_selector(const std::string& path, const std::string& used) {
  next_.weaker_selector(path, used);
}

void Notes::commit_intended(const script::CommitIntent& intent) {
  next_.commit_intended(intent);
}

void Notes::commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) {
  commits.push_back({{"script", intent.script.substr(0, intent.script.find('@'))},
                     {"step", intent.step},
                     {"target", intent.target},
                     {"outcome", name_of(report.outcome)},
                     {"method", report.method},
                     {"url", report.url},
                     {"status", report.status}});
  next_.commit_reported(intent, report);
}

void Notes::looked(const script::Look& look) {
  if (keeps_pages_) {
    recording::Snapshot snapshot;
    snapshot.what = kind_of(look.what);
    snapshot.script = look.script;
    snapshot.step = look.step;
    snapshot.url = look.page.url();
    snapshot.html = look.page.html(look.frame, Until::in(page_patience));
    snapshot.within = look.within;
    for (const auto& [name, value] : look.variables)
      snapshot.variables[name] = value;
    snapshot.seen = look.seen;
    snapshots.push_back(std::move(snapshot));
  }
  if (next_.wants_looks()) next_.looked(look);
}

void Notes::captured(const std::string& name, const std::string& png, const std::string& html) {
  next_.captured(name, png, html);
}

}  // namespace offstage::rehearsal
