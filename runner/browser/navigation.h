#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "browser/dialogs.h"
#include "browser/frames.h"
#include "browser/in_flight.h"
#include "browser/monitor.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Going somewhere with the main frame, and knowing when one has arrived. Chrome's events may come before the
/// answer to the command that caused them, so what they say of each document load is kept (of the last 32).
/// A `beforeunload` dialog that a going opens is accepted: who asks to leave wants to leave. Waits on the
/// caller's thread; fed on the I/O thread.
class Navigation {
 public:
  /// The parts are the page's and outlive this.
  Navigation(std::shared_ptr<Monitor> monitor, std::shared_ptr<cdp::Session> session, std::string main_frame,
             Dialogs& dialogs, const InFlight& in_flight);

  /// Follows the events of the page's session.
  std::vector<cdp::Subscription> listen();

  /// Page::navigate; `fenced` tells whether the fence stopped that address.
  int go(const std::string& url, const std::function<bool(const std::string&)>& fenced, const Until& until);
  void reload(const Until& until);
  /// Closes the page and waits until it is gone.
  void close(const Until& until);

 private:
  /// One document load.
  struct Load {
    bool committed = false;
    bool loaded = false;
    int status = 0;
    std::string failure;  // Chrome's net:: word
  };

  Load& load(const std::string& loader);  // with the lock held
  void on_lifecycle(const Json& params);
  void on_response(const Json& params);
  void on_failed(const Json& params);
  void on_navigated(const Json& frame);

  /// Waits for `ready`, accepting a beforeunload dialog; another dialog ends the wait. False: time is up.
  bool wait(const Until& until, const std::function<bool()>& ready);
  bool accept_leaving(const Until& until);
  int arrive(const std::string& url, const std::function<bool()>& committed, const Until& until);
  [[noreturn]] void fail(const std::string& url, const std::string& word,
                         const std::function<bool(const std::string&)>& fenced) const;
  [[noreturn]] void fail_late(const std::string& url) const;

  std::shared_ptr<Monitor> monitor_;
  std::shared_ptr<cdp::Session> session_;
  std::string main_frame_;
  Dialogs& dialogs_;
  const InFlight& in_flight_;
  // Below: guarded by the monitor's lock.
  std::map<std::string, Load> loads_;
  std::deque<std::string> order_;
  std::string current_;  // loader of the document in the main frame
  long commits_ = 0;
};

/// See Page::watch_navigation. Holds what it needs; may outlive the page.
class FrameNavigationWatch : public Page::NavigationWatch {
 public:
  FrameNavigationWatch(std::shared_ptr<Frames> frames, FramePath path);
  bool wait(const Until& until) override;

 private:
  std::shared_ptr<Frames> frames_;
  FramePath path_;
  std::string before_;
};

}  // namespace offstage::browser
