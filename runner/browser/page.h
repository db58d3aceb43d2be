#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "base/secret.h"
#include "browser/query.h"

namespace offstage::browser {

class Context;

enum class Button { left, middle, right, back, forward };

struct ClickOptions {
  Button button = Button::left;
  int count = 1;  ///< 2 for a double click
  /// Where in the element's box, in CSS pixels from its top left corner; the middle when absent.
  std::optional<double> offset_x;
  std::optional<double> offset_y;
  Milliseconds duration{0};  ///< between press and release
  /// Re-checked in the page at the very event; any that fails swallows the event.
  std::vector<Condition> guard;
};

/// Why an action or a wait did not succeed, as the page saw it last. Text from the page is not yet escaped.
struct Miss {
  enum class Why {
    absent,     ///< nothing matched
    ambiguous,  ///< more than one where one was asked for
    hidden,
    unstable,  ///< still moving
    disabled,
    covered,  ///< another element would get the event
    guard,    ///< a guard condition does not hold
    not_editable,
    no_option,  ///< a <select> has no such value
    condition,  ///< a Condition does not hold
    frame,      ///< the frame is not there
  };
  Why why = Why::absent;
  std::string seen;  ///< in words: what was there instead
  int matches = 0;
  std::string selector;  ///< the alternative that matched, when one did
  std::string explain() const;
};

/// What an action did. `miss` empty: done. Otherwise it was not done: swallowed, never sent, or broken off.
struct Outcome {
  std::optional<Miss> miss;
  /// With a miss: some event of the action may have reached the page, or a frame or window over it, all the
  /// same. It must not be tried again blindly.
  bool reached = false;
  /// The action was sent and a JavaScript dialog opened in answer: the page waits for it.
  bool dialog_opened = false;
  /// Which selector alternative (from 0) matched; above 0 means that the first choice has drifted.
  int alternative = 0;
  bool ok() const { return !miss.has_value(); }
};

/// A JavaScript dialog that the page has open.
struct Dialog {
  std::string type;  ///< alert, confirm, prompt or beforeunload
  std::string message;
  std::string default_prompt;
  std::string url;
};

struct ScreenshotOptions {
  /// Rows, and single texts outside rows, that hold an e-mail address other than these are covered while the
  /// picture is taken; so are password fields and every field that was filled with a Secret.
  std::vector<std::string> keep_addresses;
  bool mask = true;
  bool full_page = false;
};

/// The part of a page that one document fills: its main frame, or a child frame named by the path of child
/// indexes from there ({} is the main frame), as Recorder writes it. Out-of-process frames included.
using FramePath = std::vector<int>;

/// One page (tab or popup) of a context. Every waiting call blocks its caller until done, `until` is over, or
/// the page is gone; crash, close and disconnect are thrown as Error{browser}, a stop as Error{interrupted}.
/// One caller thread at a time; owned by its Context.
class Page {
 public:
  virtual ~Page() = default;

  virtual std::string target_id() const = 0;
  virtual std::string url() const = 0;
  virtual std::string title(const Until& until) = 0;
  virtual bool closed() const = 0;

  /// Goes to an address and waits for its load event. Throws Error{unreachable} with Chrome's net:: word,
  /// Error{refused} when the fence stops it, Error{usage} for an address that is none. Any HTTP status counts
  /// as arrived; the status is returned (0 when there was none).
  virtual int navigate(const std::string& url, const Until& until) = 0;
  virtual void reload(const Until& until) = 0;
  virtual void close(const Until& until) = 0;

  /// Guarded pointer click: four commands in two round trips in the main frame. Waits until the element is
  /// there, visible, stable, enabled, in view and hit by the pointer.
  virtual Outcome click(const FramePath& frame, const Query& query, const ClickOptions& options,
                        const Until& until) = 0;
  virtual Outcome hover(const FramePath& frame, const Query& query, const Until& until) = 0;
  /// Recorder's `change`: types into fields, sets selects by value (an unknown value is a Miss), toggles
  /// boxes.
  virtual Outcome fill(const FramePath& frame, const Query& query, const std::string& value,
                       const Until& until) = 0;
  virtual Outcome fill(const FramePath& frame, const Query& query, const Secret& value,
                       const Until& until) = 0;
  /// Scrolls an element, or the page when `query` is empty, to a position.
  virtual Outcome scroll(const FramePath& frame, const std::optional<Query>& query, double x, double y,
                         const Until& until) = 0;
  /// Scrolls an element, or the page when `box` is empty, down in a list, as far as its last row stays in
  /// view, so that a list that draws only what can be seen is not jumped over. Below its last row, by less
  /// than can be seen at once.
  virtual Outcome scroll_on(const FramePath& frame, const std::optional<Query>& box, const Query& rows,
                            const Until& until) = 0;
  /// A key of the US layout by Recorder's name; modifiers stay down until their key_up. Error{usage}: unknown
  /// key.
  virtual void key_down(const std::string& key, const Until& until) = 0;
  virtual void key_up(const std::string& key, const Until& until) = 0;

