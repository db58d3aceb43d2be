#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/log.h"

namespace offstage::workflow {

/// Where a workflow tool looks for what a step gives: known by the variables and folders that it makes.
struct StepPlaces {
  /// The value of an environment variable; "" when there is none.
  std::function<std::string(const char* name)> variable;
  /// Below it stand /tekton, /airflow and /dev: "/" but in tests.
  std::filesystem::path root = "/";
};

/// Writes a job's result (job-result.json) to every place that is there, and to no other: GitHub Actions'
/// outputs and summary, Tekton's results, Airflow's XCom, the container's termination message in Kubernetes,
/// and $OFFSTAGE_OUT_DIR/outputs, a file for each, as Argo wants them. A place that cannot be written is
/// warned of: what was done does not change by it.
/// Sources: GitHub's workflow commands; Tekton's and Kubernetes' limit of 4096 bytes for all results of a
/// container, of which some 3000 can be used; Airflow reads return.json as JSON, also after a failure.
void write_step_outputs(const Json& result, const StepPlaces& places, Log& log);

/// What is worth saying of a result in 3000 bytes: JSON, always whole.
std::string in_brief(const Json& result);

/// A table of the result in GitHub's Markdown. Nothing in it is read as Markdown, HTML or a mention.
std::string markdown_summary(const Json& result);

/// GitHub's runner reads commands from what a step prints. As long as this lives, it does not, so that no
/// text of a page can be one; `annotate` works all the same. Does nothing outside of GitHub Actions.
class QuietRunner {
 public:
  explicit QuietRunner(const StepPlaces& places);
  QuietRunner(const QuietRunner&) = delete;
  QuietRunner& operator=(const QuietRunner&) = delete;
  ~QuietRunner();
  /// A line of JSON for stdout, which the runner reads beside stderr and may read when commands count again:
  /// the old form of a command, which may stand anywhere in a line, is written in escapes.
  std::string harmless(std::string json) const;
  /// Shows an error at the step, in the run's overview.
  void annotate(const std::string& message);

 private:
  void stop();
  void resume();
  std::string token_;  ///< while commands are stopped
  bool on_;
};

}  // namespace offstage::workflow
