#include "browser/expression.h"

#include <fmt/format.h>

#include "base/text.h"
#include "embedded/poll_expression_js.h"

namespace offstage::browser {

namespace {

constexpr std::size_t longest_shown = 200;

// What the page's engine says of a script that it did not run.
std::string complaint(const Json& reply) {
  const Json& details = member_of(reply, "exceptionDetails");
  const std::string words = text_of(member_of(details, "exception"), "description");
  return printable(words.empty() ? text_of(details, "text") : words, longest_shown);
}

// Compiled once, without running it, so that a mistake in it is told from a page that is not ready. The line
// break ends a comment that the expression may end with.
void check_syntax(Asker& asker, cdp::Session& session, const std::string& expression, const Until& until) {
  for (;;) {
    if (!asker.dialogs().wait_closed(until)) return;
    const cdp::Reply reply =
        session
            .send("Runtime.compileScript",
                  {{"expression", "(" + expression + "\n)"}, {"sourceURL", ""}, {"persistScript", false}})
            .wait(until);
    throw_if_lost(reply);
    if (reply.outcome == cdp::Reply::Outcome::late) return;
    if (reply.ok()) {
      if (!reply.result.contains("exceptionDetails")) return;
      throw Error(Kind::usage,
                  fmt::format("\"{}\" is not an expression: {}", printable(expression, longest_shown),
                              complaint(reply.result)),
                  "waitForExpression takes one JavaScript expression, without statements.");
    }
    if (reply.outcome == cdp::Reply::Outcome::refused && !world_lost(reply)) {
      throw Error(Kind::internal,
                  "Chrome refused to compile an expression: " + printable(reply.message, 300));
    }
    if (until.deadline.passed()) return;
    asker.frames().monitor()->pause(Milliseconds{2}, until);
  }
}

}  // namespace

bool wait_for_expression(Asker& asker, cdp::Session& session, const FramePath& frame,
                         const std::string& expression, const Until& until) {
  check_syntax(asker, session, expression, until);
  const auto request = [&](Milliseconds left) -> Json {
    return {{"expression", fmt::format("({})(async () => (\n{}\n), {})", embedded::poll_expression_js,
                                       expression, left.count())},
            {"awaitPromise", true},
            {"returnByValue", true}};
  };
  const std::variant<Asker::Answer, Miss> asked = asker.ask_main(frame, request, until);
  if (std::holds_alternative<Miss>(asked)) return false;
  const Json& reply = std::get<Asker::Answer>(asked).reply;
  if (reply.contains("exceptionDetails")) {
    throw Error(Kind::drift, "the page breaks the wait for an expression: " + complaint(reply));
  }
  return flag_of(member_of(reply, "result"), "value");
}

}  // namespace offstage::browser
