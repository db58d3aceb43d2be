#include "script/check.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "script/conditions.h"
#include "script/members.h"
#include "script/selectors.h"
#include "script/step_types.h"
#include "script/template.h"
#include "script/variables.h"

namespace offstage::script {

void Findings::add(Finding::Level level, const std::string& pointer, std::string text, std::string hint) {
  list_.push_back({level, pointer, script_->document->line_of(pointer), std::move(text), std::move(hint)});
}

namespace {

std::vector<std::string> names_of(const Shape& object) {
  std::vector<std::string> names;
  for (const Member& member : object.members)
    names.push_back(member.name);
  return names;
}

/// Looks at every value of one step.
class StepChecker : public ShapeVisitor {
 public:
  StepChecker(Findings& findings, bool in_row) : findings_(findings), in_row_(in_row) {}
  /// From now on the values are those of `parameters`.
  void enter_parameters() { in_parameters_ = true; }

  void unknown(const std::string& pointer, const std::string& name, const Shape& object) override {
    if (!in_parameters_) {
      findings_.note(pointer_to(pointer, name),
                     fmt::format("an import into Recorder would drop `{}`", printable(name, 80)));
      return;
    }
    const std::string near = nearest(name, names_of(object));
    findings_.error(pointer_to(pointer, name),
                    fmt::format("`{}` has no member `{}`", object.word, printable(name, 80)),
                    near.empty() ? "known members: " + join(names_of(object), ", ")
                                 : fmt::format("did you mean `{}`?", near));
  }

  void object(const std::string& pointer, const Json& value, const Shape& shape) override {
    if (shape.word != "condition" && shape.word != "test") return;
    if (const std::string fault = condition_fault(value, in_row_); !fault.empty())
      findings_.error(pointer, fault);
  }

  void text(const std::string& pointer, const std::string& value, Use use) override {
    if (const std::string fault = template_fault(value, use); !fault.empty()) findings_.error(pointer, fault);
    const bool is_new_name = use == Use::sets || use == Use::item;
    if (is_new_name && (is_secret_name(value) || only_placeholder("{{" + value + "}}") != value ||
                        value.find('.') != std::string::npos)) {
      findings_.error(pointer, fmt::format("\"{}\" cannot be the name of a variable", printable(value, 80)),
                      "letters, digits, _ and -, but neither `secret` nor `otp`");
    }
  }

  void selectors(const std::string& pointer, const Json& value) override {
    for (const Json& entry : value) {
      for (const Json& part : entry.is_array() ? entry : Json::array({entry})) {
        if (const std::string fault = selector_fault(part.get<std::string>()); !fault.empty())
          findings_.error(pointer, fault);
      }
    }
    const browser::Selectors parsed = parse_selectors(value);
    // Below one row of a list, counting cells is often all there is.
    if (parsed.empty() || pointer.find("/fields/") != std::string::npos) return;
    if (const std::string weakness = weakness_of(parsed.front()); !weakness.empty()) {
      findings_.warning(
          pointer,
          fmt::format("the first selector, {}, {}", printable(written(parsed.front()), 120), weakness),
          "put one first that names the element: aria/…, text/… or an attribute made for it");
    }
  }

 private:
  Findings& findings_;
  bool in_row_;
  bool in_parameters_ = false;
};

/// The files that are being read, to see when one runs itself.
using Running = std::vector<std::filesystem::path>;

std::vector<Finding> check_script(const Script& script,
                                  const std::optional<std::vector<std::string>>& arguments, Running& running);

std::filesystem::path normal(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::path found = std::filesystem::weakly_canonical(file, ignored);
  return found.empty() ? file : found;
}

class ScriptChecker {
 public:
  ScriptChecker(const Script& script, Findings& findings, Running& running)
      : script_(script), findings_(findings), running_(running) {}

  void steps(const std::vector<Step>& list, bool in_row) {
    for (const Step& step : list)
      one(step, in_row);
  }

 private:
  void one(const Step& step, bool in_row) {
    StepChecker checker(findings_, in_row);
    walk(shape_of(step.type), step.fields, step.path, checker);
    check_recorded(step, findings_);
    if (step.type != StepType::custom) return;
    const Shape* shape = parameters_of(step.name);
    if (shape == nullptr) {
      const std::string near = nearest(step.name, custom_names());
      findings_.error(
          step.path + "/name", fmt::format("there is no custom step \"{}\"", printable(step.name, 80)),
          near.empty() ? "known: " + join(custom_names(), ", ") : fmt::format("did you mean \"{}\"?", near));
      return;
    }
    checker.enter_parameters();
    const Json& parameters = step.fields.at("parameters");
    walk(*shape, parameters, step.path + "/parameters", checker);
    if (step.name == "commit") check_commit(step, findings_);
    if (step.name == "run") check_run(step, parameters);
    if (step.name == "extract") check_extract(step, parameters);
    for (const auto& [member, list] : step.nested)
      steps(list, in_row || step.name == "within");
  }

