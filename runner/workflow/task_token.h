#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "workflow/delivery.h"
#include "workflow/step_outputs.h"

namespace offstage::workflow {

/// A task of AWS Step Functions that waits for this process: it hands its token over in $TASK_TOKEN. The
/// region is $AWS_REGION, the credentials those of the environment or of the container's role, and the
/// address $AWS_ENDPOINT_URL_SFN, $AWS_ENDPOINT_URL or AWS's own for the region. Thread-safe once made.
/// Sources: the API reference of Step Functions (SendTaskHeartbeat, SendTaskSuccess, SendTaskFailure: an
/// output of 262144 characters at most, a cause of 32768); AWS SDKs' guide, "Container credential provider".
class TaskToken {
 public:
  /// The task that waits; nothing when none does. Throws Error{usage} when there is one, and no region to
  /// find it in.
  static std::optional<TaskToken> waiting(const StepPlaces& places);

  /// Says that the job is alive; why that could not be said, or "".
  std::string heartbeat(const Until& until) const;

  /// Ends the task: with the result where the wanted state holds, else as failed with the error
  /// "Offstage.KIND" and the result as its cause. Throws as deliver does.
  void finish(const Json& result, const DeliveryPace& pace, Log& log, const Until& until) const;

 private:
  explicit TaskToken(StepPlaces places) : places_(std::move(places)) {}
  HttpAnswer call(const std::string& operation, Json body, const Until& until) const;

  StepPlaces places_;
};

}  // namespace offstage::workflow
