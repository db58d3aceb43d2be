#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"

namespace offstage::script {
class Observer;
}

namespace offstage::connector {

/// What people hold access to: a team, an app, a workspace. A value.
struct Resource {
  std::string type;  ///< as the manifest names it: "team", "app"
  std::string id;    ///< what the console's addresses call it
  std::string name;  ///< what people call it; may equal `id`
  bool operator==(const Resource&) const = default;
};

/// One person's access to one resource, as one row of the console shows it. A value.
struct Grant {
  std::string user;    ///< the address exactly as the console shows it
  Resource resource;   ///< where the access is: the team itself, or an app listed on the team's page
  Resource listed_on;  ///< the resource whose listing shows this row (equal to `resource` for members)
  std::string role;    ///< in the console's words
  std::string state;   ///< "active" or "pending"
  std::vector<std::string> marks;  ///< what else the row says: "2FA not enabled", "SSO"
  bool privileged = false;         ///< whether `role` is one of the manifest's privileged roles
  bool operator==(const Grant&) const = default;
};

/// A dated, complete listing of who has access through one resource. Never a partial one: that is an Error.
struct Listing {
  Resource resource;
  std::vector<Grant> grants;          ///< in the console's order
  std::string taken_at;               ///< RFC 3339
  std::optional<long> console_total;  ///< the console's own count, where it shows one
  /// Whether the account signed in can change access here; false: an action on it would be refused.
  bool manageable = true;
};

/// A signed-in console as the offboarding floor sees it: what it can list and what it can take away. One run,
/// one thread. Every call may sign in (again) first; what a call throws follows DESIGN's table of kinds.
class Console {
 public:
  virtual ~Console() = default;

  virtual std::string connector() const = 0;  ///< the manifest's id
  virtual std::string title() const = 0;      ///< for people: "Heroku"
  /// Where it is: what tells the real console from a practice console, and one of those from another.
  virtual std::string address() const = 0;
  /// The type of resource that is listed and that people are removed from: "team".
  virtual std::string primary_type() const = 0;

  /// Signs in when that has not happened yet; returns the address of the account signed in.
  virtual std::string sign_in(const Until& until) = 0;
  /// Every resource of the primary type that the account signed in can see.
  virtual std::vector<Resource> list_resources(const Until& until) = 0;
  /// Everybody with access through `resource`, from a fresh load of its pages.
  virtual Listing list_grants(const Resource& resource, const Until& until) = 0;

  /// Whether the connector can take such a grant away (a script for its type and state exists).
  virtual bool can_revoke(const Grant& grant) const = 0;
  virtual bool can_delete(const Resource& resource) const = 0;
  /// Whether the connector says which roles can run a resource of this type.
  virtual bool tells_privileged(const std::string& type) const = 0;
  /// Waits until the connector's pace allows the next change; whether that took any time. What was seen
  /// before it is as old as the wait was long, so it comes before the look that a change is decided by.
  virtual bool wait_for_turn(const Until& until) = 0;
  /// Takes a grant away through the console's pages; returns once the console said that it is done. The
  /// commit is announced to, and reported through, the observer. Error{unknown}: it was sent and its effect
  /// was not seen.
  virtual void revoke(const Grant& grant, script::Observer& observer, const Until& until) = 0;
  virtual void delete_resource(const Resource& resource, script::Observer& observer, const Until& until) = 0;

  /// PNG of the page as it stands, everybody but `keep_addresses` covered.
  virtual std::string screenshot(const std::vector<std::string>& keep_addresses, const Until& until) = 0;
  /// Tool, connector, script digests, Chrome and sandbox state, for the evidence.
  virtual Json versions() const = 0;
};

}  // namespace offstage::connector
