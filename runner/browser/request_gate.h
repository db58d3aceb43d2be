#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "browser/monitor.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// What a gate knows and does: shared between the caller's `RequestGate` and what stands behind it, which is
/// the page, the other windows of its context, the shared and service workers of the context, and what of all
/// these begins meanwhile. Events are handled on the I/O thread. Thread-safe.
///
/// GET, HEAD and OPTIONS (and so CORS preflights) pass. The status of an exchange is that of the first
/// answer: a redirect's own. Service workers are bypassed meanwhile, so that a request comes to the gate as
/// the page sends it. What goes over sockets is not held; one that opens is noted, and what is sent over one
/// that was open is; so is a request that was answered without having come here.
class GateState : public std::enable_shared_from_this<GateState> {
 public:
  GateState(std::shared_ptr<Monitor> monitor, Page::RequestRule allow)
      : monitor_(std::move(monitor)), allow_(std::move(allow)) {}

  /// Starts to hold the requests of the session of a frame, or of a worker that belongs to no page. The call
  /// ends once Chrome holds them. Nothing when they are held already, or the gate is open.
  std::optional<cdp::Call> cover(const std::shared_ptr<cdp::Session>& session);
  /// Follows the answers on the session of a worker whose requests are held elsewhere: a page's own are on
  /// that of its page.
  void follow(const std::shared_ptr<cdp::Session>& session);
  /// Decides over a request that Chrome holds (Fetch.requestPaused), and answers it. Once the gate is open,
  /// all pass, unless it was shut. For sessions that are not covered but are held in another way.
  void on_paused(cdp::Session& session, const Json& params);
  /// When the gate goes shut, `end` ends something else that stands behind it. It must not throw.
  void ends_with_it(std::function<void()> end);
  /// Lets everything pass again.
  void open();
  /// Stops listening, and leaves it to Chrome to hold what comes: for a page that has ended. On the thread
  /// that owns the gate: a handler must not be what lets go of it last.
  void leave();
  /// Lets nothing pass any more, and never opens again. Whether a request was still to be held after it is
  /// for Chrome alone to know: only the end of the page ends them.
  void shut();
  void shut_if_awaited();
  /// Whether it goes as one that was shut; it is then. May wait a second for what the page has still to tell.
  /// On the thread that owns the gate.
  bool shuts_in_the_end();
  void end_the_others();
  /// Page::RequestGate.
  std::string bypassed() const;
  std::vector<Page::Exchange> exchanges(bool allowed) const;
  /// Each answered exchange once, in the order of the answers.
  std::optional<Page::Exchange> wait_for_answer(const Until& until);
  bool wait_for_request(const Until& until);

 private:
  struct Entry {
    Page::Exchange exchange;
    bool allowed = false;
    std::string network_id;
    bool answered = false;  // there is a status, or it failed
    bool complete = false;  // no more is to come of it
    bool told = false;      // wait_for_answer gave it out
    std::optional<cdp::Call> body;
  };

  struct Held {
    std::vector<std::shared_ptr<cdp::Session>> sessions;
    std::vector<std::shared_ptr<cdp::Session>> workers;
    std::vector<cdp::Subscription> subscriptions;
  };

  /// Whether all that began until now has been told: frames and workers tell what they send before it leaves.
  bool has_heard_all();
  /// What the gate holds, to be let go of outside of the lock: handlers that run now take it.
  Held give_up();
  void on_response(cdp::Session& session, const Json& params);
  void on_sent(cdp::Session& session, const Json& params);
  void on_finished(cdp::Session& session, const Json& params);
  void on_failed(cdp::Session& session, const Json& params);
  void on_socket(cdp::Session& session, const Json& params);
  void on_socket_frame(cdp::Session& session, const Json& params);
  Entry* awaited(const Json& params);  // with the lock held
  /// `held`: Chrome holds the session's requests for this gate.
  void subscribe(const std::shared_ptr<cdp::Session>& session, bool held);
  bool decide(const std::string& method, const std::string& url, const std::string& body) const;

  std::shared_ptr<Monitor> monitor_;
  Page::RequestRule allow_;
  // Below: guarded by the monitor's lock.
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<std::shared_ptr<cdp::Session>> sessions_;
  std::vector<std::shared_ptr<cdp::Session>> workers_;
  std::vector<cdp::Subscription> subscriptions_;
  std::vector<std::function<void()>> ends_;    // of what stands behind it beside the page
  std::map<std::string, std::string> coming_;  // requests that began and have still to come here, by their id
  std::string bypassed_;
  bool open_ = false;
  bool shut_ = false;
  bool shut_if_awaited_ = false;
};

/// The caller's handle: opens the gate when it goes, or ends the page of a gate that was shut.
class PageRequestGate : public Page::RequestGate {
 public:
  /// `end_page` must not throw.
  PageRequestGate(std::shared_ptr<GateState> state, std::function<void()> end_page)
      : state_(std::move(state)), end_page_(std::move(end_page)) {}
  ~PageRequestGate() override {
    if (state_->shuts_in_the_end()) {
      end_page_();
      state_->end_the_others();
      state_->leave();
    } else {
      state_->open();
    }
  }
  PageRequestGate(const PageRequestGate&) = delete;
  PageRequestGate& operator=(const PageRequestGate&) = delete;

  std::vector<Page::Exchange> allowed() const override { return state_->exchanges(true); }
  std::vector<Page::Exchange> refused() const override { return state_->exchanges(false); }
  std::optional<Page::Exchange> wait_for_answer(const Until& until) override {
    return state_->wait_for_answer(until);
  }
  bool wait_for_request(const Until& until) override { return state_->wait_for_request(until); }
  std::string bypassed() const override { return state_->bypassed(); }
  void shut() override { state_->shut(); }
  void shut_if_awaited() override { state_->shut_if_awaited(); }

 private:
  std::shared_ptr<GateState> state_;
  std::function<void()> end_page_;
};

}  // namespace offstage::browser
