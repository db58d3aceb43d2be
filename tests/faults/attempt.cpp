#include "faults/attempt.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::faults {
namespace {

using test::Finished;
using test::Sandbox;
using test::Start;

const std::string team = "acme-core";
const std::string leaver = "dana.whitfield@example.com";

const Json policy{{"version", 1}, {"unattended", true}};

const char* const small_world = R"({
  "automation": {"email": "offstage@example.com"},
  "teams": [{"name": "acme-core", "members": [
    {"email": "offstage@example.com", "role": "admin"},
    {"email": "priya.raman@example.com", "role": "admin"},
    {"email": "dana.whitfield@example.com"},
    {"email": "dana.whitfield+test@example.com"},
    {"email": "kofi.asante@example.com"}]}]})";

/// What a run is told that it may take, and how much more it may need at most: an answer that is waited for
/// after a commit, and one look.
const std::string run_time = "90s";
constexpr Milliseconds most_time{90'000 + 30'000 + 60'000};

/// The small world, and a console that takes a one-time code twice: the second run of an attempt would spend
/// most of its time waiting for the next one.
std::vector<std::string> practice_arguments(const Sandbox& files) {
  return {"--seed", files.write("seed.json", small_world).string(), "--fault", "code-once=off"};
}

/// The console's people and teams as they are to be once the leaver is gone, or while she is there.
std::vector<std::string> members_of(const Json& state) {
  std::vector<std::string> all;
  for (const Json& each : state.at("teams")) {
    for (const Json& member : each.at("members"))
      all.push_back(each.at("name").get<std::string>() + " " + member.at("email").get<std::string>());
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// The JSON document that a run ended with; null when it was cut off before it had one.
Json document_of(const Finished& run) {
  Json document = Json::parse(run.out, nullptr, false);
  return document.is_discarded() ? Json() : document;
}

/// What a run's document says of each action, or a job's of each person.
std::vector<std::string> outcomes_of(const Json& document) {
  std::vector<std::string> all;
  for (const char* list : {"actions", "targets"}) {
    for (const Json& each : document.value(list, Json::array()))
      all.push_back(each.value("outcome", ""));
  }
  return all;
}

/// Whether an exit code says that nothing was sent.
bool says_nothing_was_sent(int exit_code) {
  constexpr std::array kinds{Kind::refused,     Kind::usage, Kind::browser, Kind::drift,
                             Kind::unreachable, Kind::busy,  Kind::human};
  return std::any_of(kinds.begin(), kinds.end(), [&](Kind kind) { return exit_code_of(kind) == exit_code; });
}

/// Holds what a run says that it did against what the console shows right after it, and against whether the
/// console was told by it to change something.
void check_report(const Finished& run, bool there, bool sent, const std::string& which, Verdict& verdict) {
  const Json document = document_of(run);
  if (run.exit_code == 0 && there)
    verdict.untrue.push_back(which + " ended with 0 while the person is still there");
  if (says_nothing_was_sent(run.exit_code) && sent)
    verdict.untrue.push_back(
        fmt::format("{} ended with {} after it had sent something", which, run.exit_code));
  if (!document.is_object()) return;
  const int told = document.value("exit_code", run.exit_code);
  // A process that is killed after it told its end did not choose the code it ends with.
  if (told != run.exit_code && run.exit_code != 128 + SIGKILL)
    verdict.untrue.push_back(fmt::format("{} ended with {} and reports {}", which, run.exit_code, told));
  for (const std::string& outcome : outcomes_of(document)) {
    const bool says_gone = outcome == "verified" || outcome == "already_absent";
    const bool says_there = outcome == "failed" || outcome == "refused" || outcome == "not_tried";
    if ((says_gone && there) || (says_there && !there)) {
      verdict.untrue.push_back(fmt::format("{} reports \"{}\" and the person is {}", which, outcome,
                                           there ? "still there" : "gone"));
    }
  }
}

/// How long ago the run in a folder was asked to stop; 0: it was not.
Milliseconds since_stop(const Sandbox& sandbox) {
  Clock::rep asked = 0;
  if (!(std::ifstream(sandbox.path() / "moments.stop") >> asked)) return Milliseconds(0);
  return std::chrono::duration_cast<Milliseconds>(Clock::now().time_since_epoch() - Clock::duration(asked));
}

}  // namespace

std::string Disturbance::name() const {
  return fmt::format("{} at moment {} ({})", what, moment, where);
}

Ground::Ground(Way way) : console_(practice_arguments(files_)), way_(way) {
  waiting_.page("/", "{}");
  files_.write("policy.json", policy.dump());
  files_.write("request.json", Json{{"version", 1},
                                    {"connector", "heroku"},
                                    {"operation", "remove_user"},
                                    {"targets", {leaver}},
                                    {"teams", {team}},
                                    {"policy", policy},
                                    {"idempotency_key", "leaver-1"}}
                                   .dump());
  files_.write("key", random_hex(32));
  if (way_.signed_in) keep_session();
}

void Ground::keep_session() {
  const Sandbox sandbox;
  const Finished run = remove(sandbox, {});
  if (run.exit_code != 0)
    throw Error(Kind::internal, "the removal that was to keep a session ended with an error: " + run.err);
  session_ = read_file(sandbox.path() / "session");
}

void Ground::prepare(const Sandbox& sandbox) {
  if (!way_.signed_in) {
    console_.reset();
  } else {
    console_.reset(test::PracticeConsole::Keep::sessions);
    write_file(sandbox.path() / "session", session_);
  }
}

Finished Ground::run(const Sandbox& sandbox, const Disturbance& disturbance,
                     const std::vector<std::string>& arguments) {
  Start start;
  start.folder = sandbox.path();
  start.patience = most_time;
  start.variables["OFFSTAGE_PRACTICE"] = console_.description_file().string();
  start.variables["OFFSTAGE_FAULT"] = fmt::format("{} {}", disturbance.moment, disturbance.what);
  start.variables["OFFSTAGE_FAULT_LOG"] = (sandbox.path() / "moments").string();
  std::vector<std::string> words{std::string(OFFSTAGE_BINARY_DIR) + "/tests/offstage-with-faults"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return test::Program(words, start).finish();
}

std::vector<std::string> Ground::arguments(const Sandbox& sandbox) const {
  std::vector<std::string> words{"remove",
                                 "user",
                                 leaver,
                                 "--from",
                                 "heroku",
                                 "--team",
                                 team,
                                 "--output",
                                 "json",
                                 "--policy",
                                 (files_.path() / "policy.json").string()};
  const std::string key = "file:" + (files_.path() / "key").string();
  if (way_.job) {
    words = {"job",
             "--request",
             (files_.path() / "request.json").string(),
             "--callback-url",
             waiting_.url("/"),
             "--secret",
             "callback=" + key};
  }
  words.insert(words.end(), {"--timeout", run_time});
  if (way_.signed_in)
    words.insert(words.end(), {"--session", (sandbox.path() / "session").string(), "--session-key", key});
  return words;
}

Finished Ground::remove(const Sandbox& sandbox, const Disturbance& disturbance) {
  return run(sandbox, disturbance, arguments(sandbox));
}

void Ground::check_callbacks(std::size_t earlier, const Finished& last, Verdict& verdict) const {
  const std::vector<test::PageServer::Request> all = waiting_.requests();
  if (all.size() == earlier) {
    verdict.unfinished.push_back("nobody was told");
  } else if (Json::parse(all.back().body, nullptr, false) != document_of(last)) {
    verdict.untrue.push_back("what was told last is not what the last run said: " + all.back().body);
  }
}

void Ground::check_journals(const Sandbox& sandbox, const std::string& which, Verdict& verdict) {
  const Finished verified = run(sandbox, {}, {"journal", "verify"});
  if (verified.exit_code != 0)
    verdict.untrue.push_back("the journals after " + which + ": " + verified.out + verified.err);
}

Finished Ground::timed(const Sandbox& sandbox, const Disturbance& disturbance, const std::string& which,
                       Verdict& verdict) {
  const Clock::time_point start = Clock::now();
  Finished run;
  try {
    run = remove(sandbox, disturbance);
  } catch (const Error& error) {
    verdict.late.push_back(which + " did not end in time");
    run.exit_code = 128 + SIGKILL;
    run.err = error.what();
  }
  verdict.longest = std::max(verdict.longest, std::chrono::duration_cast<Milliseconds>(Clock::now() - start));
  return run;
}

std::vector<std::string> Ground::moments() {
  const Sandbox sandbox;
  prepare(sandbox);
  const Finished run = remove(sandbox, {});
  if (run.exit_code != 0)
    throw Error(Kind::internal, "the removal that nothing disturbs ended with an error: " + run.err);
  std::vector<std::string> moments = split(read_file(sandbox.path() / "moments"), '\n');
  moments.pop_back();
  return moments;
}

Verdict Ground::attempt(const Disturbance& disturbance, Beginnings& begun) {
  const Sandbox sandbox;
  prepare(sandbox);
  std::vector<std::string> wanted = members_of(console_.state());
  std::erase(wanted, team + " " + leaver);
  Verdict verdict;

  const std::size_t told_before = waiting_.requests().size();
  const Finished first = timed(sandbox, disturbance, "the disturbed run", verdict);
  verdict.stop = since_stop(sandbox);
  const std::vector<std::string> moments = split(read_file(sandbox.path() / "moments"), '\n');
  verdict.reached = static_cast<long>(moments.size()) > disturbance.moment;
  const std::size_t sent_by_first = console_.change_log().size();
  check_report(first, console_.is_member(team, leaver), sent_by_first > 0, "the disturbed run", verdict);

  const auto remains = [&] { return remains_of(sandbox.path(), console_.state(), console_.change_log()); };
  const std::string left = remains();
  bool runs_again = !way_.once || !begun.has(left);
  if (!runs_again) {
    check_journals(sandbox, "the disturbed run", verdict);
    runs_again = remains() != left;  // something was still on its way
  }
  Finished second;
  if (runs_again) {
    second = timed(sandbox, {}, "the second run", verdict);
    check_report(second, console_.is_member(team, leaver), console_.change_log().size() > sent_by_first,
                 "the second run", verdict);
    if (second.exit_code != 0)
      verdict.unfinished.push_back(fmt::format("the second run ended with {}", second.exit_code));
    check_journals(sandbox, "the second run", verdict);
  }
  const bool is_done = runs_again || first.exit_code == 0;
  if (way_.job && is_done) check_callbacks(told_before, runs_again ? second : first, verdict);
  if (members_of(console_.state()) != wanted) {
    const bool others = [&] {
      std::vector<std::string> now = members_of(console_.state());
      std::erase(now, team + " " + leaver);
      return now != wanted;
    }();
    if (others || is_done)
      (others ? verdict.wrong : verdict.unfinished).push_back("the console's people are not those wanted");
  }

  int removals = 0;
  for (const Json& change : console_.change_log()) {
    const std::string path = url_decoded(change.at("path").get<std::string>());
    if (change.at("method") == "DELETE" && path == "/teams/" + team + "/members/" + leaver) {
      ++removals;
    } else {
      verdict.wrong.push_back(fmt::format("{} {}", change.at("method").get<std::string>(), path));
    }
  }
  if (removals > 1) verdict.twice.push_back(fmt::format("the removal was sent {} times", removals));
  if (runs_again && verdict.good()) begun.add(left);
  verdict.told = fmt::format("first, {}:\n{}{}second, {}:\n{}{}", first.exit_code, first.out, first.err,
                             second.exit_code, second.out, second.err);
  return verdict;
}

}  // namespace offstage::faults
