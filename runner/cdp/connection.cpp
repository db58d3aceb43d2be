#include "cdp/connection.h"

#include <algorithm>

#include "base/fault_point.h"
#include "base/text.h"
#include "cdp/message.h"

namespace offstage::cdp {

namespace {

/// Chrome's code for a command on a session that it no longer knows.
constexpr int session_not_found = -32001;

std::string target_of(const Json& params) {
  const auto info = params.find("targetInfo");
  return info != params.end() && info->is_object() ? text_of(*info, "targetId") : text_of(params, "targetId");
}

/// How often a message goes on its way: once, unless a test of faults has other plans.
int passing(bool to_chrome, std::string& text) {
  FaultPoints* const points = fault_points();
  return points == nullptr ? 1 : points->passing(to_chrome, text);
}

Reply completed_as(Reply::Outcome outcome) {
  Reply reply;
  reply.outcome = outcome;
  return reply;
}

/// A member that must be an object; whatever else Chrome may say there is none of its protocol.
Json object_of(const Json& message, std::string_view key) {
  const Json& member = member_of(message, key);
  return member.is_object() ? member : Json::object();
}

Reply reply_from(const Json& message) {
  Reply reply;
  const auto error = message.find("error");
  if (error == message.end()) {
    reply.result = object_of(message, "result");
    return reply;
  }
  reply.outcome = Reply::Outcome::refused;
  reply.message = text_of(*error, "message");
  reply.code = integer_of(*error, "code");
  const std::string data = text_of(*error, "data");
  if (!data.empty()) reply.message += ": " + data;
  if (reply.code == session_not_found) reply.outcome = Reply::Outcome::detached;
  return reply;
}

}  // namespace

bool held_by_dialog(std::string_view method) {
  for (const std::string_view domain : {"Target.", "Browser.", "Fetch.", "Storage.", "SystemInfo."}) {
    if (method.starts_with(domain)) return false;
  }
  return method != "Page.handleJavaScriptDialog" && method != "Page.close";
}

void Connection::start() {
  root_state_ = std::make_shared<Session::State>();
  root_state_->connection = weak_from_this();
  root_ = std::make_shared<Session>(root_state_);
  sessions_[""] = {root_state_, root_};
  // The transport is closed, and its thread ended, before this object goes: plain `this` is safe.
  transport_->start({.message =
                         [this](std::string text) {
                           for (int times = passing(false, text); times > 0; --times)
                             receive(text);
                         },
                     .closed = [this](const std::string& reason) { lose(reason); }});
}

void Connection::close() noexcept {
  transport_->close();
  lose({});
}

std::shared_ptr<Call::State> Connection::send(Session::State& session, std::string_view method, Json params,
                                              bool keep, std::function<void(const Reply&)> then) {
  auto call = std::make_shared<Call::State>();
  call->method = method;
  call->connection = weak_from_this();
  call->then = std::move(then);
  Json message;
  std::optional<Reply::Outcome> over;
  {
    const std::lock_guard lock(mutex_);
    over = session.gone;
    if (!over && !connected_) over = Reply::Outcome::disconnected;
    if (!over && session.dialog && held_by_dialog(method)) over = Reply::Outcome::dialog;
    if (!over) {
      message["id"] = ++last_id_;
      ++counts_.commands;
      if (keep) pending_[last_id_] = {call, session.id, std::string(method), call->then ? call : nullptr};
    }
  }
  if (over) {
    // Outside of the lock: whoever is told may send again.
    call->complete(completed_as(*over));
    return call;
  }
  message["method"] = method;
  message["params"] = std::move(params);
  if (!session.id.empty()) message["sessionId"] = session.id;
  std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (int times = passing(true, text); times > 0; --times)
    transport_->send(text);
  return call;
}

std::shared_ptr<Session> Connection::session(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Known& known = sessions_[id];
  if (!known.state) {
    known.state = std::make_shared<Session::State>();
    known.state->connection = weak_from_this();
    known.state->id = id;
    if (!connected_) known.state->gone = Reply::Outcome::disconnected;
  }
  if (!known.session) known.session = std::make_shared<Session>(known.state);
  return known.session;
}

Subscription Connection::subscribe(const std::shared_ptr<Session::State>& session, std::string_view event,
                                   EventHandler run) {
  auto handler = std::make_shared<Handler>(std::move(run));
  const std::lock_guard lock(mutex_);
  session->handlers[std::string(event)].push_back(handler);
  return Subscription([self = weak_from_this(), session, event = std::string(event), handler] {
    if (const std::shared_ptr<Connection> connection = self.lock()) {
      const std::lock_guard removing(connection->mutex_);
      std::erase(session->handlers[event], handler);
    }
    handler->cancel();
  });
}

Subscription Connection::on_disconnect(std::function<void(std::string)> run) {
  auto handler = std::make_shared<Handler>(
      [run = std::move(run)](const Json& params) { run(text_of(params, "reason")); });
  const std::lock_guard lock(mutex_);
  disconnect_handlers_.push_back(handler);
  return Subscription([handler] { handler->cancel(); });
}

bool Connection::gone(const Session::State& session) const {
  const std::lock_guard lock(mutex_);
  return session.gone.has_value();
}

bool Connection::connected() const {
  const std::lock_guard lock(mutex_);
  return connected_;
}

Client::Counts Connection::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Connection::count_wait() {
  const std::lock_guard lock(mutex_);
  ++counts_.waits;
}

void Connection::receive(const std::string& text) {
  // A transport may have more to say after what ended the connection.
  if (!connected()) return;
  const Json message = parse_message(text);
  if (!message.is_object()) {
    lose("what came is no DevTools message: " + printable(text, 200));
    return;
  }
  try {
    if (message.contains("id")) {
      answer(message);
    } else if (message.contains("method")) {
      event(message);
    }
  } catch (const std::exception& error) {
    // A listener could not make anything of it: nothing that comes after can be relied on.
    lose("Chrome said what nobody understands: " + printable(error.what(), 200));
  }
}

void Connection::answer(const Json& message) {
  std::shared_ptr<Call::State> call;
  {
    const std::lock_guard lock(mutex_);
    // 0 is no command's, and so is what no int holds.
    const auto found = pending_.find(integer_of(message, "id"));
    if (found == pending_.end()) return;  // completed by us already, or posted
    call = found->second.call.lock();
    pending_.erase(found);  // `call` holds it now
  }
  if (call) call->complete(reply_from(message));
}

void Connection::event(const Json& message) {
  const std::string id = text_of(message, "sessionId");
  const std::string method = text_of(message, "method");
  const Json params = object_of(message, "params");
  std::vector<std::shared_ptr<Handler>> handlers;
  {
    const std::lock_guard lock(mutex_);
    if (method == "Target.attachedToTarget") note_attached(id, params);
    const auto known = sessions_.find(id);
    if (known != sessions_.end()) {
      const auto list = known->second.state->handlers.find(method);
      if (list != known->second.state->handlers.end()) handlers = list->second;
    }
  }
  // Handlers first: who is woken by what follows finds what they noted (the dialog, the crash).
  for (const std::shared_ptr<Handler>& handler : handlers)
    (*handler)(params);
  std::vector<Completion> done;
  {
    const std::lock_guard lock(mutex_);
    apply(id, method, params, done);
  }
  for (auto& [call, reply] : done)
    call->complete(std::move(reply));
}

void Connection::lose(const std::string& reason) {
  std::vector<Completion> done;
  std::vector<std::shared_ptr<Handler>> handlers;
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) return;
    connected_ = false;
    // `close` gives no reason: it was asked for, and nobody needs to be told.
    if (!reason.empty()) handlers = disconnect_handlers_;
  }
  for (const std::shared_ptr<Handler>& handler : handlers)
    (*handler)({{"reason", reason}});
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, known] : sessions_) {
      if (!known.state->gone) known.state->gone = Reply::Outcome::disconnected;
    }
    for (auto& [id, pending] : pending_) {
      Reply reply = completed_as(Reply::Outcome::disconnected);
      reply.message = reason;
      if (auto call = pending.call.lock()) done.emplace_back(std::move(call), std::move(reply));
    }
    pending_.clear();
  }
  for (auto& [call, reply] : done)
    call->complete(std::move(reply));
}

