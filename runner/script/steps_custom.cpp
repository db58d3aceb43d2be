#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "script/describe.h"
#include "script/failure.h"
#include "script/members.h"
#include "script/player.h"
#include "script/selectors.h"
#include "script/sight.h"
#include "script/step_types.h"

namespace offstage::script {
namespace {

void play_children(Player& player, const Step& step, std::string_view name, const Until& until) {
  if (const std::vector<Step>* steps = step.children(name)) player.play_steps(*steps, until);
}

const std::vector<Step>& children(const Step& step, std::string_view name) {
  static const std::vector<Step> none;
  const std::vector<Step>* steps = step.children(name);
  return steps == nullptr ? none : *steps;
}

void play_run(Player& player, const Json& parameters, const Until& until) {
  const Script& script = player.script_named(text_in(parameters, "script"));
  std::map<std::string, Json> variables;
  if (const Json& with = member(parameters, "with"); with.is_object()) {
    for (const auto& [name, value] : with.items())
      variables[name] = fill_json(value, player.values());
  }
  player.play(script, variables, until);
  for (const Json& name : member(parameters, "take")) {
    const auto found = variables.find(name.get<std::string>());
    if (found == variables.end()) {
      throw Error(Kind::usage,
                  fmt::format("{} did not set \"{}\"", script.file.string(), name.get<std::string>()));
    }
    player.variables()[found->first] = found->second;
  }
}

void play_within_step(Player& player, const Step& step, const Json& parameters, const Until& until) {
  browser::Within within = within_from(parameters, player.values());
  if (trimmed(within.equals).empty()) {
    throw Error(Kind::usage, "`equals` is empty: every row without text would match");
  }
  // The row itself, before anything is done in it.
  const browser::Condition one_row = row_condition(within, player.around());
  const Until patience = player.patience(step, until);
  const Player::Place where = player.place(step, patience);
  if (const auto miss = where.page.wait_for(where.frame, one_row, patience)) throw missed(where.page, *miss);
  player.tell_look(Look::What::expect, step, where);
  player.play_within(std::move(within), children(step, "steps"), until);
}

void play_expect(Player& player, const Step& step, const Json& parameters, const Until& until) {
  const std::string message = fill_plain(text_in(parameters, "message"), player.values());
  const std::string before = message.empty()
                                 ? "expected that " + describe_condition(parameters, player.values())
                                 : printable(message, 300);
  if (is_variable_test(parameters)) {
    if (variable_test_holds(parameters, player.values())) return;
    const Json& value = player.values().at(text_in(parameters, "variable"));
    throw Error(Kind::drift, fmt::format("{}: it is {}", before, printable(value.dump(), 200)));
  }
  const Until patience = player.patience(step, until);
  const Player::Place where = player.place(step, patience);
  const browser::Condition condition = condition_from(parameters, player.around());
  if (const auto miss = where.page.wait_for(where.frame, condition, patience)) {
    throw missed(where.page, *miss, before);
  }
  player.tell_look(Look::What::expect, step, where);
}

/// Which of several tests holds first; nothing: none in time.
std::optional<std::size_t> first_case(Player& player, const Step& step, const Json& cases, const Until& until,
                                      std::string& seen) {
  std::vector<browser::Condition> conditions;
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Json& test = cases[i].at("test");
    if (!is_variable_test(test)) {
      conditions.push_back(condition_from(test, player.around()));
      indexes.push_back(i);
    } else if (variable_test_holds(test, player.values())) {
      return i;
    }
  }
  if (conditions.empty()) return std::nullopt;
  const Until patience = player.patience(step, until);
  const Player::Place where = player.place(step, patience);
  const auto answer = where.page.wait_for_any(where.frame, conditions, patience);
  if (const int* index = std::get_if<int>(&answer)) return indexes.at(static_cast<std::size_t>(*index));
  const auto& misses = std::get<std::vector<browser::Miss>>(answer);
  constexpr std::size_t most_told = 3;
  for (std::size_t i = 0; i < std::min({misses.size(), indexes.size(), most_told}); ++i) {
    seen +=
        fmt::format("{}{}: {}", i == 0 ? "" : "; ",
                    describe_condition(cases[indexes[i]].at("test"), player.values()), misses[i].explain());
  }
  if (misses.size() > most_told) seen += fmt::format("; and {} more", misses.size() - most_told);
  return std::nullopt;
}

/// Whether steps do nothing but end the script in a way that nobody tries again.
bool give_up(const std::vector<Step>& steps) {
  if (steps.empty() || steps.front().name != "fail") return false;
  const Kind kind = kind_named(text_in(steps.front().fields.at("parameters"), "kind"));
  return kind == Kind::human || kind == Kind::drift;
}

void play_cases(Player& player, const Step& step, const Json& cases, const Until& until) {
  std::string seen;
  const std::optional<std::size_t> chosen = first_case(player, step, cases, until, seen);
  if (chosen) return play_children(player, step, fmt::format("cases/{}/then", *chosen), until);
  const std::vector<Step>* otherwise = step.children("else");
  if (otherwise == nullptr || give_up(*otherwise)) {
    const Player::Place where = player.place(step, player.patience(step, until));
    const Error error =
        not_seen(where.page,
                 fmt::format("none of the {} cases came{}{}", cases.size(), seen.empty() ? "" : ": ", seen),
                 "the page shows something that the script does not know: add a case for it");
    // A page that is still loading is not yet one that the script does not know.
    if (otherwise == nullptr || error.kind() == Kind::unreachable) throw error;
  }
  play_children(player, step, "else", until);
}

bool test_holds(Player& player, const Step& step, const Json& parameters, const Until& until) {
  const Json& test = parameters.at("test");
  if (is_variable_test(test)) return variable_test_holds(test, player.values());
  const Player::Place where = player.place(step, player.patience(step, until));
  const browser::Condition condition = condition_from(test, player.around());
  const double milliseconds = number_in(parameters, "wait", 0);
  if (milliseconds <= 0) return !where.page.check(where.frame, condition, player.patience(step, until));
  const auto span = Milliseconds(static_cast<Milliseconds::rep>(std::min(milliseconds, 86'400'000.0)));
  return !where.page.wait_for(where.frame, condition, until.within(span));
}

void play_when(Player& player, const Step& step, const Json& parameters, const Until& until) {
  if (const Json& cases = member(parameters, "cases"); cases.is_array()) {
    return play_cases(player, step, cases, until);
  }
  play_children(player, step, test_holds(player, step, parameters, until) ? "then" : "else", until);
}

void play_for_each(Player& player, const Step& step, const Json& parameters, const Until& until) {
  const std::string name = text_in(parameters, "of");
  const std::string item = text_in(parameters, "as");
  const Json rows = player.values().at(name);
  if (!rows.is_array()) throw Error(Kind::usage, fmt::format("\"{}\" is no list", name));
  std::map<std::string, Json>& variables = player.variables();
  std::optional<Json> before;
  if (const auto found = variables.find(item); found != variables.end()) before = found->second;
  for (const Json& row : rows) {
    variables[item] = row;
    play_children(player, step, "steps", until);
  }
  variables.erase(item);
  if (before) variables[item] = *before;
}

void play_capture(Player& player, const Step& step, const Json& parameters, const Until& until) {
  const Until patience = player.patience(step, until);
  const Player::Place where = player.place(step, patience);
  if (!player.observer().wants_captures()) return;
  browser::ScreenshotOptions options;
  options.keep_addresses = player.environment().keep_addresses;
  const std::string png = where.page.screenshot(options, patience);
  player.observer().captured(fill_plain(text_in(parameters, "name"), player.values()), png,
                             where.page.html(where.frame, patience));
}

void play_dialog(Player& player, const Step& step, const Json& parameters, const Until& until) {
  const DialogRule rule = DialogRule::from(parameters, player.values());
  player.play_expecting(rule, children(step, "steps"), step, until);
}

[[noreturn]] void play_fail(Player& player, const Step& step, const Json& parameters, const Until& until) {
  std::string message = printable(fill_plain(text_in(parameters, "message"), player.values()), 500);
  if (const browser::Selectors words = selectors_from(member(parameters, "words"), player.values());
      !words.empty()) {
    const Until patience = player.patience(step, until);
    const Player::Place where = player.place(step, patience);
    const auto said = where.page.text(where.frame, {player.around().within, words, false}, patience);
    if (said && !said->empty()) message += fmt::format(": \"{}\"", printable(*said, 500));
  }
  // The author's words are for people: they are passed on without a place in the file.
  throw PlacedError(Error(kind_named(text_in(parameters, "kind")), std::move(message),
                          printable(fill_plain(text_in(parameters, "hint"), player.values()), 500)));
}

}  // namespace

void play_custom(Player& player, const Step& step, const Until& until) {
  if (parameters_of(step.name) == nullptr) {
    const std::string near = nearest(step.name, custom_names());
    throw Error(
        Kind::usage, fmt::format("there is no custom step \"{}\"", printable(step.name, 80)),
        near.empty() ? "known: " + join(custom_names(), ", ") : fmt::format("did you mean \"{}\"?", near));
  }
  const Json& parameters = step.fields.at("parameters");
  if (step.name == "run") return play_run(player, parameters, until);
  if (step.name == "within") return play_within_step(player, step, parameters, until);
  if (step.name == "extract") return play_extract(player, step, until);
  if (step.name == "expect") return play_expect(player, step, parameters, until);
  if (step.name == "commit") return play_commit(player, step, until);
  if (step.name == "when") return play_when(player, step, parameters, until);
  if (step.name == "forEach") return play_for_each(player, step, parameters, until);
  if (step.name == "capture") return play_capture(player, step, parameters, until);
  if (step.name == "dialog") return play_dialog(player, step, parameters, until);
  play_fail(player, step, parameters, until);
}

}  // namespace offstage::script
