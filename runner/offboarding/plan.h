#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "connector/console.h"
#include "offboarding/action.h"
#include "offboarding/guards.h"
#include "offboarding/observe.h"
#include "offboarding/policy.h"

namespace offstage::offboarding {

/// What one listing was when the plan was made.
struct ListingSummary {
  Resource resource;
  std::string taken_at;
  std::size_t rows = 0;
  std::size_t people = 0;
  std::string digest;
};

/// The exact actions that a request would take on the console as it stood, and what the guards say of them. A
/// value. Its digest names it: the same request on the same state of the console has the same digest,
/// whenever it is made.
struct Plan {
  static constexpr int version = 1;

  std::string connector;
  std::string title;
  std::string account;  ///< signed in with this address
  Request request;
  std::string requested_by;  ///< who made it, as --by or the machine names them
  std::string observed_at;
  std::vector<Action> actions;
  std::vector<Verdict> verdicts;
  std::vector<ListingSummary> listings;
  std::size_t resources = 0;  ///< how many the account can see
  std::string digest;         ///< 64 hexadecimal digits

  bool refused() const { return !refusals(verdicts).empty(); }
  bool deletes() const;
  const Action* action(const std::string& id) const;
};

/// Guards included. Pure: asks the console only for what its connector can do.
Plan plan_for(const Observation& seen, const Request& request, const std::string& requested_by,
              const Policy& policy, const connector::Console& console);

/// SHA-256 over what the plan does, where, for whom and why it may: connector, account, request, actions with
/// the rows they are about, verdicts. Times, rows of other people, and who made it are not part of it; where
/// the policy wants another person to approve, a verdict names who made it.
std::string digest_of(const Plan& plan);

/// The first digits of a digest, for people.
std::string short_digest(const std::string& digest);

/// As connectors/schema/plan.json says.
Json as_json(const Plan& plan);
/// The inverse. Throws Error{usage} with file and line, and Error{refused} when the digest is not that of the
/// content.
Plan plan_from(const std::shared_ptr<const JsonDocument>& document);
Plan load_plan(const std::filesystem::path& file);

/// Throws Error{refused} that says what is different when two plans do not have the same digest.
void check_same(const Plan& saved, const Plan& now);

}  // namespace offstage::offboarding