void Connection::note_attached(const std::string& parent, const Json& params) {
  const std::string id = text_of(params, "sessionId");
  if (id.empty()) return;
  Known& known = sessions_[id];
  if (!known.state) {
    known.state = std::make_shared<Session::State>();
    known.state->connection = weak_from_this();
    known.state->id = id;
  }
  known.state->target = target_of(params);
  known.state->parent = parent;
}

void Connection::apply(const std::string& session, const std::string& method, const Json& params,
                       std::vector<Completion>& done) {
  if (method == "Inspector.targetCrashed") {
    end_session(session, Reply::Outcome::crashed, done);
  } else if (method == "Target.targetCrashed") {
    end_target(target_of(params), Reply::Outcome::crashed, done);
  } else if (method == "Target.detachedFromTarget") {
    end_session(text_of(params, "sessionId"), Reply::Outcome::detached, done);
  } else if (method == "Target.targetDestroyed") {
    end_target(target_of(params), Reply::Outcome::detached, done);
  } else if (method == "Page.javascriptDialogOpening") {
    set_dialog(session, true, done);
  } else if (method == "Page.javascriptDialogClosed") {
    set_dialog(session, false, done);
  }
}

void Connection::end_session(const std::string& id, Reply::Outcome outcome, std::vector<Completion>& done) {
  const auto known = sessions_.find(id);
  if (id.empty() || known == sessions_.end()) return;
  if (!known->second.state->gone) known->second.state->gone = outcome;
  complete_pending(id, outcome, false, done);
  if (outcome != Reply::Outcome::detached) return;
  // What was attached through a session ends with it; a crashed page's frames are told of one by one.
  sessions_.erase(known);
  for (const std::string& child : children(id))
    end_session(child, outcome, done);
}

