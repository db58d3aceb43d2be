#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/log.h"
#include "browser/browser.h"
#include "script/conditions.h"
#include "script/dialog_rule.h"
#include "script/interpreter.h"
#include "script/observer.h"
#include "script/script.h"

namespace offstage::script {

/// Plays steps, one after the other: what all of them share (where they look, with which values, how long,
/// what dialogs do, how errors are told). What each kind does is in `play_recorded` and `play_custom`. One
/// thread; everything passed must outlive it.
class Player {
 public:
  Player(browser::Context& context, browser::Page& page, Environment& environment, Observer& observer,
         Log& log);

  /// Plays a whole script with these variables.
  void play(const Script& script, std::map<std::string, Json>& variables, const Until& until);
  /// Plays steps of the current script.
  void play_steps(const std::vector<Step>& steps, const Until& until);

  // --- For the steps ---

  /// Where a step looks and acts.
  struct Place {
    browser::Page& page;
    browser::FramePath frame;
  };
  /// Waits for the step's page. Throws Error{drift} when there is none.
  Place place(const Step& step, const Until& until);

  /// The step's own time, counted from now, within that of the run.
  Until patience(const Step& step, const Until& until) const;
  Milliseconds timeout_of(const Step& step) const;

  Values values() const { return Values(*frames_.back().variables); }
  Surroundings around() const { return {values(), within_}; }
  browser::Query query(const Step& step) const;
  std::map<std::string, Json>& variables() { return *frames_.back().variables; }
  const Script& script() const { return *frames_.back().script; }
  Environment& environment() { return environment_; }
  Observer& observer() { return observer_; }
  Log& log() { return log_; }

  /// Tells the observer when another selector than the first matched; throws what a miss means.
  void expect_done(const Step& step, const browser::Selectors& selectors, const browser::Outcome& outcome,
                   const browser::Page& page);

  /// Tells the observer, where it wants to know, what a step saw.
  void tell_look(Look::What what, const Step& step, const Place& where, const Json& seen = {});
  /// The same of an action's target, once it is there; what does not come is left to the action to miss.
  void tell_target(const Step& step, const Place& where, const Until& until);

  /// Answers the dialog that is open, if one is: as the innermost `dialog` step says, or else dismisses it
  /// and throws Error{drift} with its text. Returns whether there was one.
  bool settle_dialogs();

  /// Runs steps while a dialog is expected, and sees that it came.
  void play_expecting(const DialogRule& rule, const std::vector<Step>& steps, const Step& step,
                      const Until& until);
  void play_within(browser::Within within, const std::vector<Step>& steps, const Until& until);
  /// The script that a `run` step names; loaded once.
  const Script& script_named(const std::string& name);
  /// Remembers that a commit begins. Throws Error{refused} when none may, Error{usage} for a second one.
  void begin_commit();
  /// Keeps a gate standing for the rest of the script.
  void keep(std::unique_ptr<browser::Page::RequestGate> gate) { gates_.push_back(std::move(gate)); }

 private:
  struct Frame {
    const Script* script;
    std::map<std::string, Json>* variables;
  };
  struct Expectation {
    const DialogRule* rule;
    bool answered = false;
  };

  void play_step(const Step& step, const Until& until);
  void perform(const Step& step, const Until& until);
  std::vector<browser::Page*> pages() const;
  browser::FramePath frame_at(browser::Page& page, const std::string& url, const Until& until) const;

  browser::Context& context_;
  browser::Page& page_;
  Environment& environment_;
  Observer& observer_;
  Log& log_;
  std::vector<Frame> frames_;
  std::vector<browser::Within> within_;
  std::vector<Expectation*> expected_;
  std::map<std::filesystem::path, std::shared_ptr<const Script>> scripts_;
  std::vector<std::unique_ptr<browser::Page::RequestGate>> gates_;
  bool committed_ = false;
};

/// The fourteen types of Recorder but `customStep`.
void play_recorded(Player& player, const Step& step, const Until& until);
/// Offstage's custom steps.
void play_custom(Player& player, const Step& step, const Until& until);
/// `extract`: extract.cpp.
void play_extract(Player& player, const Step& step, const Until& until);
/// `commit`: commit.cpp.
void play_commit(Player& player, const Step& step, const Until& until);

}  // namespace offstage::script
