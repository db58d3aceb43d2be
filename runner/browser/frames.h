#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "browser/monitor.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// In which of a document's two script worlds something is evaluated.
enum class Realm {
  isolated,  ///< ours, which the page cannot see
  main,      ///< the page's own
};

/// One script world of one document, as it was when asked for. It may be gone by the time it is used: Chrome
/// then answers with an error (see `world_lost`) and the caller asks `Frames` again.
struct World {
  std::shared_ptr<cdp::Session> session;
  std::string frame;
  std::string unique_id;  ///< for Runtime.evaluate's uniqueContextId
  int id = 0;             ///< for DOM.resolveNode's executionContextId
};

/// Whether Chrome's refusal means that the document went away, so that asking the next one makes sense.
bool world_lost(const cdp::Reply& reply);

/// The frames of a page across all its processes: which there are, in the order they came, which session each
/// belongs to, and the script worlds of their documents. Fed by events on the I/O thread; thread-safe.
class Frames {
 public:
  Frames(std::shared_ptr<Monitor> monitor, std::shared_ptr<cdp::Session> session, std::string main_frame);

  /// Follows the events of the page's session, or of a session of one of its out-of-process frames.
  std::vector<cdp::Subscription> listen(const std::shared_ptr<cdp::Session>& session);
  /// Frame `id` went to a process of its own (its target has the frame's id).
  void move_to(const std::string& id, const std::string& url, const std::shared_ptr<cdp::Session>& session);
  /// That process's session ended: its frames are gone, or about to be told of by the session of the parent.
  void drop(const std::string& session_id);

  /// The world of the frame at `path`, waiting for frame and document to be there. A Miss{frame} when time is
  /// up; at once, when `wait_for_frame` is false and there is no such frame.
  std::variant<World, Miss> world(const FramePath& path, Realm realm, const Until& until,
                                  bool wait_for_frame = true);
  /// Our worlds in all frames that have one now.
  std::vector<World> all_worlds() const;
  /// Chrome says that this world is gone, before its event does.
  void forget(const std::string& unique_id);

  /// Our world in the parent document of a frame; nothing for the main frame or when it is not there now.
  std::optional<World> parent_world(const std::string& frame) const;
  bool is_main(const std::string& frame) const { return frame == main_; }
  std::string main_url() const;
  /// What changes whenever the frame at `path` navigates, within its document too. With the lock held.
  std::string stamp(const FramePath& path) const;
  const std::shared_ptr<Monitor>& monitor() const { return monitor_; }

 private:
  struct Node {
    std::string parent;
    std::vector<std::string> children;
    std::shared_ptr<cdp::Session> session;
    std::string url;
    std::optional<World> isolated;
    std::optional<World> main;
    long navigations = 0;
    /// Set while the frame's session has ended: once the parent's session has answered this, and has not told
    /// of the frame before it, the frame is gone.
    std::optional<cdp::Call> last_word;
  };

  void on_attached(const std::shared_ptr<cdp::Session>& session, const Json& params);
  void on_detached(const Json& params);
  void on_navigated(const std::shared_ptr<cdp::Session>& session, const Json& frame);
  void on_navigated_within(const Json& params);
  void on_world(const std::shared_ptr<cdp::Session>& session, const Json& context);
  void on_worlds_cleared(const cdp::Session& session);

  // With the lock held.
  Node& node(const std::string& id, const std::string& parent, const std::shared_ptr<cdp::Session>& session);
  void remove(const std::string& id);
  void remove_children(const std::string& id);
  const Node* find(const FramePath& path) const;
  void forget_held(const std::string& unique_id);

  /// Learns which frames without a session are gone for good.
  void settle(const Until& until);

  std::shared_ptr<Monitor> monitor_;
  std::string main_;
  std::map<std::string, Node> nodes_;
};

}  // namespace offstage::browser
