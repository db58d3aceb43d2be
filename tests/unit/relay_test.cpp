#include "connector/relay.h"

#include <catch2/catch.hpp>

namespace offstage::relay_test {

using connector::Relay;
using script::CommitIntent;
using script::CommitReport;
using script::Observer;

namespace {

class Counting final : public Observer {
 public:
  int steps = 0;
  int commits = 0;
  void step_started(const std::string&, const std::string&) override { ++steps; }
  void commit_intended(const CommitIntent&) override { ++commits; }
  void commit_reported(const CommitIntent&, const CommitReport&) override { ++commits; }
};

CommitReport report(CommitReport::Outcome outcome, int status) {
  CommitReport out;
  out.outcome = outcome;
  out.status = status;
  return out;
}

}  // namespace

TEST_CASE("both observers hear of every step and commit", "[relay]") {
  Counting progress;
  Counting caller;
  Relay relay(progress, &caller);
  relay.step_started("/steps/0", "navigate");
  relay.commit_intended({});
  relay.commit_reported({}, {});
  CHECK(progress.steps == 1);
  CHECK(caller.steps == 1);
  CHECK(progress.commits == 2);
  CHECK(caller.commits == 2);
}

TEST_CASE("a commit whose end is not known may have changed something", "[relay]") {
  Observer progress;
  Relay relay(progress, nullptr);
  CHECK_FALSE(relay.may_have_changed());
  relay.commit_intended({});
  CHECK(relay.may_have_changed());
  relay.commit_reported({}, report(CommitReport::Outcome::lost, 0));
  CHECK(relay.may_have_changed());
}

TEST_CASE("a commit that was never sent, or met nobody signed in, changed nothing", "[relay]") {
  Observer progress;
  Relay not_sent(progress, nullptr);
  not_sent.commit_intended({});
  not_sent.commit_reported({}, report(CommitReport::Outcome::not_sent, 0));
  CHECK_FALSE(not_sent.may_have_changed());

  Relay unauthorized(progress, nullptr);
  unauthorized.commit_intended({});
  unauthorized.commit_reported({}, report(CommitReport::Outcome::refused, 401));
  CHECK(unauthorized.unauthorized());
  CHECK_FALSE(unauthorized.may_have_changed());
}

TEST_CASE("a commit that the console refused for another reason is not repeated", "[relay]") {
  Observer progress;
  Relay relay(progress, nullptr);
  relay.commit_intended({});
  relay.commit_reported({}, report(CommitReport::Outcome::refused, 422));
  CHECK_FALSE(relay.unauthorized());
  CHECK(relay.may_have_changed());
}

}  // namespace offstage::relay_test
