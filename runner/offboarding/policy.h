#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "offboarding/hours.h"

namespace offstage::offboarding {

/// What an organisation allows Offstage to do (connectors/schema/policy.json). A value.
struct Policy {
  /// Accounts never touched: addresses or globs with `*`, compared without regard to case.
  std::vector<std::string> protected_accounts;
  /// Resources never touched: names, ids or globs with `*`, compared exactly.
  std::vector<std::string> protected_resources;
  /// What may be asked for, by the names of operation_of. Empty: everything.
  std::vector<std::string> operations;
  /// Domains whose people may be removed: names or globs with `*`, compared without regard to the case of
  /// ASCII letters, and nothing else folded. Empty: any.
  std::vector<std::string> domains;
  /// More actions than this in one plan: refused.
  long removals = 25;
  /// A larger share than this of the people of one listed resource in one plan: refused. 0 to 1.
  double share = 0.5;
  /// When something may be changed. Empty: at any hour.
  std::optional<Hours> hours;
  /// Whether the person who approves must be another than the one who asked.
  bool other_approver = false;
  /// Whether a plan whose guards all pass may be applied without a person's approval. Never for a deletion,
  /// and never together with `other_approver`.
  bool unattended = false;
  /// What it was read from; nullptr when it was not read from a file.
  std::shared_ptr<const JsonDocument> file;

  bool protects_account(std::string_view address) const { return account_pattern(address).has_value(); }
  /// By its name or by its id.
  bool protects_resource(std::string_view name, std::string_view id) const {
    return resource_pattern(name, id).has_value();
  }
  /// Which of the patterns, from 0, protects it; nothing: none does.
  std::optional<std::size_t> account_pattern(std::string_view address) const;
  std::optional<std::size_t> resource_pattern(std::string_view name, std::string_view id) const;
  /// Which of `domains`, from 0, is that of the address: what stands after its last @.
  std::optional<std::size_t> domain_pattern(std::string_view address) const;
};

/// Throws Error{usage} with file and line.
Policy policy_from(const std::shared_ptr<const JsonDocument>& document);
Policy load_policy(const std::filesystem::path& file);

/// Whether two names are one person's, as far as names can tell: compared trimmed, and without regard to the
/// case of ASCII letters.
bool same_person(std::string_view a, std::string_view b);

}  // namespace offstage::offboarding
