#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/removal.h"
#include "offboarding/job.h"
#include "offboarding/rows.h"
#include "offboarding/state.h"
#include "workflow/callback.h"
#include "workflow/heartbeat.h"
#include "workflow/job_folder.h"
#include "workflow/step_outputs.h"
#include "workflow/task_token.h"

namespace offstage::cli {
namespace {

using offboarding::Job;
using offboarding::JobResult;
using offboarding::Planned;
using workflow::Heartbeat;
using workflow::JobFolder;
using workflow::StepPlaces;
using workflow::TaskToken;

constexpr Milliseconds job_limit{4 * 60 * 60'000};
/// How long whoever waits for a result is tried to be told, after the work itself.
constexpr Milliseconds delivery_limit{60'000};
constexpr Milliseconds delivery_limit_when_stopped{1'500};
constexpr Milliseconds between_beats{10'000};
constexpr std::size_t longest_request = 4 << 20;
/// How many times a worker begins a request over which processes die.
constexpr long most_tries = 3;

struct JobOptions {
  std::string request;
  std::string result_file;
  std::string callback_url;
  int heartbeat_fd = -1;
  std::string watch;
  std::string ready_file;
};

std::shared_ptr<const JsonDocument> request_document(const std::string& file) {
  if (file.starts_with("{")) return JsonDocument::parse(file, "the request");
  if (file != "-") return JsonDocument::load(file);
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  if (text.size() > longest_request) throw Error(Kind::usage, "the request on standard input is too long");
  return JsonDocument::parse(std::move(text), "standard input");
}

offboarding::Policy policy_for(const Job& job, const Settings& settings) {
  if (!job.policy) return policy_of(settings);
  if (!settings.policy.empty()) {
    throw Error(Kind::usage, "the request brings a policy, and --policy names another one",
                "leave out one of them: whoever runs Offstage decides whose policy counts");
  }
  return *job.policy;
}

/// Looks, plans, and applies unless the job is only about the plan. Keeps in `result` what is known so far.
void work(Run& run, const Job& job, ConsoleSession& session, Progress& progress, JobResult& result,
          const Until& until) {
  const offboarding::Policy policy = policy_for(job, run.settings);
  const std::string requested_by = job.requested_by.empty() ? run.settings.who() : job.requested_by;
  const Planned planned = make_plan(session.console(), job.request, requested_by, policy, progress, until);
  result.plan = planned.plan;
  if (job.mode == Job::Mode::plan) return;
  offboarding::Approver approver = approver_of(run, session, planned.plan);
  if (!job.approve.empty()) approver.digest = job.approve;
  const offboarding::Approval approval = approve(planned.plan, approver, policy);
  result.result = apply_plan(session.console(), planned, approval, policy, run_settings(run, job.reason),
                             progress, until);
}

/// Keeps a result that is the end of the matter, so that the same request gets it again.
void remember(Run& run, const offboarding::JobRecord& record, const JobResult& result, const Json& document) {
  if (!is_final(result)) return;
  try {
    record.keep(result.job->digest, document);
  } catch (const Error& error) {
    // What was done is done: the same request again finds it so.
    run.log.warn("the result was not kept for its key: " + error.message());
  }
}

/// Where the result of a job is to be sent; "" for nowhere. Whoever runs Offstage decides before the request.
std::string callback_of(const JobOptions& options, const std::optional<Job>& job) {
  if (!options.callback_url.empty()) return options.callback_url;
  return job ? job->callback : std::string();
}

/// Throws before anything is done when the callback could not be made, or not be signed.
void check_callback(const Run& run, const std::string& url) {
  if (url.empty()) return;
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw Error(Kind::usage, "the callback's address is none: it begins with https:// or http://");
  if (!run.secrets.has("callback")) {
    throw Error(Kind::usage, "a callback is wanted, and there is no secret to sign it with",
                "give one: --secret callback=file:PATH");
  }
  workflow::signing_key(run.secrets.get("callback"));
}

StepPlaces places_here() {
  return {[](const char* name) { return environment(name); }, "/"};
}

/// A job that has ended: its result, who is to be told of it, and why that was not taken.
struct Ended {
  Json document;
  std::string callback;
  std::optional<Error> undelivered;
  bool good() const { return text_of(document, "status") == "ok"; }
  std::string line() const { return offboarding::compact(document) + "\n"; }
  std::optional<Kind> kind() const {
    if (!good()) return kind_named(text_of(document, "status"));
    return undelivered ? std::optional(undelivered->kind()) : std::nullopt;
  }
};

/// Does one request, whatever comes of it. `request` reads the secrets first.
Ended perform(Run& run, const std::function<std::shared_ptr<const JsonDocument>(const Until&)>& request,
              const JobOptions& options, Heartbeat& heart) {
  JobResult result;
  result.started_at = utc_now();
  Ended ended;
  std::optional<offboarding::JobRecord> record;
  const auto failed = [&](const Error& error) {
    const Error signalled = as_signalled(error, run.signals);
    write_error(error_text(signalled, run.secrets));
    // As safe to hand on as what is printed.
    const Json told = error_document(signalled, run.secrets).at("error");
    result.error = Error(signalled.kind(), text_of(told, "message"), text_of(told, "hint"));
  };
  const Until until = run.until(job_limit);
  try {
    result.job = offboarding::job_from(request(until));
    const Job& job = *result.job;
    check_callback(run, callback_of(options, job));
    Progress progress(run);
    progress.tell([&](const std::string& what) { heart.doing(run.secrets.redacted(what)); });
    ConsoleSession session(run, job.connector, progress, until);
    if (!job.key.empty()) {
      record.emplace(offboarding::default_state_folder(), session.about(), job.key);
      if (std::optional<Json> earlier = record->earlier(job.digest)) {
        run.log.info("this request has been done before: giving its first result again");
        ended.document = *std::move(earlier);
      }
    }
    if (ended.document.is_null()) work(run, job, session, progress, result, until);
  } catch (const Error& error) {
    failed(error);
  } catch (const std::exception& error) {
    failed(Error(Kind::internal, fmt::format("a defect in Offstage: {}", error.what()), "please report it"));
  }
  if (ended.document.is_null()) {
    result.finished_at = utc_now();
    ended.document = as_json(result);
    if (record) remember(run, *record, result, ended.document);
  }
  ended.callback = callback_of(options, result.job);
  return ended;
}

/// Tells those who wait: at the callback's address, and the task of Step Functions if there is one.
void tell(Run& run, const std::optional<TaskToken>& task, Ended& ended) {
  // Whoever ended this run waits for its end as well.
  const Until until = run.signals.token().stop_requested() ? Until::in(delivery_limit_when_stopped)
                                                           : Until::in(delivery_limit, run.signals.token());
  const auto attempt = [&](const std::function<void()>& deliver) {
    try {
      deliver();
    } catch (const Error& error) {
      ended.undelivered = error;
      write_error(error_text(error, run.secrets));
    }
  };
  if (!ended.callback.empty() && run.secrets.has("callback")) {
    const std::string source = "urn:offstage:" + url_encoded(text_of(ended.document, "connector"));
    attempt([&] {
      workflow::send_callback(ended.callback, source, ended.document, run.secrets.get("callback"), {},
                              run.log, until);
    });
  }
  if (task) attempt([&] { task->finish(ended.document, {}, run.log, until); });
}

/// Tells each who waits for this job that it is alive.
void begin_beats(Run& run, const JobOptions& options, const std::optional<TaskToken>& task,
                 Heartbeat& heart) {
  if (options.heartbeat_fd >= 0)
    heart.every(between_beats, workflow::beat_to_descriptor(options.heartbeat_fd));
  if (!task) return;
  heart.every(between_beats, [&run, &task, warned = false](const std::string&) mutable {
    const std::string fault = task->heartbeat(Until::in(between_beats, run.signals.token()));
    if (!fault.empty() && !warned && !run.signals.token().stop_requested()) {
      run.log.warn("Step Functions did not take a heartbeat: " + fault);
      warned = true;
    }
  });
}

std::optional<Kind> do_one(Run& run, const JobOptions& options) {
  const StepPlaces places = places_here();
  workflow::QuietRunner quiet(places);
  std::optional<TaskToken> task;
  Ended ended;
  {
    Heartbeat heart;
    const auto request = [&](const Until& until) {
      // First of all: the task is told of whatever fails from here on.
      task = TaskToken::waiting(places);
      begin_beats(run, options, task, heart);
      read_secrets(run.secrets, run.settings, until);
      return request_document(options.request);
    };
    ended = perform(run, request, options, heart);
  }
  write_step_outputs(ended.document, places, run.log);
  try {
    if (!options.result_file.empty()) write_file(options.result_file, ended.line(), 0644);
  } catch (const Error& error) {
    run.log.warn("the result is on stdout alone: " + error.message());
  }
  tell(run, task, ended);
  try {
    run.output.raw(quiet.harmless(ended.line()));
  } catch (const Error& error) {
    // The exit code is that of the work: it is done, and another try would not do it better.
    run.log.warn(error.message());
  }
  if (!ended.good()) quiet.annotate(text_of(ended.document, "message"));
  if (ended.good() && ended.undelivered) quiet.annotate(ended.undelivered->message());
  return ended.kind();
}

/// Says that this worker is ready, as long as it lives.
class ReadyFile {
 public:
  explicit ReadyFile(std::string file) : file_(std::move(file)) {
    if (!file_.empty()) write_file(file_, "ready\n", 0644);
    workflow::notify_supervisor("READY=1");
  }
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;
  ~ReadyFile() {
    workflow::notify_supervisor("STOPPING=1");
    std::error_code gone;
    if (!file_.empty()) std::filesystem::remove(file_, gone);
  }

 private:
  std::string file_;
};

/// Does a request of the folder. One that somebody else keeps busy is done as soon as that one lets go.
Ended perform_claimed(Run& run, const JobFolder::Claim& claim, const JobOptions& options) {
  constexpr Milliseconds longest_pause{60'000};
  const auto request = [&](const Until& until) {
    read_secrets_again(run.secrets, run.settings, until);
    if (claim.tries() > most_tries) {
      throw Error(
          Kind::internal,
          fmt::format("a process that did this request died over it, {} times: it is not tried again",
                      most_tries),
          "see the worker's log, look with \"offstage reconcile\" at what was sent, and put the request "
          "there again");
    }
    return JsonDocument::load(claim.file());
  };
  for (Milliseconds wait{1'000};; wait = std::min(2 * wait, longest_pause)) {
    Heartbeat nobody_listens;
    Ended ended = perform(run, request, options, nobody_listens);
    if (ended.kind() != Kind::busy) return ended;
    run.log.info(fmt::format("{}: busy; trying again", printable(claim.name(), 100)));
    offboarding::pause(wait, run.signals.token());
    if (run.signals.token().stop_requested()) return ended;
  }
}

std::optional<Kind> watch(Run& run, const JobOptions& options) {
  constexpr Milliseconds between_looks{500};
  JobFolder folder(options.watch, run.log);
  const std::stop_token stop = run.signals.token();
  const ReadyFile ready(options.ready_file);
  run.log.info("waiting for requests in " + options.watch);
  while (!stop.stop_requested()) {
    std::optional<JobFolder::Claim> claim = folder.next();
    if (!claim) {
      offboarding::pause(between_looks, stop);
      continue;
    }
    run.log.info("doing " + printable(claim->name(), 100));
    Ended ended = perform_claimed(run, *claim, options);
    if (stop.stop_requested() && !ended.good()) {
      // What a stop cut short is taken up again by whoever comes next.
      claim->leave();
      break;
    }
    tell(run, {}, ended);
    claim->finish(ended.line());
    run.log.info(fmt::format("{}: {}", printable(claim->name(), 100), text_of(ended.document, "message")));
  }
  // Ending when asked to is what was asked for.
  return {};
}

std::optional<Kind> do_job(Run& run, const JobOptions& options) {
  if (options.watch.empty() == options.request.empty())
    throw Error(Kind::usage, "give either --request or --watch", "\"offstage job --help\" tells more");
  if (options.watch.empty()) return do_one(run, options);
  if (options.heartbeat_fd >= 0 || !options.result_file.empty()) {
    throw Error(Kind::usage, "--heartbeat-fd and --result-file are for one job, and --watch does many",
                "leave them out: --ready-file says that it is alive, and results stand beside the requests");
  }
  if (!run.settings.evidence.empty()) {
    throw Error(
        Kind::usage, "--evidence names the folder of one run, and --watch does many",
        "leave it out: each run makes a folder of its own below offstage-evidence, where this is started");
  }
  return watch(run, options);
}

}  // namespace

void add_job(CommandLine& line) {
  const auto options = std::make_shared<JobOptions>();
  CLI::App& command =
      line.command(line.root(), "job", "Do one request of another program, as a step of its workflow",
                   {"job --request request.json", "job --request - --result-file result.json < request.json",
                    "job --watch /var/spool/offstage --ready-file /run/offstage/ready"},
                   [options](Run& run) { return do_job(run, *options); });
  command
      .add_option(
          "--request", options->request,
          "The request (connectors/schema/job.json): a file, - for standard input, or the JSON itself")
      ->type_name("FILE")
      ->envname("OFFSTAGE_REQUEST");
  command.add_option("--result-file", options->result_file, "Write the result to this file as well")
      ->type_name("FILE")
      ->envname("OFFSTAGE_RESULT_FILE");
  command
      .add_option("--callback-url", options->callback_url,
                  "Send the result there, signed with the secret \"callback\", whatever the request says")
      ->type_name("URL")
      ->envname("OFFSTAGE_CALLBACK_URL");
  command
      .add_option("--heartbeat-fd", options->heartbeat_fd,
                  "Write a line of JSON to this descriptor every ten seconds, for whoever watches")
      ->type_name("N")
      ->envname("OFFSTAGE_HEARTBEAT_FD");
  command
      .add_option("--watch", options->watch,
                  "Do each request (NAME.json) that is put into this folder, for ever")
      ->type_name("DIR")
      ->envname("OFFSTAGE_WATCH");
  command
      .add_option("--ready-file", options->ready_file, "With --watch: a file that is there while it is ready")
      ->type_name("FILE")
      ->envname("OFFSTAGE_READY_FILE");
}

}  // namespace offstage::cli
