#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "browser/monitor.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// The JavaScript dialog that a page has open, if any. It stays open until somebody handles it. Thread-safe:
/// a dialog may be handled while another thread waits for something else of the page.
class Dialogs {
 public:
  explicit Dialogs(std::shared_ptr<Monitor> monitor) : monitor_(std::move(monitor)) {}

  std::vector<cdp::Subscription> listen(const std::shared_ptr<cdp::Session>& session);

  std::optional<Dialog> current() const;
  /// The same, with the monitor's lock held.
  bool open() const { return dialog_.has_value(); }
  /// Waits for one to open; nothing when time is up.
  std::optional<Dialog> wait(const Until& until);
  /// Waits until none is open any more; false when time is up.
  bool wait_closed(const Until& until);
  /// Closes the open one. Throws Error{drift} when there is none.
  void handle(bool accept, const std::string& prompt_text, const Until& until);

 private:
  std::shared_ptr<Monitor> monitor_;
  std::optional<Dialog> dialog_;
  long opened_ = 0;                      // how many so far: tells one from the next
  std::weak_ptr<cdp::Session> session_;  // on which it was announced
};

/// `a confirm dialog "Remove bob?"`, for messages.
std::string describe(const Dialog& dialog);

}  // namespace offstage::browser
