#include "browser/request_gate.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace offstage::browser {

namespace {

constexpr std::size_t largest_body = std::size_t{64} << 10;
constexpr std::size_t most_entries = 1000;
// An answer whose body does not come is told without it.
constexpr Milliseconds body_patience{1000};
// What does not say in time that it has told everything may have sent something.
constexpr Milliseconds hearing_patience{1000};

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string cut(std::string text) {
  if (text.size() > largest_body) {
    text.resize(largest_body);
    // Not within a character.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
      text.pop_back();
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
  }
  return text;
}

// Chrome gives bytes in postDataEntries, and text in postData where it is text.
std::string body_of(const Json& request) {
  if (request.contains("postData")) return text_of(request, "postData");
  std::string body;
  for (const Json& part : member_of(request, "postDataEntries"))
    body += base64_decoded(text_of(part, "bytes"));
  return body;
}

}  // namespace

void GateState::subscribe(const std::shared_ptr<cdp::Session>& session, bool held) {
  const std::weak_ptr<GateState> weak_self = weak_from_this();
  const std::weak_ptr<cdp::Session> weak = session;
  const auto on = [&](std::string_view event, auto handle) {
    return session->on(event, [weak_self, weak, handle](const Json& params) {
      const std::shared_ptr<GateState> self = weak_self.lock();
      const std::shared_ptr<cdp::Session> from = weak.lock();
      if (!self || !from) return;
      ((*self).*handle)(*from, params);
      self->monitor_->notify();
    });
  };
  std::vector<cdp::Subscription> list;
  if (held) list.push_back(on("Fetch.requestPaused", &GateState::on_paused));
  list.push_back(on("Network.requestWillBeSent", &GateState::on_sent));
  list.push_back(on("Network.responseReceived", &GateState::on_response));
  list.push_back(on("Network.loadingFinished", &GateState::on_finished));
  list.push_back(on("Network.loadingFailed", &GateState::on_failed));
  list.push_back(on("Network.webSocketCreated", &GateState::on_socket));
  list.push_back(on("Network.webTransportCreated", &GateState::on_socket));
  list.push_back(on("Network.webSocketFrameSent", &GateState::on_socket_frame));
  const Monitor::Lock lock = monitor_->lock();
  if (!open_) std::move(list.begin(), list.end(), std::back_inserter(subscriptions_));
}

std::optional<cdp::Call> GateState::cover(const std::shared_ptr<cdp::Session>& session) {
  {
    const Monitor::Lock lock = monitor_->lock();
    if (open_ || std::find(sessions_.begin(), sessions_.end(), session) != sessions_.end())
      return std::nullopt;
    sessions_.push_back(session);
  }
  subscribe(session, true);
  session->post("Network.setBypassServiceWorker", {{"bypass", true}});
  cdp::Call call = session->send("Fetch.enable", {{"patterns", {{{"urlPattern", "*"}}}}});
  const Monitor::Lock lock = monitor_->lock();
  // Opened in between: nobody is left who would answer.
  if (open_) session->post("Fetch.disable");
  return call;
}

void GateState::follow(const std::shared_ptr<cdp::Session>& session) {
  subscribe(session, false);
  const Monitor::Lock lock = monitor_->lock();
  if (!open_) workers_.push_back(session);
}

void GateState::ends_with_it(std::function<void()> end) {
  const Monitor::Lock lock = monitor_->lock();
  if (!open_) ends_.push_back(std::move(end));
}

void GateState::end_the_others() {
  std::vector<std::function<void()>> ends;
  {
    const Monitor::Lock lock = monitor_->lock();
    ends.swap(ends_);
  }
  for (const std::function<void()>& end : ends)
    end();
}

GateState::Held GateState::give_up() {
  Held held;
  const Monitor::Lock lock = monitor_->lock();
  open_ = true;
  held.sessions.swap(sessions_);
  held.workers.swap(workers_);
  held.subscriptions.swap(subscriptions_);
  return held;
}

void GateState::open() {
  const Held held = give_up();
  for (const std::shared_ptr<cdp::Session>& session : held.sessions) {
    // Chrome continues what it still holds.
    session->post("Fetch.disable");
    session->post("Network.setBypassServiceWorker", {{"bypass", false}});
  }
}

void GateState::leave() {
  give_up();
}

void GateState::shut() {
  const Monitor::Lock lock = monitor_->lock();
  shut_ = true;
}

