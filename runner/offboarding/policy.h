#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"

namespace offstage::offboarding {

/// What an organisation allows Offstage to do (connectors/schema/policy.json). A value.
struct Policy {
  /// Accounts never touched: addresses or globs with `*`, compared without regard to case.
  std::vector<std::string> protected_accounts;
  /// Resources never touched: names, ids or globs with `*`, compared exactly.
  std::vector<std::string> protected_resources;
  /// More actions than this in one plan: refused.
  long removals = 25;
  /// A larger share than this of the people of one listed resource in one plan: refused. 0 to 1.
  double share = 0.5;
  /// Whether a plan whose guards all pass may be applied without a person's approval. Never for a deletion.
  bool unattended = false;

  bool protects_account(std::string_view address) const;
  /// By its name or by its id.
  bool protects_resource(std::string_view name, std::string_view id) const;
};

/// Throws Error{usage} with file and line.
Policy policy_from(const std::shared_ptr<const JsonDocument>& document);
Policy load_policy(const std::filesystem::path& file);

}  // namespace offstage::offboarding
