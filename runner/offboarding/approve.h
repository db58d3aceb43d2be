#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "offboarding/hours.h"
#include "offboarding/plan.h"
#include "offboarding/policy.h"

namespace offstage::offboarding {

/// That, how and by whom a plan was approved. A value.
struct Approval {
  enum class How { terminal, digest, policy, not_needed };
  How how = How::not_needed;
  std::string by;    ///< who runs Offstage, or "policy"
  std::string at;    ///< RFC 3339
  std::string plan;  ///< the digest of the plan that was approved
};

std::string_view name_of(Approval::How how);

/// What can approve a plan.
struct Approver {
  /// `--approve`: a plan's whole digest, or its first twelve digits or more; `sha256:` before it is allowed.
  std::optional<std::string> digest;
  /// Shows a question to a person at a terminal and returns the line typed, or nothing at end of input. Empty
  /// when there is no terminal.
  std::function<std::optional<std::string>(const std::string& question)> ask;
  std::string by;  ///< who runs Offstage
  std::function<LocalTime()> now = local_now;
};

/// Returns how the plan was approved or throws Error{refused}: a guard refuses it, the policy's hours or its
/// wish for another person do, the digest is another plan's, the person said no, or nobody was asked. A
/// deletion needs the resource's name typed, or the digest; a policy never approves one.
Approval approve(const Plan& plan, const Approver& approver, const Policy& policy);

/// Whether the policy approves the plan by itself, once every guard passes it.
bool is_unattended(const Plan& plan, const Policy& policy);

/// Throws Error{refused} when the policy wants another person's approval than that of who asked, and `by` is
/// not another one, or nobody knows.
void check_other_approver(const Plan& plan, const std::string& by, const Policy& policy);

/// Throws Error{refused} naming every refusal when a guard refuses the plan.
void check_guards(const Plan& plan);

}  // namespace offstage::offboarding