void GateState::shut_if_awaited() {
  const Monitor::Lock lock = monitor_->lock();
  shut_if_awaited_ = true;
}

bool GateState::has_heard_all() {
  std::vector<std::shared_ptr<cdp::Session>> all;
  {
    const Monitor::Lock lock = monitor_->lock();
    all = sessions_;
    all.insert(all.end(), workers_.begin(), workers_.end());
  }
  // The answer comes after all that was told before it. One that has ended has nothing more to tell.
  std::vector<cdp::Call> calls;
  calls.reserve(all.size());
  for (const std::shared_ptr<cdp::Session>& session : all)
    calls.push_back(session->send("Runtime.getIsolateId"));
  const Until soon = Until::in(hearing_patience);
  return std::all_of(calls.begin(), calls.end(), [&](cdp::Call& call) {
    const cdp::Reply::Outcome outcome = call.wait(soon).outcome;
    return outcome != cdp::Reply::Outcome::late && outcome != cdp::Reply::Outcome::dialog;
  });
}

bool GateState::shuts_in_the_end() {
  const bool asks = [this] {
    const Monitor::Lock lock = monitor_->lock();
    return !shut_ && shut_if_awaited_ && coming_.empty();
  }();
  const bool heard = !asks || has_heard_all();
  const Monitor::Lock lock = monitor_->lock();
  shut_ = shut_ || (shut_if_awaited_ && (!coming_.empty() || !heard));
  return shut_;
}

bool GateState::decide(const std::string& method, const std::string& url, const std::string& body) const {
  try {
    return allow_(method, url, body);
  } catch (const std::exception&) {
    return false;  // a rule that cannot decide does not allow
  }
}

void GateState::on_paused(cdp::Session& session, const Json& params) {
  const Json& request = params.at("request");
  const std::string id = text_of(params, "requestId");
  const std::string method = text_of(request, "method");
  const auto [open, shut] = [this] {
    const Monitor::Lock lock = monitor_->lock();
    return std::pair(open_, shut_);
  }();
  if (!shut && (open || is_safe(method))) {
    session.post("Fetch.continueRequest", {{"requestId", id}});
    return;
  }
  auto entry = std::make_unique<Entry>();
  const std::string body = body_of(request);
  entry->exchange.method = method;
  entry->exchange.url = text_of(request, "url") + text_of(request, "urlFragment");
  entry->exchange.request_body = cut(body);
  entry->network_id = text_of(params, "networkId");
  entry->allowed = !shut && decide(method, entry->exchange.url, body);
  const bool allowed = entry->allowed;
  if (!allowed) {
    entry->exchange.failure = "blocked";
    entry->answered = true;
    entry->complete = true;
  }
  {
    const Monitor::Lock lock = monitor_->lock();
    coming_.erase(entry->network_id);
    if (entries_.size() < most_entries) entries_.push_back(std::move(entry));
  }
  if (allowed) {
    session.post("Fetch.continueRequest", {{"requestId", id}});
    return;
  }
  // A form that is refused must leave the page as it is; BlockedByClient would put Chrome's error page there.
  const bool document = text_of(params, "resourceType") == "Document";
  session.post("Fetch.failRequest",
               {{"requestId", id}, {"errorReason", document ? "Aborted" : "BlockedByClient"}});
}

GateState::Entry* GateState::awaited(const Json& params) {
  // The id is the same on whatever session Chrome tells the rest.
  const std::string id = text_of(params, "requestId");
  for (const std::unique_ptr<Entry>& entry : entries_) {
    if (!entry->complete && entry->network_id == id) return entry.get();
  }
  return nullptr;
}

void GateState::on_sent(cdp::Session& /*session*/, const Json& params) {
  const std::string id = text_of(params, "requestId");
  const bool redirected = params.contains("redirectResponse");
  const Monitor::Lock lock = monitor_->lock();
  if (Entry* entry = redirected ? awaited(params) : nullptr) {
    entry->exchange.status = integer_of(member_of(params, "redirectResponse"), "status");
    entry->answered = true;
    entry->complete = true;
  }
  coming_.erase(id);
  // It may have come to the gate before Chrome tells that it began.
  const bool came = std::any_of(entries_.begin(), entries_.end(), [&](const std::unique_ptr<Entry>& entry) {
    return entry->network_id == id && (!redirected || !entry->complete);
  });
  const Json& request = member_of(params, "request");
  const std::string method = text_of(request, "method");
  const std::string url = text_of(request, "url");
  // Others, such as data:, lead nowhere.
  const bool leaves = url.starts_with("http:") || url.starts_with("https:");
  if (leaves && !is_safe(method) && !came && coming_.size() < most_entries)
    coming_[id] = fmt::format("{} {}", printable(method, 20), printable(url, 200));
}

