#pragma once

#include <string>

#include "base/deadline.h"
#include "base/error.h"
#include "browser/page.h"
#include "script/script.h"

namespace offstage::script {

/// An error that says where in which script it happened, or that must be passed on as it is.
class PlacedError : public Error {
 public:
  explicit PlacedError(const Error& error) : Error(error) {}
};

/// The same error with "file:line: step 4 (click "Log in"): " before its message.
PlacedError placed(const Error& error, const Script& script, const Step& step, const std::string& what);

/// The same error with " (remove-member.json:70, step 8)" after its message: what became of a commit is for
/// people who remove people, and comes first.
PlacedError placed_last(const Error& error, const Script& script, const Step& step);

/// What a miss means for the run: `unreachable` when the page is still loading or is Chrome's own error page,
/// else `drift`; with a hint what to do.
Error missed(const browser::Page& page, const browser::Miss& miss, const std::string& before = {});

/// An error about something that did not come in time, by the same rule.
Error not_seen(const browser::Page& page, const std::string& message, const std::string& hint);

/// What was not as expected when the time for the script was over may only have been late: a `drift` becomes
/// `unreachable` then. Any other error stays as it is.
Error in_time(const Error& error, const Until& until);

/// Throws Error{interrupted} after a stop request, Error{unreachable} when the time for the run is over.
void throw_if_over(const Until& until);

/// Waits; throws Error{interrupted} on a stop request.
void pause(Milliseconds span, const Until& until);

}  // namespace offstage::script
