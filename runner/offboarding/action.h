#pragma once

#include <optional>
#include <string>
#include <vector>

#include "offboarding/rows.h"

namespace offstage::offboarding {

/// One thing to do on the console: take one grant away, or delete one resource. A value.
struct Action {
  enum class Does { revoke, remove };

  /// The same for the same person and place in every plan, so that a later run can tell what an earlier one
  /// had begun.
  std::string id;
  Does does = Does::revoke;
  Resource resource;           ///< where: the grant's resource, or what is deleted
  std::optional<Grant> grant;  ///< revoke: the row, as it was seen
  std::string listing;         ///< remove: digest of who had access, so that nobody is cut off unseen
  std::size_t people = 0;      ///< remove: how many lose access
  std::string why;             ///< for people

  /// The resource whose listing shows whether the action is needed.
  const Resource& listed_on() const { return grant ? grant->listed_on : resource; }
  /// Whom or what the commit must name.
  std::string target() const { return grant ? grant->user : resource.name; }
  /// "bob@example.com from team acme", "team acme": printable.
  std::string describe() const;
};

Json as_json(const Action& action);
/// The inverse. Throws Error{usage} with the line.
Action action_from(const JsonView& view);

/// The id of the action that takes `user`'s access to `resource` away, or deletes it (empty `user`).
std::string action_id(Action::Does does, std::string_view user, const Resource& resource,
                      const Resource& listed_on);

/// What one guard says.
struct Verdict {
  enum class Judgement { pass, refuse, note };

  std::string rule;  ///< the guard's name
  Judgement judgement = Judgement::pass;
  std::string about;  ///< an action's id, an address, or "" for the whole plan
  std::string text;   ///< for people; printable
  bool operator==(const Verdict&) const = default;
};

std::string_view name_of(Verdict::Judgement judgement);
Json as_json(const Verdict& verdict);
/// The inverse. Throws Error{usage} with the line.
Verdict verdict_from(const JsonView& view);

}  // namespace offstage::offboarding
