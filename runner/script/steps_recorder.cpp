#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "script/click_options.h"
#include "script/failure.h"
#include "script/members.h"
#include "script/player.h"
#include "script/sight.h"

namespace offstage::script {
namespace {

/// Recorder's player bounds a navigation by this alone, not by the script's timeout.
constexpr int navigation_timeout = 30'000;

void navigate(Player& player, const Step& step, browser::Page& page, const Until& until) {
  const std::string url = fill_address(text_in(step.fields, "url"), player.values());
  const int status =
      page.navigate(url, until.within(Milliseconds(step.timeout.value_or(navigation_timeout))));
  const std::string answer = fmt::format("{} answered {}", printable(url, 300), status);
  if (status == 429) throw Error(Kind::busy, answer, "the console asks to be left alone for a while");
  if (status >= 500) throw Error(Kind::unreachable, answer, "try again when the console is up");
}

browser::Outcome fill(Player& player, const Step& step, Player::Place& where, const Until& until) {
  const std::string value = text_in(step.fields, "value");
  const std::optional<std::string> name = only_placeholder(value);
  if (!name || !is_secret_name(*name)) {
    return where.page.fill(where.frame, player.query(step), fill_plain(value, player.values()), until);
  }
  const SecretStore* secrets = player.environment().secrets;
  if (secrets == nullptr) {
    throw Error(Kind::usage, fmt::format("{{{{{}}}}} is a secret, and this run has none", *name),
                "give it with --secret");
  }
  if (*name == "otp") {
    return where.page.fill(where.frame, player.query(step), secrets->one_time_code("totp"), until);
  }
  const std::string key = name->substr(std::string_view("secret.").size());
  const Secret& secret = secrets->get(key);
  // Other secrets may be anything; what is typed is text.
  if (!is_valid_utf8(secret.reveal())) {
    throw Error(Kind::usage,
                fmt::format("the secret \"{}\" is not UTF-8: it cannot be typed into a field", key),
                "keep it as UTF-8 text where it is read from");
  }
  return where.page.fill(where.frame, player.query(step), secret, until);
}

void scroll(Player& player, const Step& step, Player::Place& where, const Until& until) {
  std::optional<browser::Query> query;
  if (!step.selectors.empty()) query = player.query(step);
  const browser::Outcome outcome = where.page.scroll(where.frame, query, number_in(step.fields, "x", 0),
                                                     number_in(step.fields, "y", 0), until);
  player.expect_done(step, step.selectors, outcome, where.page);
}

void set_viewport(const Step& step, browser::Page& page, const Until& until) {
  browser::Page::Viewport viewport;
  viewport.width = static_cast<int>(number_in(step.fields, "width", 0));
  viewport.height = static_cast<int>(number_in(step.fields, "height", 0));
  viewport.scale = number_in(step.fields, "deviceScaleFactor", 1);
  viewport.mobile = flag_in(step.fields, "isMobile", false);
  viewport.touch = flag_in(step.fields, "hasTouch", false);
  viewport.landscape = flag_in(step.fields, "isLandscape", false);
  page.set_viewport(viewport, until);
}

void wait_for_element(Player& player, const Step& step, Player::Place& where, const Until& until) {
  const browser::Condition condition = element_condition(step, player.around());
  if (const auto miss = where.page.wait_for(where.frame, condition, until)) throw missed(where.page, *miss);
  player.tell_look(Look::What::expect, step, where);
}

void wait_for_expression(Player& player, const Step& step, Player::Place& where, const Until& until) {
  const std::string expression = fill_expression(text_in(step.fields, "expression"), player.values());
  if (where.page.wait_for_expression(where.frame, expression, until)) return;
  throw not_seen(where.page, "the expression did not become true", "look at the page: what does it yield?");
}

bool acts_on_element(StepType type) {
  return type == StepType::click || type == StepType::double_click || type == StepType::hover ||
         type == StepType::change || type == StepType::scroll;
}

void act(Player& player, const Step& step, Player::Place& where, const Until& until) {
  const Until patience = player.patience(step, until);
  browser::Page& page = where.page;
  switch (step.type) {
    case StepType::click:
    case StepType::double_click:
      return player.expect_done(step, step.selectors,
                                page.click(where.frame, player.query(step), click_options(step), patience),
                                page);
    case StepType::hover:
      return player.expect_done(step, step.selectors, page.hover(where.frame, player.query(step), patience),
                                page);
    case StepType::change:
      return player.expect_done(step, step.selectors, fill(player, step, where, patience), page);
    case StepType::key_down:
      return page.key_down(fill_plain(text_in(step.fields, "key"), player.values()), patience);
    case StepType::key_up:
      return page.key_up(fill_plain(text_in(step.fields, "key"), player.values()), patience);
    case StepType::navigate:
      return navigate(player, step, page, until);
    case StepType::set_viewport:
      return set_viewport(step, page, patience);
    case StepType::emulate_network:
      return page.set_network(number_in(step.fields, "download", 0), number_in(step.fields, "upload", 0),
                              number_in(step.fields, "latency", 0), patience);
    case StepType::close:
      return page.close(patience);
    case StepType::scroll:
      return scroll(player, step, where, patience);
    case StepType::wait_for_element:
      return wait_for_element(player, step, where, patience);
    case StepType::wait_for_expression:
      return wait_for_expression(player, step, where, patience);
    case StepType::custom:
      break;
  }
  throw Error(Kind::internal, "a step of this type is none of Recorder's");
}

}  // namespace

browser::ClickOptions click_options(const Step& step) {
  browser::ClickOptions options;
  const std::string button = text_in(step.fields, "button");
  options.button = button == "auxiliary"   ? browser::Button::middle
                   : button == "secondary" ? browser::Button::right
                   : button == "back"      ? browser::Button::back
                   : button == "forward"   ? browser::Button::forward
                                           : browser::Button::left;
  options.count = step.type == StepType::double_click ? 2 : 1;
  // Exports without offsets, or with one of them, mean the middle.
  if (has(step.fields, "offsetX") && has(step.fields, "offsetY")) {
    options.offset_x = number_in(step.fields, "offsetX", 0);
    options.offset_y = number_in(step.fields, "offsetY", 0);
  }
  const double duration = std::clamp(number_in(step.fields, "duration", 0), 0.0, 60'000.0);
  options.duration = Milliseconds(static_cast<Milliseconds::rep>(duration));
  return options;
}

void play_recorded(Player& player, const Step& step, const Until& until) {
  Player::Place where = player.place(step, player.patience(step, until));
  std::unique_ptr<browser::Page::NavigationWatch> watch;
  // `url` and `title` of the event are not compared, as in Recorder's player.
  if (!step.asserted_events.empty()) watch = where.page.watch_navigation(where.frame);
  if (acts_on_element(step.type)) player.tell_target(step, where, player.patience(step, until));
  act(player, step, where, until);
  player.settle_dialogs();
  if (!watch || watch->wait(player.patience(step, until))) return;
  throw not_seen(where.page, "it was done, but the page went nowhere",
                 "the step says in `assertedEvents` that a navigation follows: is that still so?");
}

}  // namespace offstage::script
