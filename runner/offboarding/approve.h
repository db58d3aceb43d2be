#pragma once

#include <functional>
#include <optional>
#include <set>
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
  /// The digest of the plan that the approval was given for, when `plan` is what an earlier run left of it.
  std::string rest_of = {};
};

std::string_view name_of(Approval::How how);
/// The inverse; `not_needed` for any other word.
Approval::How approval_named(std::string_view name);

/// A plan that an earlier run was approved to apply, as its journal tells.
struct ApprovedPlan {
  Approval approval;
  std::set<std::string> parts;  ///< parts_of the plan
};

/// What approving a plan approves: a digest for each action with the row it is about, and for each thing that
/// a guard notes.
std::set<std::string> parts_of(const Plan& plan);

/// Whether `plan` is nothing but what is left of a plan of these parts.
bool is_rest_of(const Plan& plan, const std::set<std::string>& parts);

/// The approval of a run that is taken up again, whose plan had this digest, as far as it holds for `plan`:
/// nothing when that is more than what is left of it, or when a policy gave it, which is asked as it is now.
std::optional<Approval> resumed_approval(const Plan& plan, const std::string& digest,
                                         const std::vector<ApprovedPlan>& earlier);

/// What can approve a plan.
struct Approver {
  /// `--approve`: a plan's whole digest, or its first twelve digits or more; `sha256:` before it is allowed.
  std::optional<std::string> digest;
  /// Tells what earlier runs were approved to apply, for the same request: the digest of such a plan approves
  /// what is left of it. Asked only when the digest is not this plan's.
  std::function<std::vector<ApprovedPlan>()> earlier = [] { return std::vector<ApprovedPlan>(); };
  /// resumed_approval for this plan: nobody else needs to approve it.
  std::optional<Approval> resumed;
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
