#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "browser/page.h"
#include "script/template.h"

namespace offstage::script {

/// What a script says of a JavaScript dialog that it expects, and how to answer it.
struct DialogRule {
  std::optional<std::string> type;
  std::optional<std::string> text;      ///< all of it, white space folded
  std::optional<std::string> contains;  ///< a part of it
  bool accept = true;
  std::string prompt;

  static DialogRule from(const Json& parameters, const Values& values);
  /// How the dialog is not as expected, in words; empty: it is.
  std::string mismatch(const browser::Dialog& dialog) const;
};

/// `confirm dialog "Delete bob?"`, printable.
std::string dialog_words(const browser::Dialog& dialog);

}  // namespace offstage::script
