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
/// Miss. Blocks the caller.
class Filler {
 public:
  /// All are the page's and outlive this.
  Filler(Asker& asker, Pointer& pointer, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
         std::shared_ptr<cdp::Session> session);

  Outcome fill(const FramePath& frame, const Query& query, const std::string& value, bool secret,
               const Until& until);

 private:
  cdp::Reply type(std::string_view text, const Until& until);

  Asker& asker_;
  Pointer& pointer_;
  Keyboard& keyboard_;
  std::shared_ptr<Monitor> monitor_;
  std::shared_ptr<cdp::Session> session_;
  int last_token_ = 0;
};

}  // namespace offstage::browser
