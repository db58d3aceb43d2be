#include "offboarding/job.h"

#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/schema.h"
#include "base/text.h"
#include "embedded/job_json.h"
#include "offboarding/rows.h"
#include "offboarding/state.h"

namespace offstage::offboarding {
namespace {

/// Each target once, and of the right kind; an error names its place.
std::vector<std::string> targets_from(const JsonView& view, bool people) {
  std::vector<std::string> targets;
  std::set<std::string> seen;
  for (const JsonView& element : view.elements()) {
    const std::string target = element.string();
    if (people && !is_email(target)) {
      throw element.error(fmt::format("\"{}\" is not an e-mail address", printable(target, 80)),
                          "give one plain address, as the console shows it: bob@example.com");
    }
    if (!seen.insert(people ? email_key(target) : target).second)
      throw element.error(fmt::format("{} is named twice", printable(target, 80)), "name each target once");
    targets.push_back(target);
  }
  return targets;
}

Request request_of(const JsonView& view, const std::vector<std::string>& targets) {
  std::vector<std::string> teams;
  const auto named = view.find("teams");
  if (named) teams = named->strings();
  if (view.at("operation").string() == "remove_user") {
    if (targets.size() == 1) return RemoveUser{targets.front(), teams};
    return RemoveUsers{targets, teams};
  }
  if (named) throw named->error("only people are removed from teams; a team is deleted whole");
  if (targets.size() != 1)
    throw view.at("targets").error("one team is deleted at a time", "make a request of its own for each");
  return RemoveTeam{targets.front()};
}

/// A file that tells nobody the key.
std::string record_name(const std::string& about, const std::string& key) {
  return sha256(about + "\n" + key).substr(0, 32);
}

}  // namespace

Job job_from(const std::shared_ptr<const JsonDocument>& document) {
  validate(*document, embedded::job_json);
  const JsonView view(document);
  Job job;
  job.connector = view.at("connector").string();
  job.targets = targets_from(view.at("targets"), view.at("operation").string() == "remove_user");
  job.request = request_of(view, job.targets);
  check(job.request);
  job.mode = view.string_or("mode", "apply") == "plan" ? Job::Mode::plan : Job::Mode::apply;
  if (const auto approval = view.find("approval")) job.approve = approval->at("digest").string();
  if (const auto policy = view.find("policy"))
    job.policy = policy_from(JsonDocument::parse(policy->json().dump(2), document->name() + ": /policy"));
  job.requested_by = view.string_or("requested_by", "");
  job.reason = view.string_or("reason", "");
  job.key = view.string_or("idempotency_key", "");
  if (const auto callback = view.find("callback")) job.callback = callback->at("url").string();
  job.digest = sha256(canonical(document->root()));
  return job;
}

JobRecord::JobRecord(const std::filesystem::path& root, const std::string& about, const std::string& key)
    : file_(root / "jobs" / (record_name(about, key) + ".json")) {
  make_private_folder(root);
  make_private_folder(root / "jobs");
  std::filesystem::path lock = file_;
  lock.replace_extension(".lock");
  lock_ = locked(lock, "a job with the same idempotency key is being done");
}

std::optional<Json> JobRecord::earlier(const std::string& request_digest) const {
  if (!std::filesystem::exists(file_)) return {};
  const auto document = JsonDocument::load(file_);
  const JsonView view(document);
  if (view.at("request").string() != request_digest) {
    throw Error(Kind::usage, "the idempotency key was used for another request",
                "give each request a key of its own; the same key only to the very same request");
  }
  return view.at("result").json();
}

void JobRecord::keep(const std::string& request_digest, const Json& result) const {
  write_file(file_, pretty(Json{{"request", request_digest}, {"result", result}}));
}

}  // namespace offstage::offboarding
