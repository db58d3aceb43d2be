#include "script/dialog_rule.h"

#include <fmt/format.h>

#include "base/text.h"
#include "script/conditions.h"
#include "script/members.h"

namespace offstage::script {
namespace {

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : trimmed(text)) {
    const bool space = std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
    if (!space) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

DialogRule DialogRule::from(const Json& parameters, const Values& values) {
  DialogRule rule;
  rule.type = filled_text(parameters, "type", values);
  rule.text = filled_text(parameters, "text", values);
  rule.contains = filled_text(parameters, "contains", values);
  rule.accept = filled_text(parameters, "action", values).value_or("accept") == "accept";
  rule.prompt = filled_text(parameters, "prompt", values).value_or("");
  return rule;
}

std::string DialogRule::mismatch(const browser::Dialog& dialog) const {
  if (type && *type != dialog.type) return fmt::format("not the {} dialog that is expected", *type);
  const std::string message = folded(dialog.message);
  if (text && folded(*text) != message) return fmt::format("not \"{}\"", printable(*text, 300));
  if (contains && message.find(folded(*contains)) == std::string::npos) {
    return fmt::format("without \"{}\"", printable(*contains, 300));
  }
  return {};
}

std::string dialog_words(const browser::Dialog& dialog) {
  return fmt::format("{} dialog \"{}\"", printable(dialog.type, 20), printable(dialog.message, 300));
}

}  // namespace offstage::script
