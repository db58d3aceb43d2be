#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "browser/asker.h"
#include "browser/inpage.h"
#include "browser/keyboard.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// How long input that was sent is followed: the caller's wait, but two seconds at least, since what was sent
/// cannot be taken back.
Until follow(const Until& until);

/// Guarded pointer actions. In the main frame a click is one question to the page (which locates, waits and
/// arms the guard) and one batch of input; what the guard saw comes back through a binding. What the guard
/// swallowed is tried again until the deadline. Blocks the caller; verdicts arrive on the I/O thread.
class Pointer {
 public:
  /// All are the page's and outlive this. `session` is the page's own: Chrome routes input from there to
  /// whatever process draws the place.
  Pointer(Asker& asker, Keyboard& keyboard, std::shared_ptr<Monitor> monitor,
          std::shared_ptr<cdp::Session> session);

  /// Listens for the verdicts of the documents of one session.
  std::vector<cdp::Subscription> listen(const std::shared_ptr<cdp::Session>& session);

  Outcome click(const FramePath& frame, const Query& query, const ClickOptions& options, const Until& until);
  Outcome hover(const FramePath& frame, const Query& query, const Until& until);

 private:
  /// Somewhere in the page's own viewport, and the document that named it.
  struct Place {
    inpage::Point at;
    World world;
    std::string token;  // of the guard that is armed for it
  };
  /// Another look is needed: the document went away, or a frame around it is covered or moves for a moment.
  struct Again {
    std::optional<Miss> miss;
  };
  using Found = std::variant<Place, Again, Miss>;

  Found locate(const FramePath& frame, const Query& query, const ClickOptions& options,
               inpage::Gesture gesture, const std::string& token, const Until& until);
  std::variant<inpage::Point, Again> in_page(const World& world, inpage::Point at, const Until& until);
  /// Looks until there is a place; a Miss when time is up. `outcome` tells of earlier tries, and of this one.
  std::optional<Place> find(const FramePath& frame, const Query& query, const ClickOptions& options,
                            inpage::Gesture gesture, Outcome& outcome, const Until& until);
  std::optional<Json> call_on_frame(const World& parent, const std::string& frame, Json call,
                                    const Until& until);
  cdp::Reply press(const inpage::Point& at, const ClickOptions& options, const Until& until);
  Json event(std::string_view type, const inpage::Point& at) const;
  std::optional<inpage::Verdict> verdict(const Place& place, bool asks_twice, bool& document_gone,
                                         const Until& until);
  /// Whether the page went away by closing, and not by a crash or with the connection.
  bool page_closed(const Until& until);
  std::string next_token();

  Asker& asker_;
  Keyboard& keyboard_;
  std::shared_ptr<Monitor> monitor_;
  std::shared_ptr<cdp::Session> session_;
  int last_token_ = 0;
  std::string token_;                       // of the click under way; guarded by the monitor's lock
  std::optional<inpage::Verdict> verdict_;  // the latest for it; guarded by the monitor's lock
};

}  // namespace offstage::browser