  void check_extract(const Step& step, const Json& parameters) {
    const std::string at = step.path + "/parameters";
    if (!has(parameters, "empty")) {
      findings_.note(at, "an empty list would end as an error: nothing says how it looks",
                     "add the condition `empty`");
    }
    if (has(parameters, "scroll") && !has(parameters, "end") && !has(parameters, "total")) {
      findings_.error(at, "scrolls, but nothing says when the end is reached", "add `end` or `total`");
    }
    if (has(parameters, "scroll") && has(parameters, "next")) {
      findings_.error(at, "has both `scroll` and `next`", "a list goes on in one way");
    }
    for (const auto& [name, field] : parameters.at("fields").items()) {
      if (has(field, "constant") && (has(field, "selectors") || has(field, "match")))
        findings_.error(pointer_to(at + "/fields", name), "is a constant, and is read as well");
    }
    for (const Json& name : member(parameters, "key")) {
      if (!parameters.at("fields").contains(name.get<std::string>())) {
        findings_.error(at + "/key",
                        fmt::format("there is no field \"{}\"", printable(name.get<std::string>(), 80)));
      }
    }
  }

  void check_run(const Step& step, const Json& parameters) {
    const auto name = parameters.at("script").get<std::string>();
    const std::string at = step.path + "/parameters";
    const std::filesystem::path file = script_.file.parent_path() / name;
    if (std::find(running_.begin(), running_.end(), normal(file)) != running_.end()) {
      return findings_.error(at + "/script", fmt::format("{} runs itself in the end", printable(name, 200)));
    }
    std::shared_ptr<const Script> other;
    try {
      other = load_beside(script_, name);
    } catch (const Error& error) {
      return findings_.error(at + "/script", error.message(), error.hint());
    }
    check_handover(*other, name, parameters, at);
    std::vector<std::string> arguments;
    for (const auto& [argument, value] : member(parameters, "with").items())
      arguments.push_back(argument);
    for (const Finding& finding : check_script(*other, arguments, running_)) {
      if (finding.level == Finding::Level::note) continue;
      findings_.add(
          finding.level, at + "/script",
          fmt::format("in {}:{}: {}: {}", printable(name, 200), finding.line, finding.path, finding.text),
          finding.hint);
    }
  }

  void check_handover(const Script& other, const std::string& name, const Json& parameters,
                      const std::string& at) {
    const std::vector<std::string> needed = free_names(other);
    for (const auto& [argument, value] : member(parameters, "with").items()) {
      if (std::find(needed.begin(), needed.end(), argument) != needed.end()) continue;
      const std::string near = nearest(argument, needed);
      findings_.warning(pointer_to(at + "/with", argument),
                        fmt::format("{} does not use \"{}\"", printable(name, 200), printable(argument, 80)),
                        near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
    }
    const std::set<std::string> set = names_set(other);
    for (const Json& taken : member(parameters, "take")) {
      if (set.contains(taken.get<std::string>())) continue;
      findings_.error(at + "/take", fmt::format("{} does not set \"{}\"", printable(name, 200),
                                                printable(taken.get<std::string>(), 80)));
    }
  }

  const Script& script_;
  Findings& findings_;
  Running& running_;
};

void check_top(const Script& script, Findings& findings) {
  constexpr std::array<std::string_view, 5> known{"title", "timeout", "selectorAttribute", "steps",
                                                  "$schema"};
  const Json& root = script.document->root();
  for (const auto& [name, value] : root.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      findings.note(pointer_to("", name),
                    fmt::format("an import into Recorder would drop `{}`", printable(name, 80)));
    }
  }
  if (!root.contains("title")) findings.note("", "an import into Recorder asks for a `title`");
  if (script.timeout.value_or(0) > 30'000)
    findings.note("/timeout", "an import into Recorder takes 30000 milliseconds at most");
}

std::vector<Finding> check_script(const Script& script,
                                  const std::optional<std::vector<std::string>>& arguments,
                                  Running& running) {
  Findings findings(script);
  running.push_back(normal(script.file));
  check_top(script, findings);
  ScriptChecker(script, findings, running).steps(script.steps, false);
  check_commit_count(script, findings);
  if (arguments) {
    const std::set<std::string> known(arguments->begin(), arguments->end());
    for (const NameUse& use : unset_names(script, known)) {
      const std::string near = nearest(use.name, *arguments);
      findings.error(use.pointer, fmt::format("nothing sets {{{{{}}}}}", printable(use.name, 80)),
                     near.empty() ? "" : fmt::format("did you mean {{{{{}}}}}?", near));
    }
  }
  running.pop_back();
  return findings.take();
}

}  // namespace

std::vector<Finding> check(const Script& script, const std::optional<std::vector<std::string>>& arguments) {
  Running running;
  return check_script(script, arguments, running);
}

}  // namespace offstage::script