void Connection::end_target(const std::string& target, Reply::Outcome outcome,
                            std::vector<Completion>& done) {
  std::vector<std::string> ids;
  for (const auto& [id, known] : sessions_) {
    if (!target.empty() && known.state->target == target) ids.push_back(id);
  }
  for (const std::string& id : ids)
    end_session(id, outcome, done);
}

void Connection::set_dialog(const std::string& id, bool open, std::vector<Completion>& done) {
  const auto known = sessions_.find(id);
  if (known == sessions_.end()) return;
  known->second.state->dialog = open;
  if (open) complete_pending(id, Reply::Outcome::dialog, true, done);
  // The dialog of a page holds its out-of-process frames as well.
  for (const std::string& child : children(id))
    set_dialog(child, open, done);
}

void Connection::complete_pending(const std::string& session, Reply::Outcome outcome, bool only_held,
                                  std::vector<Completion>& done) {
  for (auto entry = pending_.begin(); entry != pending_.end();) {
    const Pending& pending = entry->second;
    if (pending.session != session || (only_held && !held_by_dialog(pending.method))) {
      ++entry;
      continue;
    }
    if (auto call = pending.call.lock()) done.emplace_back(std::move(call), completed_as(outcome));
    entry = pending_.erase(entry);
  }
}

std::vector<std::string> Connection::children(const std::string& id) const {
  std::vector<std::string> found;
  for (const auto& [child, known] : sessions_) {
    if (!child.empty() && known.state->parent == id) found.push_back(child);
  }
  return found;
}

}  // namespace offstage::cdp
