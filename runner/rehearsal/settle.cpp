#include "rehearsal/settle.h"

#include "base/error.h"

namespace offstage::rehearsal {
namespace {

/// What the page's scripts had ready to be done has been done after this.
void let_scripts_run(browser::Page& page, const Until& until) {
  if (page.closed()) return;
  try {
    page.wait_for_expression({}, "new Promise((done) => setTimeout(() => done(true)))", until);
  } catch (const Error&) {
    if (until.stop.stop_requested()) throw;
  }
}

void pause(Milliseconds span, const Until& until) {
  sleep_until(until.within(span).deadline.at(), until.stop);
}

}  // namespace

void settle(browser::Page& page, const Rest& rest, const Until& until) {
  const Until end = until.within(rest.longest);
  bool is_quiet = false;
  while (!end.over() && (!is_quiet || rest.more_to_come())) {
    let_scripts_run(page, end);
    const std::size_t before = rest.requests();
    pause(rest.quiet, end);
    is_quiet = rest.requests() == before;
  }
}

}  // namespace offstage::rehearsal
