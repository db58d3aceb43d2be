#include "script/describe.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include <fmt/format.h>

#include "base/text.h"
#include "script/conditions.h"
#include "script/members.h"
#include "script/selectors.h"
#include "script/step_types.h"

namespace offstage::script {
namespace {

constexpr std::size_t longest_line = 160;
constexpr std::size_t longest_label = 80;

/// What an aria/ selector says, as people would: its name in quotes, or "the dialog".
std::string aria_label(std::string_view body) {
  static const std::regex attribute(R"re(\[\s*(\w+)\s*=\s*["']([^"']*)["']\s*\])re");
  std::string rest(body.substr(0, 500));
  std::string name;
  std::string role;
  for (std::smatch match; std::regex_search(rest, match, attribute);) {
    (match[1] == "role" ? role : name) = match[2];
    rest = match.prefix().str() + match.suffix().str();
  }
  if (!trimmed(rest).empty()) name = trimmed(rest);
  if (!name.empty()) return '"' + printable(name, longest_label) + '"';
  return role.empty() ? "" : "the " + printable(role, longest_label);
}

std::string chain_label(const browser::SelectorChain& chain) {
  if (chain.empty()) return {};
  const std::string& last = chain.back();
  if (kind_of(last) == SelectorKind::aria) return aria_label(body_of(last));
  if (kind_of(last) == SelectorKind::text) return '"' + printable(body_of(last), longest_label) + '"';
  return {};
}

std::string first_label(const Step& step) {
  const std::vector<Step>* action = step.children("action");
  return action != nullptr && !action->empty() ? label_of(action->front().selectors) : "";
}

std::string describe_custom(const Step& step, const Values& values) {
  const Json& parameters = member(step.fields, "parameters");
  const auto filled_text = [&](const char* name) {
    return fill_leniently(text_in(parameters, name), values);
  };
  if (parameters_of(step.name) == nullptr) return fmt::format("custom step \"{}\"", step.name);
  if (step.name == "run") return "run " + text_in(parameters, "script");
  if (step.name == "within") return "in the one row of " + filled_text("equals");
  if (step.name == "extract") return "read " + text_in(parameters, "into");
  if (step.name == "expect") return "expect that " + describe_condition(parameters, values);
  if (step.name == "commit")
    return fmt::format("commit for {}: click {}", filled_text("target"), first_label(step));
  if (step.name == "forEach") {
    return fmt::format("for each {} of {}", text_in(parameters, "as"), text_in(parameters, "of"));
  }
  if (step.name == "capture") return "capture " + filled_text("name");
  if (step.name == "dialog") return "answer a dialog";
  if (step.name == "fail") return "end as " + text_in(parameters, "kind");
  const Json& test = member(parameters, "test");
  return test.is_object() ? "look whether " + describe_condition(test, values) : "see which case it is";
}

std::string describe_recorded(const Step& step, const Values& values) {
  const auto text = [&](const char* name) { return fill_leniently(text_in(step.fields, name), values); };
  const std::string label = label_of(step.selectors);
  switch (step.type) {
    case StepType::click:
      return "click " + label;
    case StepType::double_click:
      return "double-click " + label;
    case StepType::hover:
      return "point at " + label;
    case StepType::change:
      return "fill " + label;
    case StepType::key_down:
      return "press " + text("key");
    case StepType::key_up:
      return "release " + text("key");
    case StepType::navigate:
      return "go to " + text("url");
    case StepType::set_viewport:
      return fmt::format("set the window to {} x {}", number_in(step.fields, "width", 0),
                         number_in(step.fields, "height", 0));
    case StepType::emulate_network:
      return "emulate a network";
    case StepType::close:
      return "close the page";
    case StepType::scroll:
      return step.selectors.empty() ? "scroll the page" : "scroll " + label;
    case StepType::wait_for_element:
      return flag_in(step.fields, "visible", true) ? "wait for " + label : "wait for the end of " + label;
    case StepType::wait_for_expression:
      return "wait until " + text("expression");
    case StepType::custom:
      return describe_custom(step, values);
  }
  return {};
}

}  // namespace

std::string label_of(const browser::Selectors& selectors) {
  for (const browser::SelectorChain& chain : selectors) {
    if (std::string label = chain_label(chain); !label.empty()) return label;
  }
  return selectors.empty() ? "nothing" : printable(written(selectors.front()), longest_label);
}

std::string describe(const Step& step, const Values& values) {
  return printable(fill_leniently(describe_recorded(step, values), values), longest_line);
}

std::string describe_condition(const Json& condition, const Values& values) {
  if (is_variable_test(condition)) {
    return fmt::format("{} is \"{}\"", text_in(condition, "variable"),
                       printable(fill_leniently(text_in(condition, "equals"), values), longest_label));
  }
  std::vector<std::string> words;
  const auto say = [&](const char* name, std::string_view verb) {
    const std::string text = fill_leniently(text_in(condition, name), values);
    if (!text.empty()) words.push_back(fmt::format("{} \"{}\"", verb, printable(text, longest_label)));
  };
  say("text", "reads");
  say("contains", "contains");
  say("names", "names");
  const Json& selectors = member(condition, "selectors");
  const std::string about =
      selectors.is_array() ? fill_leniently(label_of(parse_selectors(selectors)), values) : "the row";
  const Json& count = member(condition, "count");
  const bool absent = flag_in(condition, "absent", false);
  std::string out;
  if (selectors.is_array() || !words.empty()) {
    if (words.empty()) words.emplace_back(absent ? "is gone" : "is there");
    out = fmt::format("{} {}", about, join(words, " and "));
    if (absent && words.front() != "is gone") out = "no " + out;
    if (count.is_number()) {
      const std::string relation = text_in(condition, "operator");
      out += fmt::format(" ({} {})", relation.empty() ? ">=" : relation, count.dump());
    }
  }
  if (const std::string url = fill_leniently(text_in(condition, "url"), values); !url.empty()) {
    out += fmt::format("{}the address is {}", out.empty() ? "" : " and ", printable(url, longest_label));
  }
  return out;
}

std::string place_of(const std::string& path) {
  std::vector<std::string> words;
  const std::vector<std::string> parts = split(path, '/');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (part == "parameters") continue;
    const bool number = !part.empty() && part.size() < 9 && std::all_of(part.begin(), part.end(), [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) != 0;
    });
    if (number && !words.empty()) {
      words.back() += fmt::format(" {}", std::stoul(part) + 1);
    } else {
      words.push_back(part == "steps" ? "step" : part == "cases" ? "case" : part);
    }
  }
  return join(words, ", ");
}

}  // namespace offstage::script
