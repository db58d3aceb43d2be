#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "browser/browser.h"
#include "browser/browser_impl.h"
#include "browser/page_impl.h"
#include "browser/worker_door.h"

namespace offstage::browser {

/// The one kind of Context. Pages are announced on the I/O thread and made ready on a thread of their own,
/// while Chrome holds them: a popup's scripts and handlers are in place before its first byte.
class ContextImpl : public Context {
 public:
  ContextImpl(BrowserImpl& browser, ContextOptions options, const Until& until);
  ContextImpl(const ContextImpl&) = delete;
  ContextImpl& operator=(const ContextImpl&) = delete;
  ~ContextImpl() override;

  Page& new_page(const Until& until) override;
  std::vector<Page*> pages() override;
  Page* wait_for_page(const std::string& url, const Until& until) override;
  std::vector<std::string> fenced() const override { return browser_.fenced(); }
  Secret cookies(const Until& until) override;
  void set_cookies(const Secret& cookies, const Until& until) override;

  /// A page of this context was attached and waits. On the I/O thread.
  void page_attached(const std::string& session_id, const std::string& target_id);
  /// So was a shared or a service worker.
  void worker_attached(const std::string& session_id, const Target& target);
  /// Puts the gate that `page` put up before everything else in the context too. It stands once the calls
  /// have been answered.
  std::vector<cdp::Call> stand_behind(const std::shared_ptr<GateState>& gate, const PageImpl& page);

 private:
  struct Entry {
    std::unique_ptr<PageImpl> page;
    std::shared_ptr<cdp::Session> session;
    bool settled = false;
  };

  /// One that belongs to no page: a shared or a service worker.
  struct Worker {
    Target target;
    std::shared_ptr<cdp::Session> session;
    std::vector<cdp::Subscription> subscriptions;
  };

  void worker_gone(const std::string& session_id);
  std::optional<cdp::Call> cover_worker(const std::shared_ptr<GateState>& gate, const Target& target,
                                        const std::shared_ptr<cdp::Session>& session);
  /// With the lock held.
  Entry* entry_at(const std::string& url);
  Entry* entry_with(const std::string& target);
  /// Waits until what the page sent when it was attached has taken effect: its next navigation would overtake
  /// it. Gives the lock back meanwhile.
  Page& settle(Entry& entry, std::unique_lock<std::mutex>& lock, const Until& until);
  void wake();
  bool may_have_another_page();
  /// The gates that stand in this context.
  std::vector<std::shared_ptr<GateState>> gates();

  BrowserImpl& browser_;
  const ContextOptions options_;
  std::string id_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  long changes_ = 0;
  std::map<std::string, std::string> frame_owners_;  // an out-of-process frame's target to its page's
  std::deque<Entry> pages_;                // entries stay where they are, and pages as long as the context
  std::map<std::string, Worker> workers_;  // by session
  std::optional<WorkerDoor> door_;
  bool flooded_ = false;  // a page opened more windows than are let in
  std::vector<cdp::Subscription> subscriptions_;
};

}  // namespace offstage::browser
