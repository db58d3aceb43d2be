#include "browser/frames.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "browser/inpage.h"

namespace offstage::browser {

bool world_lost(const cdp::Reply& reply) {
  if (reply.outcome != cdp::Reply::Outcome::refused) return false;
  for (const std::string_view words :
       {"Cannot find context", "Execution context was destroyed", "uniqueContextId not found",
        "Inspected target navigated or closed", "Promise was collected",
        "Cannot find default execution context", "Could not find node", "No node with given id",
        "No node found", "Could not find object", "Frame with the given id was not found",
        "Node with given id does not belong", "Frame with the given id does not belong"}) {
    if (reply.message.find(words) != std::string::npos) return true;
  }
  return false;
}

Frames::Frames(std::shared_ptr<Monitor> monitor, std::shared_ptr<cdp::Session> session,
               std::string main_frame)
    : monitor_(std::move(monitor)), main_(std::move(main_frame)) {
  Node main;
  main.session = std::move(session);
  main.url = "about:blank";
  nodes_[main_] = std::move(main);
}

std::vector<cdp::Subscription> Frames::listen(const std::shared_ptr<cdp::Session>& session) {
  // A handler that held its own session strongly would keep both alive for ever.
  const std::weak_ptr<cdp::Session> weak = session;
  const auto on = [&](std::string_view event, auto handle) {
    return session->on(event, [this, weak, handle](const Json& params) {
      const std::shared_ptr<cdp::Session> from = weak.lock();
      if (!from) return;
      {
        const Monitor::Lock lock = monitor_->lock();
        handle(from, params);
      }
      monitor_->notify();
    });
  };
  using From = const std::shared_ptr<cdp::Session>&;
  std::vector<cdp::Subscription> list;
  list.push_back(
      on("Page.frameAttached", [this](From from, const Json& params) { on_attached(from, params); }));
  list.push_back(on("Page.frameDetached", [this](From, const Json& params) { on_detached(params); }));
  list.push_back(on("Page.frameNavigated", [this](From from, const Json& params) {
    on_navigated(from, member_of(params, "frame"));
  }));
  list.push_back(
      on("Page.navigatedWithinDocument", [this](From, const Json& params) { on_navigated_within(params); }));
  list.push_back(on("Runtime.executionContextCreated",
                    [this](From from, const Json& params) { on_world(from, member_of(params, "context")); }));
  list.push_back(on("Runtime.executionContextDestroyed", [this](From, const Json& params) {
    forget_held(text_of(params, "executionContextUniqueId"));
  }));
  list.push_back(
      on("Runtime.executionContextsCleared", [this](From from, const Json&) { on_worlds_cleared(*from); }));
  return list;
}

Frames::Node& Frames::node(const std::string& id, const std::string& parent,
                           const std::shared_ptr<cdp::Session>& session) {
  const auto found = nodes_.find(id);
  if (found != nodes_.end()) return found->second;
  Node& made = nodes_[id];
  made.parent = parent;
  made.session = session;
  const auto above = nodes_.find(parent);
  // A frame within itself would be removed while it is looked at.
  if (above != nodes_.end() && parent != id) above->second.children.push_back(id);
  return made;
}

void Frames::remove_children(const std::string& id) {
  const std::vector<std::string> children = std::exchange(nodes_.at(id).children, {});
  for (const std::string& child : children)
    remove(child);
}

void Frames::remove(const std::string& id) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end() || id == main_) return;
  remove_children(id);
  const auto above = nodes_.find(found->second.parent);
  if (above != nodes_.end()) std::erase(above->second.children, id);
  nodes_.erase(found);
}

void Frames::on_attached(const std::shared_ptr<cdp::Session>& session, const Json& params) {
  Node& frame = node(text_of(params, "frameId"), text_of(params, "parentFrameId"), session);
  if (frame.session == session) return;
  // Back from a process of its own.
  frame.session = session;
  frame.last_word.reset();
  frame.isolated.reset();
  frame.main.reset();
}

void Frames::on_detached(const Json& params) {
  // "swap": the frame lives on in another process, whose session brings its documents.
  if (text_of(params, "reason") != "swap") remove(text_of(params, "frameId"));
}

void Frames::on_navigated(const std::shared_ptr<cdp::Session>& session, const Json& frame) {
  const std::string id = text_of(frame, "id");
  Node& navigated = node(id, text_of(frame, "parentId"), session);
  // The children of the document that went are not all reported one by one.
  remove_children(id);
  if (navigated.session != session) {
    navigated.isolated.reset();
    navigated.main.reset();
    navigated.session = session;
    navigated.last_word.reset();
  }
  navigated.url = text_of(frame, "url") + text_of(frame, "urlFragment");
  ++navigated.navigations;
}

void Frames::on_navigated_within(const Json& params) {
  const auto found = nodes_.find(text_of(params, "frameId"));
  if (found == nodes_.end()) return;
  found->second.url = text_of(params, "url");
  ++found->second.navigations;
}

void Frames::on_world(const std::shared_ptr<cdp::Session>& session, const Json& context) {
  const Json& about = member_of(context, "auxData");
  const auto found = nodes_.find(text_of(about, "frameId"));
  if (found == nodes_.end()) return;
  Node& frame = found->second;
  World world{session, found->first, text_of(context, "uniqueId"), integer_of(context, "id")};
  if (flag_of(about, "isDefault")) {
    frame.main = std::move(world);
  } else if (text_of(context, "name") == inpage::world_name) {
    frame.isolated = std::move(world);
  }
}

