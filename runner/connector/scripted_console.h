#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "browser/browser.h"
#include "connector/console.h"
#include "connector/registry.h"
#include "script/observer.h"

namespace offstage::connector {

/// Starts or attaches to the browser that a console is driven with.
using Launcher = std::function<std::unique_ptr<browser::Browser>(const browser::Fence&, const Until&)>;

/// A console that is driven by a connector's scripts: one browser, one context, one page, which are started
/// on first need and again after the browser died. Signs in on first need, and once more when the session has
/// ended; never repeats a commit that may have reached the console. One thread.
class ScriptedConsole final : public Console {
 public:
  /// Reads every script and checks that each asks for nothing but what it will be given, and that every
  /// needed secret is there: throws Error{usage} before any browser starts. `secrets`, `log` and `progress`
  /// must outlive the console. `progress` is told of every step; commits go to the caller's observer as well.
  /// `address`: where it is, if not at the origins that its manifest names.
  ScriptedConsole(Connector connector, Launcher launch, const SecretStore& secrets, Log& log,
                  script::Observer& progress, std::string address = {});
  ~ScriptedConsole() override;

  std::string connector() const override;
  std::string title() const override;
  std::string address() const override;
  std::string primary_type() const override;
  std::string sign_in(const Until& until) override;
  std::vector<Resource> list_resources(const Until& until) override;
  Listing list_grants(const Resource& resource, const Until& until) override;
  bool can_revoke(const Grant& grant) const override;
  bool can_delete(const Resource& resource) const override;
  bool tells_privileged(const std::string& type) const override;
  bool wait_for_turn(const Until& until) override;
  void revoke(const Grant& grant, script::Observer& observer, const Until& until) override;
  void delete_resource(const Resource& resource, script::Observer& observer, const Until& until) override;
  std::string screenshot(const std::vector<std::string>& keep_addresses, const Until& until) override;
  Json versions() const override;

  /// What `session` gave in an earlier run: the console may still take it for signed in. Before the first
  /// call.
  void begin_with(Secret session);
  /// What the browser holds that makes it signed in; nothing when it is not, or does not say. Never throws.
  std::optional<Secret> session(const Until& until);
  /// Whether the last attempt to sign in failed.
  bool sign_in_failed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string address_;
};

}  // namespace offstage::connector
