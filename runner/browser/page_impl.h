#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "browser/asker.h"
#include "browser/browser.h"
#include "browser/dialogs.h"
#include "browser/fence_watch.h"
#include "browser/filler.h"
#include "browser/frames.h"
#include "browser/in_flight.h"
#include "browser/keyboard.h"
#include "browser/monitor.h"
#include "browser/navigation.h"
#include "browser/page.h"
#include "browser/pointer.h"
#include "browser/request_gate.h"
#include "browser/screenshot.h"
#include "cdp/client.h"

namespace offstage::browser {

class ContextImpl;

/// A page over one DevTools session and those of its out-of-process frames. The parts do the work; this joins
/// them. Made and started on any thread (also the I/O thread); see Page for the rest. `dialog`,
/// `wait_for_dialog` and `handle_dialog` may also be called while another thread waits for something else of
/// the page.
class PageImpl : public Page {
 public:
  /// `owner` and `fence` (nothing when there is none) outlive the page; `session` is attached to the target
  /// `target_id`; `attached` is told of the page itself and of what becomes part of it.
  PageImpl(ContextImpl& owner, FenceWatch* fence, std::shared_ptr<cdp::Session> session,
           std::string target_id, std::function<void(const AttachedTarget&)> attached = {});
  ~PageImpl() override;
  PageImpl(const PageImpl&) = delete;
  PageImpl& operator=(const PageImpl&) = delete;

  /// Sends all that the page needs in one batch and waits for nothing, since a target that waits for the
  /// debugger may not answer yet. The caller sends Runtime.runIfWaitingForDebugger after it.
  void start(const Until& until);

  /// The gate that stands at this page's door, if one does.
  std::shared_ptr<GateState> gate() const;
  /// Puts that of another page of the context at this page's door too: before the page runs, or while it
  /// does. It stands once the calls have been answered.
  std::vector<cdp::Call> stand_behind(const std::shared_ptr<GateState>& gate);

  std::string target_id() const override { return target_id_; }
  std::string url() const override { return frames_->main_url(); }
  std::string title(const Until& until) override;
  bool closed() const override { return session_->gone(); }

  int navigate(const std::string& url, const Until& until) override;
  void reload(const Until& until) override { navigation_.reload(until); }
  void close(const Until& until) override { navigation_.close(until); }

  Outcome click(const FramePath& frame, const Query& query, const ClickOptions& options,
                const Until& until) override;
  Outcome hover(const FramePath& frame, const Query& query, const Until& until) override;
  Outcome fill(const FramePath& frame, const Query& query, const std::string& value,
               const Until& until) override;
  Outcome fill(const FramePath& frame, const Query& query, const Secret& value, const Until& until) override;
  Outcome scroll(const FramePath& frame, const std::optional<Query>& query, double x, double y,
                 const Until& until) override;
  Outcome scroll_on(const FramePath& frame, const std::optional<Query>& box, const Query& rows,
                    const Until& until) override;
  void key_down(const std::string& key, const Until& until) override;
  void key_up(const std::string& key, const Until& until) override;

  std::optional<Miss> wait_for(const FramePath& frame, const Condition& condition,
                               const Until& until) override;
  std::variant<int, std::vector<Miss>> wait_for_any(const FramePath& frame,
                                                    const std::vector<Condition>& conditions,
                                                    const Until& until) override;
  std::optional<Miss> check(const FramePath& frame, const Condition& condition, const Until& until) override;
  bool wait_for_expression(const FramePath& frame, const std::string& expression,
                           const Until& until) override;

  Json extract(const FramePath& frame, const Extraction& extraction, const Until& until) override;
  std::optional<std::string> text(const FramePath& frame, const Query& query, const Until& until) override;
  std::string screenshot(const ScreenshotOptions& options, const Until& until) override;
  std::string html(const FramePath& frame, const Until& until) override;

  std::optional<Dialog> dialog() const override { return dialogs_.current(); }
  std::optional<Dialog> wait_for_dialog(const Until& until) override { return dialogs_.wait(until); }
  void handle_dialog(bool accept, const std::string& prompt_text, const Until& until) override {
    dialogs_.handle(accept, prompt_text, until);
  }

  void set_viewport(const Viewport& viewport, const Until& until) override;
  void set_network(double download, double upload, double latency, const Until& until) override;
  std::unique_ptr<NavigationWatch> watch_navigation(const FramePath& frame) override;
  std::unique_ptr<RequestGate> gate_requests(RequestRule allow, const Until& until) override;
  std::vector<std::string> in_flight() const override { return in_flight_.describe(); }

 private:
  /// A session that belongs to the page, and the subscriptions to its events.
  struct Listened {
    std::shared_ptr<cdp::Session> session;
    bool worker = false;
    std::vector<cdp::Subscription> subscriptions;
  };

  void listen(const std::shared_ptr<cdp::Session>& session);
  void listen_to_worker(const std::shared_ptr<cdp::Session>& session);
  void keep(const std::shared_ptr<cdp::Session>& session, bool worker, std::vector<cdp::Subscription> list);
  void enable(cdp::Session& session);
  void on_target(cdp::Session& parent, const Json& params);
  void on_target_gone(const Json& params);
  void tell(AttachedTarget::What what, const std::string& id,
            const std::shared_ptr<cdp::Session>& session) const;
  Outcome scrolled(const FramePath& frame, const Asker::Request& request, const Until& until);
  void send_key(Json params, const Until& until);
  /// Holds the requests of all that the page is made of by now.
  std::vector<cdp::Call> cover_all(const std::shared_ptr<GateState>& gate);
  /// Makes frames and workers let go of what they asked for.
  void stop_loading(const Until& until);
  /// Closes the page in a way that nothing leaves it any more.
  void end();
  /// The answer, or what its absence stands for as an Error: for questions that have no Miss to give back.
  Json answer_or_throw(std::variant<Asker::Answer, Miss> asked) const;

  ContextImpl& owner_;
  FenceWatch* fence_;
  std::shared_ptr<cdp::Session> session_;
  std::string target_id_;
  const std::function<void(const AttachedTarget&)> attached_;
  std::shared_ptr<Monitor> monitor_;
  std::shared_ptr<Frames> frames_;
  Dialogs dialogs_;
  InFlight in_flight_;
  Navigation navigation_;
  Keyboard keyboard_;
  Asker asker_;
  Pointer pointer_;
  Filler filler_;
  Screenshot screenshot_;
  Viewport viewport_;
  // Below: guarded by the monitor's lock.
  std::weak_ptr<GateState> gate_;
  std::map<std::string, Listened> sessions_;  // by id
  bool ending_ = false;
};

}  // namespace offstage::browser
