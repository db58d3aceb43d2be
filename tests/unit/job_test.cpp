#include "offboarding/job.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "bench.h"
#include "cli_scene.h"

namespace offstage::job_test {

using namespace offboarding;
using test::Bench;
using test::member;
using Answer = test::FakeConsole::Answer;

namespace {

/// A job from its text: JSON with ' for ".
Job job(std::string text) {
  for (char& c : text)
    c = c == '\'' ? '"' : c;
  return job_from(JsonDocument::parse(std::move(text), "request.json"));
}

std::string fault(const std::string& text) {
  try {
    job(text);
  } catch (const Error& error) {
    return std::string(name_of(error.kind())) + ": " + error.message();
  }
  return "accepted";
}

std::string removal(const std::string& more) {
  return "{'version': 1, 'connector': 'heroku', 'operation': 'remove_user'" + more + "}";
}

const std::string two_people = ", 'targets': ['bob@example.com', 'eve@example.com']";

/// What a console came to for two people, as the document tells it.
struct TwoPeople {
  Bench bench;
  JobResult result;

  TwoPeople() {
    bench.console.rows["id-acme"].push_back(member(bench.console.teams[0], "eve@example.com"));
    bench.policy.share = 1;
    result.job = job(removal(two_people));
    bench.request = result.job->request;
  }
  void plan() { result.plan = bench.plan().plan; }
  void apply() {
    const Planned planned = bench.plan();
    result.plan = planned.plan;
    result.result = bench.apply(planned);
  }
  /// The outcome of each target, after the document was held against its schema.
  std::vector<std::string> outcomes() {
    const Json document = as_json(result);
    test::follow_schema(document, "job-result.json");
    std::vector<std::string> list;
    for (const Json& target : document.at("targets"))
      list.push_back(text_of(target, "target").substr(0, 3) + " " + text_of(target, "outcome"));
    return list;
  }
};

using Outcomes = std::vector<std::string>;

}  // namespace

TEST_CASE("a request is read with all that it says", "[job]") {
  const Job read =
      job(removal(two_people + ", 'teams': ['acme'], 'mode': 'plan', 'requested_by': 'hr', 'reason': 'T-1', "
                               "'idempotency_key': 'k', 'approval': {'digest': '0123456789ab'}, "
                               "'policy': {'version': 1, 'unattended': true}, "
                               "'callback': {'url': 'https://example.com/hook'}"));
  CHECK(read.request == Request(RemoveUsers{{"bob@example.com", "eve@example.com"}, {"acme"}}));
  CHECK(read.mode == Job::Mode::plan);
  CHECK(read.approve == "0123456789ab");
  CHECK(read.policy->unattended);
  CHECK(read.callback == "https://example.com/hook");
  CHECK(job(removal(", 'targets': ['bob@example.com']")).request ==
        Request(RemoveUser{"bob@example.com", {}}));
}

TEST_CASE("a bad request is refused with file, line and path", "[job]") {
  CHECK_THAT(fault(removal(two_people + ", 'target': 1")),
             Catch::Contains("usage: request.json:1") && Catch::Contains("target"));
  CHECK_THAT(fault("{'version': 2, 'connector': 'heroku', 'operation': 'remove_user'" + two_people + "}"),
             Catch::Contains("/version"));
  CHECK_THAT(fault(removal(", 'targets': ['bob@example.com', 'Bob@example.com']")),
             Catch::Contains("/targets/1: Bob@example.com is named twice"));
  CHECK_THAT(fault(removal(", 'targets': ['bob@example.com', 'bob']")),
             Catch::Contains("/targets/1: \"bob\" is not an e-mail address"));
  CHECK_THAT(fault(removal(", 'targets': []")), Catch::Contains("/targets"));
  CHECK_THAT(fault(removal(two_people + ", 'policy': {'version': 1, 'sharez': 1}")),
             Catch::Contains("sharez"));
}

TEST_CASE("ten thousand targets are refused", "[job]") {
  std::string targets = ", 'targets': ['p0@example.com'";
  for (int i = 1; i < 10'000; ++i)
    targets += ", 'p" + std::to_string(i) + "@example.com'";
  CHECK_THAT(fault(removal(targets + "]")), Catch::Contains("/targets"));
}

TEST_CASE("a team is deleted by a request of its own", "[job]") {
  const std::string start = "{'version': 1, 'connector': 'heroku', 'operation': 'delete_team', ";
  CHECK(job(start + "'targets': ['acme']}").request == Request(RemoveTeam{"acme"}));
  CHECK_THAT(fault(start + "'targets': ['acme', 'beta']}"), Catch::Contains("/targets: one team"));
  CHECK_THAT(fault(start + "'targets': ['acme'], 'teams': ['acme']}"), Catch::Contains("/teams"));
}

TEST_CASE("each target of a job is told apart", "[job]") {
  TwoPeople people;
  people.bench.console.answers["id-beta"] = Answer::forbidden;
  people.apply();
  CHECK(people.result.kind() == Kind::partial);
  CHECK(people.outcomes() == Outcomes{"bob partial", "eve verified"});
}

TEST_CASE("a target without access is already absent beside others who had some", "[job]") {
  TwoPeople people;
  people.bench.console.rows["id-acme"].pop_back();
  people.apply();
  CHECK_FALSE(people.result.kind());
  CHECK(people.outcomes() == Outcomes{"bob verified", "eve already_absent"});
}

TEST_CASE("of a refused plan the target at fault is named, and the other was not tried", "[job]") {
  TwoPeople people;
  people.bench.policy.protected_accounts = {"eve@*"};
  people.plan();
  CHECK(people.result.kind() == Kind::refused);
  CHECK(people.outcomes() == Outcomes{"bob not_tried", "eve refused"});
}

TEST_CASE("a job about the plan alone says what would be done", "[job]") {
  TwoPeople people;
  people.plan();
  CHECK_FALSE(people.result.kind());
  CHECK(people.outcomes() == Outcomes{"bob planned", "eve planned"});
  CHECK(text_of(as_json(people.result), "plan") == people.result.plan->digest);
}

TEST_CASE("a job that ended before it looked has tried nothing", "[job]") {
  TwoPeople people;
  people.result.error = Error(Kind::human, "wrong password");
  CHECK(people.outcomes() == Outcomes{"bob not_tried", "eve not_tried"});
  CHECK(integer_of(as_json(people.result), "exit_code") == 77);
}

TEST_CASE("of a run that broke off after something was sent, nobody says that it was not tried", "[job]") {
  TwoPeople people;
  people.bench.console.rows["id-acme"].pop_back();
  people.plan();
  people.result.error = Error(Kind::unknown, "the run broke off: no space left");
  CHECK(people.outcomes() == Outcomes{"bob unknown", "eve already_absent"});
  const Json counts = as_json(people.result).at("counts");
  CHECK(counts == Json{{"already_absent", 1}, {"unknown", 1}});
  people.result.error = Error(Kind::unreachable, "no answer");
  CHECK(people.outcomes() == Outcomes{"bob not_tried", "eve already_absent"});
}

TEST_CASE("fifty people in twenty teams are listed by twenty looks, and come out right", "[job]") {
  Bench bench;
  bench.console.teams.clear();
  bench.console.rows.clear();
  JobResult result;
  std::string targets;
  for (int i = 0; i < 50; ++i)
    targets += (i == 0 ? "'p" : ", 'p") + std::to_string(i) + "@example.com'";
  result.job = job(removal(", 'targets': [" + targets + "]"));
  for (int t = 0; t < 20; ++t) {
    bench.console.teams.push_back(test::team("t" + std::to_string(t)));
    auto& rows = bench.console.rows["id-t" + std::to_string(t)];
    rows.push_back(member(bench.console.teams.back(), "admin@example.com", "admin"));
    // Everybody but the last is in some of them; some stay.
    for (int i = t; i < 49; i += 7)
      rows.push_back(member(bench.console.teams.back(), "p" + std::to_string(i) + "@example.com"));
    for (int i = 0; i < 8; ++i)
      rows.push_back(member(bench.console.teams.back(), "stays" + std::to_string(i) + "@example.com"));
  }
  bench.policy.removals = 1000;
  bench.request = result.job->request;
  const Planned planned = bench.plan();
  CHECK(bench.console.looks == 20);
  result.plan = planned.plan;
  result.result = bench.apply(planned);
  const Json document = as_json(result);
  CHECK(document.at("status") == "ok");
  for (const Json& target : document.at("targets")) {
    INFO(target.dump());
    const bool absent = target.at("actions").empty();
    CHECK(target.at("outcome") == (absent ? "already_absent" : "verified"));
  }
  for (const auto& [id, rows] : bench.console.rows)
    CHECK(rows.size() == 9);
  CHECK(text_of(document.at("targets").back(), "outcome") == "already_absent");
}

TEST_CASE("a key gives the first final result again, to the same request alone", "[job]") {
  const TemporaryFolder folder = test::memory_folder();
  const Json first{{"status", "ok"}};
  {
    const JobRecord record(folder.path(), "heroku", "k");
    CHECK_FALSE(record.earlier("digest"));
    record.keep("digest", first);
    CHECK_THROWS_AS(JobRecord(folder.path(), "heroku", "k"), Error);
    CHECK_NOTHROW(JobRecord(folder.path(), "heroku", "another"));
  }
  const JobRecord again(folder.path(), "heroku", "k");
  CHECK(again.earlier("digest") == first);
  CHECK_THROWS_WITH(again.earlier("other"), Catch::Contains("another request"));
}

TEST_CASE("only what need not be tried again is final", "[job]") {
  TwoPeople people;
  people.plan();
  CHECK_FALSE(is_final(people.result));
  people.apply();
  CHECK(is_final(people.result));
  people.result.result->actions[0].outcome = ActionResult::Outcome::unknown;
  CHECK_FALSE(is_final(people.result));
}

TEST_CASE("a request with a text of a million letters is read or refused like any other", "[job]") {
  const std::string letters(1'000'000, 'a');
  CHECK(job(removal(", 'targets': ['bob@example.com'], 'policy': {'version': 1, 'domains': ['" + letters +
                    "']}"))
            .policy->domains.size() == 1);
  for (const std::string& more :
       {", 'approval': {'digest': '" + letters + "'}", ", 'callback': {'url': '" + letters + "'}",
        ", 'policy': {'version': 1, 'hours': {'from': '" + letters + "', 'to': '09:00'}}",
        ", 'policy': {'version': 1, 'hours': {'from': '09:00', 'to': '" + letters + "'}}",
        ", 'idempotency_key': '" + letters + "'"}) {
    CAPTURE(more.substr(0, 40));
    CHECK_THAT(fault(removal(", 'targets': ['bob@example.com']" + more)), Catch::StartsWith("usage: "));
  }
}

}  // namespace offstage::job_test
