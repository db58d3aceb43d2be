#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "offboarding/policy.h"
#include "offboarding/request.h"
#include "offboarding/result.h"

namespace offstage::offboarding {

/// One request of another program, whole in itself (connectors/schema/job.json). A value.
struct Job {
  enum class Mode { plan, apply };

  std::string connector;
  Request request;
  std::vector<std::string> targets;  ///< as they were named, in their order
  Mode mode = Mode::apply;
  std::string approve;           ///< the digest of the plan that somebody approved; may be empty
  std::optional<Policy> policy;  ///< the request's own
  std::string requested_by;
  std::string reason;
  std::string key;       ///< the same key again gets the first result; may be empty
  std::string callback;  ///< an http or https address; may be empty
  std::string digest;    ///< SHA-256 of what was asked for, to tell two requests with one key apart
};

/// Throws Error{usage} with file, line and JSON path: an unknown member, another version, more targets than
/// anybody means (1000), one that is there twice or is no address.
Job job_from(const std::shared_ptr<const JsonDocument>& document);

/// What became of a job. A value, made step by step: whatever is known when it ends is in the document.
struct JobResult {
  static constexpr int version = 1;

  std::optional<Job> job;        ///< nothing: the request could not be read
  std::optional<Plan> plan;      ///< nothing: it ended before there was one
  std::optional<Result> result;  ///< nothing: nothing was applied
  std::optional<Error> error;    ///< why it ended early
  std::string started_at;
  std::string finished_at;

  /// Nothing when the wanted state holds and was verified, or a plan was made that nothing refuses.
  std::optional<Kind> kind() const;
};

/// As connectors/schema/job-result.json says, each target with what became of it alone.
Json as_json(const JobResult& result);

/// What is remembered of a job with a key, so that its first result can be given again. Holding one keeps
/// other processes from the same key; released when destroyed, and by the system when the process dies.
class JobRecord {
 public:
  /// `root`: as AccountState's; `about`: which console and account. Throws Error{busy} when the same key is
  /// being worked on, Error{usage} when the folder cannot be used.
  JobRecord(const std::filesystem::path& root, const std::string& about, const std::string& key);

  /// The result that was kept. Throws Error{usage} when it was that of another request.
  std::optional<Json> earlier(const std::string& request_digest) const;
  void keep(const std::string& request_digest, const Json& result) const;

 private:
  std::filesystem::path file_;
  FileDescriptor lock_;
};

/// Whether a result is the end of the matter: what could be tried again is not kept.
bool is_final(const JobResult& result);

}  // namespace offstage::offboarding