void Frames::on_worlds_cleared(const cdp::Session& session) {
  for (auto& [id, frame] : nodes_) {
    if (frame.session.get() != &session) continue;
    frame.isolated.reset();
    frame.main.reset();
  }
}

void Frames::forget_held(const std::string& unique_id) {
  for (auto& [id, frame] : nodes_) {
    if (frame.isolated && frame.isolated->unique_id == unique_id) frame.isolated.reset();
    if (frame.main && frame.main->unique_id == unique_id) frame.main.reset();
  }
}

void Frames::forget(const std::string& unique_id) {
  const Monitor::Lock lock = monitor_->lock();
  forget_held(unique_id);
}

void Frames::move_to(const std::string& id, const std::string& url,
                     const std::shared_ptr<cdp::Session>& session) {
  {
    const Monitor::Lock lock = monitor_->lock();
    const auto found = nodes_.find(id);
    if (found == nodes_.end()) return;
    remove_children(id);
    found->second.session = session;
    found->second.last_word.reset();
    found->second.url = url;
    found->second.isolated.reset();
    found->second.main.reset();
    ++found->second.navigations;
  }
  monitor_->notify();
}

void Frames::drop(const std::string& session_id) {
  {
    const Monitor::Lock lock = monitor_->lock();
    std::vector<std::string> inner;
    for (auto& [id, frame] : nodes_) {
      if (frame.session->id() != session_id) continue;
      const auto above = nodes_.find(frame.parent);
      if (above == nodes_.end() || above->second.session->id() == session_id) {
        inner.push_back(id);
        continue;
      }
      // Removed with its element, or back in the process of its parent: only the parent's session knows, and
      // may tell after this.
      frame.isolated.reset();
      frame.main.reset();
      frame.last_word = above->second.session->send("Page.enable");
    }
    for (const std::string& id : inner)
      remove(id);
  }
  monitor_->notify();
}

void Frames::settle(const Until& until) {
  for (;;) {
    std::string id;
    std::optional<cdp::Call> last_word;
    {
      const Monitor::Lock lock = monitor_->lock();
      const auto found = std::find_if(nodes_.begin(), nodes_.end(),
                                      [](const auto& entry) { return entry.second.last_word.has_value(); });
      if (found == nodes_.end()) return;
      id = found->first;
      last_word = found->second.last_word;
    }
    const cdp::Reply reply = last_word->wait(until);
    if (reply.outcome == cdp::Reply::Outcome::late || reply.outcome == cdp::Reply::Outcome::stopped) return;
    const Monitor::Lock lock = monitor_->lock();
    const auto found = nodes_.find(id);
    if (found != nodes_.end() && found->second.last_word) remove(id);
  }
}

const Frames::Node* Frames::find(const FramePath& path) const {
  const Node* at = &nodes_.at(main_);
  for (const int index : path) {
    if (index < 0 || static_cast<std::size_t>(index) >= at->children.size()) return nullptr;
    at = &nodes_.at(at->children[static_cast<std::size_t>(index)]);
  }
  return at;
}

std::variant<World, Miss> Frames::world(const FramePath& path, Realm realm, const Until& until,
                                        bool wait_for_frame) {
  settle(until);
  std::optional<World> found;
  Monitor::Lock lock = monitor_->lock();
  const auto look = [&] {
    const Node* frame = find(path);
    if (!frame) return !wait_for_frame;
    found = realm == Realm::isolated ? frame->isolated : frame->main;
    return found.has_value();
  };
  if (monitor_->wait(lock, until, look) && found) return *found;
  Miss miss;
  miss.why = Miss::Why::frame;
  const Node* frame = find(path);
  miss.seen = frame ? fmt::format("frame [{}] at {} has no document yet", fmt::join(path, ", "), frame->url)
                    : fmt::format("there is no frame [{}]", fmt::join(path, ", "));
  return miss;
}

std::vector<World> Frames::all_worlds() const {
  const Monitor::Lock lock = monitor_->lock();
  std::vector<World> worlds;
  for (const auto& [id, frame] : nodes_) {
    if (frame.isolated) worlds.push_back(*frame.isolated);
  }
  return worlds;
}

std::optional<World> Frames::parent_world(const std::string& frame) const {
  const Monitor::Lock lock = monitor_->lock();
  const auto found = nodes_.find(frame);
  if (found == nodes_.end()) return std::nullopt;
  const auto above = nodes_.find(found->second.parent);
  return above == nodes_.end() ? std::nullopt : above->second.isolated;
}

std::string Frames::main_url() const {
  const Monitor::Lock lock = monitor_->lock();
  return nodes_.at(main_).url;
}

std::string Frames::stamp(const FramePath& path) const {
  const Node* at = &nodes_.at(main_);
  std::string id = main_;
  for (const int index : path) {
    if (index < 0 || static_cast<std::size_t>(index) >= at->children.size()) return {};
    id = at->children[static_cast<std::size_t>(index)];
    at = &nodes_.at(id);
  }
  return fmt::format("{} {}", id, at->navigations);
}

}  // namespace offstage::browser
