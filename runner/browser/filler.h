#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "browser/asker.h"
#include "browser/keyboard.h"
#include "browser/pointer.h"

namespace offstage::browser {

/// Recorder's `change`: the page prepares the field, real keys follow, and the page tells whether they
/// arrived. What is typed goes into the messages to Chrome and nowhere else: never into an error, a log or a
/// Miss. A text's keys are sent at once; a secret's one by one, each only while the field has the focus.
/// Blocks the caller.
class Filler {
 public:
  /// All are the page's and outlive this.
  Filler(Asker& asker, Pointer& pointer, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
         std::shared_ptr<cdp::Session> session);

  Outcome fill(const FramePath& frame, const Query& query, const std::string& value, bool secret,
               const Until& until);

 private:
  /// What became of typing: whatever the outcome says, and whether there is still a document to ask again.
  struct Typed {
    Outcome outcome;
    bool over = false;
  };
  Typed type(std::string_view text, bool secret, const World& world, const std::string& token,
             const Until& until);

  Asker& asker_;
  Pointer& pointer_;
  Keyboard& keyboard_;
  std::shared_ptr<Monitor> monitor_;
  std::shared_ptr<cdp::Session> session_;
  int last_token_ = 0;
};

}  // namespace offstage::browser
