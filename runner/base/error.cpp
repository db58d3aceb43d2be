#include "base/error.h"

#include <algorithm>
#include <array>

namespace offstage {
namespace {

constexpr std::array<KindInfo, 14> table{{
    {Kind::failed, "failed", 1, "no: look", "a test did not come to what it was expected to"},
    {Kind::changes, "changes", 2, "", "there is something to do"},
    {Kind::partial, "partial", 3, "no: look", "some actions verified, some not"},
    {Kind::refused, "refused", 4, "no", "a guard or the policy refused, or approval is missing"},
    {Kind::usage, "usage", 64, "no", "bad arguments, script, manifest or configuration"},
    {Kind::browser, "browser", 69, "yes", "Chrome is missing, would not start, or died before any commit"},
    {Kind::drift, "drift", 70, "no: mend the script",
     "the console is not as the script expects; nothing was committed"},
    {Kind::unknown, "unknown", 71, "reconcile first", "a commit was sent and its effect could not be seen"},
    {Kind::unreachable, "unreachable", 75, "yes", "network, timeout, 5xx; nothing was committed"},
    {Kind::busy, "busy", 76, "later", "rate limited or locked by another run"},
    {Kind::human, "human", 77, "no", "sign-in needs a person"},
    {Kind::internal, "internal", 125, "no: report it", "a defect in Offstage"},
    {Kind::interrupted, "interrupted", 130, "yes", "interrupted"},
    {Kind::terminated, "terminated", 143, "yes", "terminated"},
}};

}  // namespace

std::span<const KindInfo> kinds() {
  return table;
}

const KindInfo& info(Kind kind) {
  return *std::find_if(table.begin(), table.end(), [kind](const KindInfo& row) { return row.kind == kind; });
}

std::string_view name_of(Kind kind) {
  return info(kind).name;
}
int exit_code_of(Kind kind) {
  return info(kind).exit_code;
}

bool is_stop(Kind kind) {
  return kind == Kind::interrupted || kind == Kind::terminated;
}

Kind kind_named(std::string_view name) {
  const auto row =
      std::find_if(table.begin(), table.end(), [name](const KindInfo& entry) { return entry.name == name; });
  if (row == table.end())
    throw Error(Kind::usage, "there is no error kind named \"" + std::string(name) + "\"");
  return row->kind;
}

Error::Error(Kind kind, std::string message, std::string hint)
    : state_(std::make_shared<const State>(State{kind, std::move(message), std::move(hint), nullptr})) {}

Error::Error(Kind kind, std::string message, std::string hint, const Error& cause)
    : state_(std::make_shared<const State>(
          State{kind, std::move(message), std::move(hint), std::make_shared<const Error>(cause)})) {}

Error Error::retold(std::string message, std::string hint) const {
  if (cause() == nullptr) return Error(kind(), std::move(message), std::move(hint));
  return Error(kind(), std::move(message), std::move(hint), *cause());
}

std::string Error::explain() const {
  std::string text = message();
  for (const Error* at = cause(); at != nullptr; at = at->cause())
    text += "\n  because: " + at->message();
  for (const Error* at = this; at != nullptr; at = at->cause()) {
    if (at->hint().empty()) continue;
    text += "\n  " + at->hint();
    break;
  }
  return text;
}

}  // namespace offstage
