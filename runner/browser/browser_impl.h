#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "browser/browser.h"
#include "browser/chrome_process.h"
#include "browser/fence_watch.h"
#include "browser/targets.h"

namespace offstage::browser {

class ContextImpl;

/// The one kind of Browser: with a process when Offstage started it, without when it is attached. Contexts
/// must go before it.
class BrowserImpl : public Browser {
 public:
  /// Takes over a connection and makes it ready: discovery and attaching of targets, the fence.
  BrowserImpl(std::unique_ptr<ChromeProcess> process, std::unique_ptr<cdp::Client> client, const Fence& fence,
              BrowserInfo info, Milliseconds patience, const Until& until);
  BrowserImpl(const BrowserImpl&) = delete;
  BrowserImpl& operator=(const BrowserImpl&) = delete;
  ~BrowserImpl() override;

  BrowserInfo info() const override { return info_; }
  cdp::Client& client() override { return *client_; }
  std::unique_ptr<Context> new_context(const Until& until, ContextOptions options) override;

  // For contexts.
  /// By when Chrome has done what it does by itself (LaunchOptions::patience).
  Until soon(const Until& until) const { return until.within(patience_); }
  const Targets& targets() const { return targets_; }
  std::vector<std::string> fenced() const;
  /// Nothing when there is none; lives as long as this.
  FenceWatch* fence() { return fence_.get(); }
  /// From then on the pages of that browser context are handed to `context`, on the I/O thread, until it is
  /// unregistered, which waits for a hand-over that runs.
  void register_context(const std::string& id, ContextImpl& context);
  void unregister_context(const std::string& id);

 private:
  void on_attached(const Json& params);
  bool is_ours(const std::string& context) const;

  std::unique_ptr<ChromeProcess> process_;
  std::unique_ptr<cdp::Client> client_;
  BrowserInfo info_;
  const Milliseconds patience_;
  mutable std::mutex mutex_;
  std::map<std::string, ContextImpl*> contexts_;
  Targets targets_;
  std::unique_ptr<FenceWatch> fence_;
  cdp::Subscription attached_;
};

}  // namespace offstage::browser
