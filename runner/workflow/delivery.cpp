#include "workflow/delivery.h"

#include <fmt/format.h>

#include "base/error.h"
#include "offboarding/verify.h"

namespace offstage::workflow {

void deliver(const std::string& what, const std::function<HttpAnswer(const Until&)>& attempt,
             const DeliveryPace& pace, Log& log, const Until& until) {
  Milliseconds next = pace.first;
  for (int count = 1;; ++count) {
    const HttpAnswer answer = attempt(until.within(pace.answer));
    if (answer.good()) return;
    if (!answer.worth_repeating() || count >= pace.attempts || until.over()) {
      throw Error(
          Kind::unreachable,
          fmt::format("{} was not taken: {} ({} attempt{})", what, answer.why(), count,
                      count == 1 ? "" : "s"),
          "what the job did stands in its result; send the same request again with its idempotency key "
          "to get that result and have it sent once more");
    }
    log.warn(fmt::format("{} was not taken ({}); trying again", what, answer.why()));
    offboarding::pause(std::min(next, until.deadline.left()), until.stop);
    next *= 2;
  }
}

}  // namespace offstage::workflow
