#pragma once

#include <functional>
#include <string>

#include "base/deadline.h"
#include "base/http.h"
#include "base/log.h"

namespace offstage::workflow {

/// How what was not taken is sent again.
struct DeliveryPace {
  int attempts = 5;
  Milliseconds first{500};      ///< before the second attempt; each next pause is twice as long
  Milliseconds answer{10'000};  ///< how long one attempt may take
};

/// Calls `attempt` until its answer is good, an answer with which another attempt cannot help, or the
/// attempts or the time are used up. `what` names it in messages: "the callback to https://…". Throws
/// Error{unreachable} when it was not taken.
void deliver(const std::string& what, const std::function<HttpAnswer(const Until&)>& attempt,
             const DeliveryPace& pace, Log& log, const Until& until);

}  // namespace offstage::workflow
