#include "script/player.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "script/describe.h"
#include "script/failure.h"
#include "script/selectors.h"

namespace offstage::script {
namespace {

constexpr int default_timeout = 5000;
constexpr Milliseconds dialog_patience{5000};
constexpr std::size_t deepest_run = 20;

/// Steps that only look: a dialog that came in between does not keep them from being done again.
bool only_looks(const Step& step) {
  constexpr std::array<std::string_view, 4> names{"expect", "extract", "capture", "when"};
  if (step.type == StepType::wait_for_element || step.type == StepType::wait_for_expression) return true;
  return step.type == StepType::custom && step.nested.empty() &&
         std::find(names.begin(), names.end(), step.name) != names.end();
}

bool is_commit(const Step& step) {
  return step.type == StepType::custom && step.name == "commit";
}

}  // namespace

Player::Player(browser::Context& context, browser::Page& page, Environment& environment, Observer& observer,
               Log& log)
    : context_(context), page_(page), environment_(environment), observer_(observer), log_(log) {}

void Player::play(const Script& script, std::map<std::string, Json>& variables, const Until& until) {
  if (frames_.size() >= deepest_run) {
    throw Error(Kind::usage, "scripts run each other too deeply", "a script cannot run itself");
  }
  frames_.push_back({&script, &variables});
  observer_.script_entered(script.file.filename().string());
  try {
    play_steps(script.steps, until);
  } catch (...) {
    frames_.pop_back();
    observer_.script_left();
    throw;
  }
  frames_.pop_back();
  observer_.script_left();
}

void Player::play_steps(const std::vector<Step>& steps, const Until& until) {
  for (const Step& step : steps)
    play_step(step, until);
}

void Player::play_step(const Step& step, const Until& until) {
  throw_if_over(until);
  const std::string what = describe(step, values());
  observer_.step_started(step.path, what);
  log_.debug(fmt::format("{}: {}", place_of(step.path), what));
  for (bool again = false;; again = true) {
    try {
      perform(step, until);
      // A commit deals with its dialogs itself: what became of it must not be hidden behind one.
      if (!is_commit(step)) settle_dialogs();
      break;
    } catch (const PlacedError&) {
      throw;
    } catch (const Error& caught) {
      if (is_stop(caught.kind())) throw;
      const Error error = in_time(caught, until);
      if (is_commit(step)) throw placed_last(error, script(), step);
      bool answered = false;
      try {
        // A dialog that holds the page is the reason for whatever went wrong.
        answered = error.kind() != Kind::browser && settle_dialogs();
      } catch (const Error& dialog) {
        throw placed(dialog, script(), step, what);
      }
      if (!answered || again || !only_looks(step)) throw placed(error, script(), step, what);
    }
  }
  observer_.step_finished(step.path);
}

void Player::perform(const Step& step, const Until& until) {
  settle_dialogs();
  if (step.type == StepType::custom) {
    play_custom(*this, step, until);
  } else {
    play_recorded(*this, step, until);
  }
}

Milliseconds Player::timeout_of(const Step& step) const {
  const Milliseconds own(step.timeout.value_or(script().timeout.value_or(default_timeout)));
  return std::min(std::max(own, environment_.shortest_wait), environment_.longest_wait);
}

Until Player::patience(const Step& step, const Until& until) const {
  return until.within(timeout_of(step));
}

browser::Query Player::query(const Step& step) const {
  browser::Query query;
  query.within = within_;
  query.selectors = filled(step.selectors, values());
  return query;
}

Player::Place Player::place(const Step& step, const Until& until) {
  if (step.target == "main") return {page_, step.frame};
  const std::string url = fill_address(step.target, values());
  browser::Page* page = context_.wait_for_page(url, until);
  if (page == nullptr) {
    std::vector<std::string> open;
    for (const browser::Page* other : pages())
      open.push_back(printable(other->url(), 200));
    throw not_seen(page_,
                   fmt::format("no page at {} is open, only {}", printable(url, 300), join(open, ", ")),
                   "the step's `target` is the whole address of a page or frame");
  }
  if (page->url() == url) return {*page, step.frame};
  // Recorder names a frame in a process of its own by its address, and counts `frame` from there.
  browser::FramePath frame = frame_at(*page, url, until);
  frame.insert(frame.end(), step.frame.begin(), step.frame.end());
  return {*page, std::move(frame)};
}

browser::FramePath Player::frame_at(browser::Page& page, const std::string& url, const Until& until) const {
  constexpr std::size_t deepest = 4;
  browser::Condition there;
  there.count = 0;
  there.url = url;
  for (;;) {
    std::vector<browser::FramePath> level{{}};
    for (std::size_t depth = 0; depth < deepest && !level.empty(); ++depth) {
      std::vector<browser::FramePath> below;
      for (const browser::FramePath& parent : level) {
        for (int index = 0;; ++index) {
          browser::FramePath path = parent;
          path.push_back(index);
          const auto miss = page.check(path, there, until);
          if (!miss) return path;
          if (miss->why == browser::Miss::Why::frame) break;
          below.push_back(std::move(path));
        }
      }
      level = std::move(below);
    }
    if (until.deadline.passed()) {
      throw not_seen(page, fmt::format("the frame at {} is not in the page", printable(url, 300)),
                     "the step's `target` is the whole address of a page or frame");
    }
    pause(Milliseconds(50), until);
  }
}

std::vector<browser::Page*> Player::pages() const {
  std::vector<browser::Page*> all = context_.pages();
  if (std::find(all.begin(), all.end(), &page_) == all.end()) all.push_back(&page_);
  return all;
}

void Player::expect_done(const Step& step, const browser::Selectors& selectors,
                         const browser::Outcome& outcome, const browser::Page& page) {
  if (outcome.miss) throw missed(page, *outcome.miss);
  const auto used = static_cast<std::size_t>(outcome.alternative);
  if (used > 0 && used < selectors.size()) {
    observer_.weaker_selector(step.path, printable(written(selectors[used]), 300));
  }
}

void Player::tell_look(Look::What what, const Step& step, const Place& where, const Json& seen) {
  if (!observer_.wants_looks()) return;
  const std::string name = script().file.filename().string();
  observer_.looked(
      {what, name, step.path, *frames_.back().variables, within_, seen, where.page, where.frame});
}

void Player::tell_target(const Step& step, const Place& where, const Until& until) {
  if (!observer_.wants_looks() || step.selectors.empty()) return;
  browser::Condition there;
  there.query = query(step);
  there.must_be_visible = true;
  if (!where.page.wait_for(where.frame, there, until)) tell_look(Look::What::target, step, where);
}

bool Player::settle_dialogs() {
  bool any = false;
  for (browser::Page* page : pages()) {
    if (page->closed()) continue;
    const std::optional<browser::Dialog> dialog = page->dialog();
    if (!dialog) continue;
    any = true;
    const Until soon = Until::in(dialog_patience);
    const auto waiting = std::find_if(expected_.rbegin(), expected_.rend(),
                                      [](const Expectation* one) { return !one->answered; });
    std::string wrong = "not expected by the script";
    if (waiting != expected_.rend()) {
      const DialogRule& rule = *(*waiting)->rule;
      wrong = rule.mismatch(*dialog);
      if (wrong.empty()) {
        page->handle_dialog(rule.accept, rule.prompt, soon);
        (*waiting)->answered = true;
        continue;
      }
    }
    page->handle_dialog(false, {}, soon);
    throw Error(Kind::drift, fmt::format("a {} opened, {}: it was dismissed", dialog_words(*dialog), wrong),
                "put the step that opens it into a `dialog` step that says what it reads");
  }
  return any;
}

void Player::play_expecting(const DialogRule& rule, const std::vector<Step>& steps, const Step& step,
                            const Until& until) {
  Expectation expectation{&rule};
  expected_.push_back(&expectation);
  try {
    play_steps(steps, until);
    if (!expectation.answered) {
      const Place where = place(step, patience(step, until));
      where.page.wait_for_dialog(patience(step, until));
      settle_dialogs();
      if (!expectation.answered) {
        throw not_seen(where.page, "no JavaScript dialog opened",
                       "look at the page: it may ask in another way now");
      }
    }
  } catch (...) {
    expected_.pop_back();
    throw;
  }
  expected_.pop_back();
}

void Player::play_within(browser::Within within, const std::vector<Step>& steps, const Until& until) {
  within_.push_back(std::move(within));
  try {
    play_steps(steps, until);
  } catch (...) {
    within_.pop_back();
    throw;
  }
  within_.pop_back();
}

const Script& Player::script_named(const std::string& name) {
  const std::filesystem::path file = script().file.parent_path() / name;
  std::shared_ptr<const Script>& known = scripts_[file];
  if (!known) known = load_beside(script(), name);
  return *known;
}

void Player::begin_commit() {
  if (!environment_.may_commit) {
    throw Error(Kind::refused, "this run may not change anything, and this step would",
                "nothing was sent; run it with leave to commit");
  }
  if (committed_) {
    throw Error(Kind::usage, "a second commit step in one run: nothing more was sent",
                "one script changes one thing");
  }
  committed_ = true;
}

}  // namespace offstage::script