void GateState::on_socket(cdp::Session& /*session*/, const Json& params) {
  const Monitor::Lock lock = monitor_->lock();
  if (!bypassed_.empty()) return;
  bypassed_ = fmt::format("the page opened a socket to {}, and what went over it is not known",
                          printable(text_of(params, "url"), 200));
}

void GateState::on_socket_frame(cdp::Session& /*session*/, const Json& /*params*/) {
  const Monitor::Lock lock = monitor_->lock();
  if (bypassed_.empty()) bypassed_ = "the page sent something over a socket, and what it was is not known";
}

std::string GateState::bypassed() const {
  const Monitor::Lock lock = monitor_->lock();
  return bypassed_;
}

void GateState::on_response(cdp::Session& /*session*/, const Json& params) {
  const Monitor::Lock lock = monitor_->lock();
  // Answered, and never held: Chrome knows a way that leads past the gate.
  const auto passed = coming_.find(text_of(params, "requestId"));
  if (passed != coming_.end()) {
    if (bypassed_.empty()) bypassed_ = "the page sent " + passed->second + " in a way that is not held";
    coming_.erase(passed);
  }
  Entry* entry = awaited(params);
  if (!entry) return;
  entry->exchange.status = integer_of(member_of(params, "response"), "status");
  entry->answered = true;
}

void GateState::on_finished(cdp::Session& session, const Json& params) {
  const Monitor::Lock lock = monitor_->lock();
  coming_.erase(text_of(params, "requestId"));
  Entry* entry = awaited(params);
  if (!entry) return;
  // Asked for at once: a page that goes elsewhere takes the bodies with it.
  entry->body = session.send("Network.getResponseBody", {{"requestId", entry->network_id}});
  entry->answered = true;
  entry->complete = true;
}

void GateState::on_failed(cdp::Session& /*session*/, const Json& params) {
  const Monitor::Lock lock = monitor_->lock();
  coming_.erase(text_of(params, "requestId"));
  Entry* entry = awaited(params);
  if (!entry) return;
  entry->exchange.failure = text_of(params, "errorText");
  entry->answered = true;
  entry->complete = true;
}

std::vector<Page::Exchange> GateState::exchanges(bool allowed) const {
  const Monitor::Lock lock = monitor_->lock();
  std::vector<Page::Exchange> list;
  for (const std::unique_ptr<Entry>& entry : entries_) {
    if (entry->allowed == allowed) list.push_back(entry->exchange);
  }
  return list;
}

std::optional<Page::Exchange> GateState::wait_for_answer(const Until& until) {
  Entry* found = nullptr;
  {
    Monitor::Lock lock = monitor_->lock();
    const bool came = monitor_->wait(lock, until, [&] {
      const auto next =
          std::find_if(entries_.begin(), entries_.end(), [](const std::unique_ptr<Entry>& entry) {
            return entry->allowed && entry->answered && !entry->told;
          });
      found = next == entries_.end() ? nullptr : next->get();
      return found != nullptr;
    });
    if (!came) return std::nullopt;
    found->told = true;
    // A page that does not read what it was answered never gets to its end.
    monitor_->wait(lock, until.within(body_patience), [found] { return found->complete; });
    if (!found->body) return found->exchange;
  }
  // Entries are never removed while the gate lives, and only this thread touches `body` now.
  cdp::Reply reply = found->body->wait(until.within(body_patience));
  const Monitor::Lock lock = monitor_->lock();
  if (reply.ok()) {
    std::string body = text_of(reply.result, "body");
    if (flag_of(reply.result, "base64Encoded")) body = base64_decoded(body);
    found->exchange.body = cut(std::move(body));
  }
  return found->exchange;
}

bool GateState::wait_for_request(const Until& until) {
  Monitor::Lock lock = monitor_->lock();
  return monitor_->wait(lock, until, [this] { return !entries_.empty(); });
}

}  // namespace offstage::browser