  /// Waits until the condition holds, in the page, at frame rate, across navigations. A Miss says what was
  /// seen last.
  virtual std::optional<Miss> wait_for(const FramePath& frame, const Condition& condition,
                                       const Until& until) = 0;
  /// The same, until any of several holds: its index, or the last Miss of each.
  virtual std::variant<int, std::vector<Miss>> wait_for_any(const FramePath& frame,
                                                            const std::vector<Condition>& conditions,
                                                            const Until& until) = 0;
  /// One look, no waiting: empty when it holds now.
  virtual std::optional<Miss> check(const FramePath& frame, const Condition& condition,
                                    const Until& until) = 0;
  /// Recorder's waitForExpression, in the page's main world. Throws Error{usage} on a syntax error; false
  /// when time is up.
  virtual bool wait_for_expression(const FramePath& frame, const std::string& expression,
                                   const Until& until) = 0;

  /// Rows as an array of objects, as they stand now; throws Error{drift} naming row and field when one cannot
  /// be read, and when what `extraction.ready` asks for is not so.
  virtual Json extract(const FramePath& frame, const Extraction& extraction, const Until& until) = 0;
  /// Text of the first match of `query`, folded and trimmed; nothing when there is no match now.
  virtual std::optional<std::string> text(const FramePath& frame, const Query& query, const Until& until) = 0;

  /// PNG bytes of the viewport.
  virtual std::string screenshot(const ScreenshotOptions& options, const Until& until) = 0;
  /// The document's HTML as it stands, values of password fields and of secrets left out.
  virtual std::string html(const FramePath& frame, const Until& until) = 0;

  /// The dialog that is open now, if any.
  virtual std::optional<Dialog> dialog() const = 0;
  /// Waits for a dialog to open.
  virtual std::optional<Dialog> wait_for_dialog(const Until& until) = 0;
  virtual void handle_dialog(bool accept, const std::string& prompt_text, const Until& until) = 0;

  struct Viewport {
    int width = 0;  ///< 0 and 0: no override
    int height = 0;
    double scale = 1;
    bool mobile = false;
    bool touch = false;
    bool landscape = false;
  };
  virtual void set_viewport(const Viewport& viewport, const Until& until) = 0;
  /// Bytes per second and milliseconds; offline when both rates are 0.
  virtual void set_network(double download, double upload, double latency, const Until& until) = 0;

  /// Arms a wait for the next navigation of a frame (also within the document), before the action that starts
  /// it.
  class NavigationWatch {
   public:
    virtual ~NavigationWatch() = default;
    /// Whether it came by then.
    virtual bool wait(const Until& until) = 0;
  };
  virtual std::unique_ptr<NavigationWatch> watch_navigation(const FramePath& frame) = 0;

  /// One request that the page sent while it was watched.
  struct Exchange {
    std::string method;
    std::string url;
    int status = 0;  ///< 0: no answer (yet)
    std::string
        failure;  ///< Chrome's word when it failed: "net::ERR_…", or "blocked" when the watch refused it
    std::string body;  ///< of the answer, where it could be read; 64 KiB at most
    std::string request_body;
  };
  /// While it lives, holds every request of the page that is not GET, HEAD or OPTIONS at the browser's door
  /// and asks `allow` (on the I/O thread; must not block): a request that is not allowed fails and never
  /// leaves the browser.
  class RequestGate {
   public:
    virtual ~RequestGate() = default;
    /// What was let through and what was refused, so far, in order.
    virtual std::vector<Exchange> allowed() const = 0;
    virtual std::vector<Exchange> refused() const = 0;
    /// Waits until some allowed request has been answered or has failed; nothing when time is up.
    virtual std::optional<Exchange> wait_for_answer(const Until& until) = 0;
    /// Waits until any request was sent or refused at all.
    virtual bool wait_for_request(const Until& until) = 0;
    /// In words, what left past the gate, or may have, since it holds no sockets: "the page opened a socket
    /// to …"; empty: nothing that it knows of.
    virtual std::string bypassed() const = 0;
    /// For ever: from now on every request fails, GET, HEAD and OPTIONS too. When the gate goes, the page is
    /// closed first, so that nothing leaves that Chrome still holds, or that still waits for its preflight.
    virtual void shut() = 0;
    /// When the gate goes while a request has still to come to it, such as one that waits for its preflight,
    /// it goes as one that was shut.
    virtual void shut_if_awaited() = 0;
  };
  using RequestRule =
      std::function<bool(const std::string& method, const std::string& url, const std::string& body)>;
  virtual std::unique_ptr<RequestGate> gate_requests(RequestRule allow, const Until& until) = 0;

  /// What is still loading and for how long, for messages: "GET https://… (3.2 s)"; empty when nothing is.
  virtual std::vector<std::string> in_flight() const = 0;
};

}  // namespace offstage::browser
