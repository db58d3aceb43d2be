#pragma once

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace offstage {

/// Why a run did not reach, or could not prove, the wanted state. Each kind has one exit code and one answer
/// to "is it worth trying again?"; the table in error.cpp is the only place that names the numbers.
enum class Kind {
  failed,       ///< a test did not come to what it was expected to
  changes,      ///< `plan --detailed-exitcode`: there is something to do
  partial,      ///< some actions verified, some not
  refused,      ///< a guard or the policy refused, or approval is missing
  usage,        ///< bad arguments, script, manifest or configuration
  browser,      ///< Chrome is missing, would not start, or died before any commit
  drift,        ///< the console is not as the script expects; nothing was committed
  unknown,      ///< a commit was sent and its effect could not be seen
  unreachable,  ///< network, timeout, 5xx; nothing was committed
  busy,         ///< rate limited, or locked by another run
  human,        ///< sign-in needs a person
  interrupted,  ///< SIGINT
  terminated,   ///< SIGTERM
  internal,     ///< a defect in Offstage itself
};

/// One row of the table of kinds.
struct KindInfo {
  Kind kind;
  std::string_view name;
  int exit_code;
  /// What a caller may do next: "yes", "no", "later", …
  std::string_view try_again;
  std::string_view meaning;
};

/// Every kind, in the order of their exit codes.
std::span<const KindInfo> kinds();
const KindInfo& info(Kind kind);
std::string_view name_of(Kind kind);
int exit_code_of(Kind kind);
/// Whether somebody asked the run to end: interrupted, terminated.
bool is_stop(Kind kind);
/// The kind of that name; throws Error{usage} when there is none.
Kind kind_named(std::string_view name);

/// The one exception type: thrown where a run cannot go on, caught in one place per run. What is expected
/// (absent, refused, no match yet) is a value, never an Error. Copyable and immutable; safe to pass between
/// threads.
class Error : public std::exception {
 public:
  /// `message` says what is wrong and where, without a full stop at its end; `hint` says what to do next.
  Error(Kind kind, std::string message, std::string hint = {});
  /// The same, caused by another error: the chain is printed by `explain`.
  Error(Kind kind, std::string message, std::string hint, const Error& cause);

  /// The same in other words: its kind and its causes stay.
  Error retold(std::string message, std::string hint) const;

  Kind kind() const { return state_->kind; }
  const std::string& message() const { return state_->message; }
  const std::string& hint() const { return state_->hint; }
  /// The error that led to this one, or nullptr.
  const Error* cause() const { return state_->cause.get(); }
  const char* what() const noexcept override { return state_->message.c_str(); }

  /// The message, its causes and the hint, over several lines, as a person reads them.
  std::string explain() const;

 private:
  struct State {
    Kind kind;
    std::string message;
    std::string hint;
    std::shared_ptr<const Error> cause;
  };
  std::shared_ptr<const State> state_;
};

}  // namespace offstage
