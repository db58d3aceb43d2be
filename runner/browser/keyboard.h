#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace offstage::browser {

/// A keyboard with the US layout under Recorder's names of keys (us_keyboard.json, a row each: name, key,
/// code, key code, location, key and key code with Shift, text). Remembers which modifiers are down. It only
/// says what Chrome is to be told; sending is the caller's. Not thread-safe.
class Keyboard {
 public:
  /// The parameters of Input.dispatchKeyEvent for pressing or releasing the key `name`. Throws Error{usage}
  /// with the nearest name when there is no such key.
  Json down(const std::string& name);
  Json up(const std::string& name);

  /// One command of typed text.
  struct Stroke {
    std::string method;  ///< Input.dispatchKeyEvent or Input.insertText
    Json params;
  };
  /// Typing `text` (UTF-8): a press and a release for each character that has a key, inserted text for all
  /// others. Texts of 100 characters and more, and texts with line breaks or other control characters (Enter
  /// would submit a form), are inserted at once.
  std::vector<Stroke> typing(std::string_view text);

  /// The modifiers that are down, as Chrome counts them: 1 Alt, 2 Control, 4 Meta, 8 Shift.
  int modifiers() const { return modifiers_; }

 private:
  int modifiers_ = 0;
  std::set<std::string> pressed_;  // by code
};

}  // namespace offstage::browser
