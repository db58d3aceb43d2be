#include "recording/capture.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "recording/exchange.h"

namespace offstage::recording {
namespace {

constexpr std::string_view event_stream = "text/event-stream";

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string without_fragment(const std::string& url) {
  return url.substr(0, url.find('#'));
}

bool is_event_stream(const Headers& headers) {
  return header(headers, "content-type").value_or("").starts_with(event_stream);
}

/// What is true of the bytes that were sent, and no longer of those that are kept.
bool is_about_transfer(const std::string& name) {
  const std::string lower = ascii_lower(name);
  return lower == "content-encoding" || lower == "content-length" || lower == "transfer-encoding" ||
         lower == "set-cookie";
}

}  // namespace

void Capture::on_attached(const browser::AttachedTarget& target) {
  const std::weak_ptr<Capture> weak = weak_from_this();
  const auto on = [&](std::string_view event, void (Capture::*handle)(const Json&)) {
    return target.session->on(event, [weak, handle](const Json& params) {
      if (const std::shared_ptr<Capture> self = weak.lock()) ((*self).*handle)(params);
    });
  };
  std::vector<cdp::Subscription> list;
  list.push_back(on("Network.responseReceivedExtraInfo", &Capture::on_extra));
  list.push_back(on("Network.eventSourceMessageReceived", &Capture::on_event));
  list.push_back(target.session->on("Network.webSocketCreated", [weak](const Json& params) {
    const std::shared_ptr<Capture> self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mutex_);
    self->websockets_.push_back(text_of(params, "url"));
  }));
  list.push_back(target.session->on("Page.javascriptDialogOpening", [weak](const Json& params) {
    const std::shared_ptr<Capture> self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mutex_);
    self->dialogs_.push_back({text_of(params, "type"), text_of(params, "message")});
  }));
  {
    const std::lock_guard lock(mutex_);
    std::move(list.begin(), list.end(), std::back_inserter(subscriptions_));
  }
  // What the cache answers would be missing: its answers have no cookies, and a replay has no cache.
  target.session->post("Network.setCacheDisabled", {{"cacheDisabled", true}});
  if (target.what != browser::AttachedTarget::What::worker) {
    target.session->post("Emulation.setTimezoneOverride", {{"timezoneId", time_zone}});
  }
}

Capture::Kept* Capture::find(const std::string& fetch_id) {
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                  [&](const auto& each) { return each->fetch_id == fetch_id; });
  return found == kept_.rend() ? nullptr : found->get();
}

void Capture::complete(Kept& kept) {
  kept.done = true;
  kept.answered = Clock::now();
}

void Capture::on_request(const std::shared_ptr<cdp::Session>& session, const Json& paused) {
  const Json& request = paused.at("request");
  auto kept = std::make_unique<Kept>();
  kept->fetch_id = text_of(paused, "requestId");
  kept->network_id = text_of(paused, "networkId");
  kept->redirected = text_of(paused, "redirectedRequestId");
  kept->sent = Clock::now();
  Exchange& exchange = kept->exchange;
  exchange.method = text_of(request, "method");
  exchange.url = without_fragment(text_of(request, "url"));
  exchange.request_headers = headers_from(member_of(request, "headers"));
  exchange.request_body = body_from(request);
  exchange.resource_type = text_of(paused, "resourceType");
  exchange.started_at = utc_now();
  {
    const std::lock_guard lock(mutex_);
    if (flag_of(request, "hasPostData") && !exchange.request_body) {
      fault_ = fmt::format("Chrome did not give the body of {} {}", exchange.method, exchange.url);
    }
    kept_.push_back(std::move(kept));
  }
  session->post("Fetch.continueRequest", {{"requestId", paused.at("requestId")}});
}

void Capture::on_response(const std::shared_ptr<cdp::Session>& session, const Json& paused) {
  const std::string id = text_of(paused, "requestId");
  bool wants_body = false;
  {
    const std::lock_guard lock(mutex_);
    if (Kept* kept = find(id)) {
      Exchange& exchange = kept->exchange;
      exchange.failure = text_of(paused, "responseErrorReason");
      if (exchange.failure.empty()) {
        exchange.status = integer_of(paused, "responseStatusCode");
        exchange.status_text = text_of(paused, "responseStatusText");
        exchange.response_headers = headers_from(member_of(paused, "responseHeaders"));
        std::erase_if(exchange.response_headers,
                      [](const auto& each) { return is_about_transfer(each.first); });
      }
      wants_body = exchange.failure.empty() && !is_redirect(exchange.status) &&
                   !is_event_stream(exchange.response_headers);
      if (!wants_body) complete(*kept);
    }
  }
  changed_.notify_all();
  if (!wants_body) {
    session->post("Fetch.continueRequest", {{"requestId", id}});
    return;
  }
  const std::weak_ptr<Capture> weak = weak_from_this();
  // The answer is held until its body was read: whatever the page does next cannot lose it.
  session->ask("Fetch.getResponseBody", {{"requestId", id}}, [weak, id, session](const cdp::Reply& reply) {
    if (const std::shared_ptr<Capture> self = weak.lock()) self->on_body(id, reply);
    session->post("Fetch.continueRequest", {{"requestId", id}});
  });
}

void Capture::on_body(const std::string& fetch_id, const cdp::Reply& reply) {
  {
    const std::lock_guard lock(mutex_);
    Kept* kept = find(fetch_id);
    if (kept == nullptr) return;
    if (reply.ok()) {
      std::string body = text_of(reply.result, "body");
      if (flag_of(reply.result, "base64Encoded")) body = base64_decoded(body);
      kept->exchange.response_body = std::move(body);
    } else if (reply.outcome == cdp::Reply::Outcome::refused) {
      // The page went away meanwhile: it never got this answer.
      kept->exchange.failure = "Aborted";
      kept->exchange.status = 0;
      kept->exchange.status_text.clear();
      kept->exchange.response_headers.clear();
    } else {
      fault_ = fmt::format("the body of {} {} could not be read", kept->exchange.method, kept->exchange.url);
    }
    complete(*kept);
  }
  changed_.notify_all();
}

void Capture::on_extra(const Json& params) {
  Extra extra;
  extra.status = integer_of(params, "statusCode");
  for (const auto& [name, value] : headers_from(member_of(params, "headers"))) {
    if (ascii_lower(name) != "set-cookie") continue;
    // Chrome joins repeated fields by new lines.
    for (const std::string& cookie : split(value, '\n'))
      if (!cookie.empty()) extra.cookies.push_back(cookie);
  }
  const std::lock_guard lock(mutex_);
  extras_[text_of(params, "requestId")].push_back(std::move(extra));
}

void Capture::on_event(const Json& params) {
  std::string event;
  if (const std::string id = text_of(params, "eventId"); !id.empty()) event += "id: " + id + "\n";
  const std::string name = text_of(params, "eventName");
  if (!name.empty() && name != "message") event += "event: " + name + "\n";
  for (const std::string& line : split(text_of(params, "data"), '\n'))
    event += "data: " + line + "\n";
  const std::lock_guard lock(mutex_);
  events_[text_of(params, "requestId")] += event + "\n";
}

void Capture::put_cookies() {
  // The hops of a chain share Network's id: they are told apart by their order and their status.
  std::map<std::string, std::size_t> next;
  for (const std::unique_ptr<Kept>& kept : kept_) {
    const auto known = extras_.find(kept->network_id);
    if (kept->network_id.empty() || known == extras_.end() || kept->exchange.status == 0) continue;
    std::size_t& index = next[kept->network_id];
    while (index < known->second.size() && known->second[index].status != kept->exchange.status)
      ++index;
    if (index == known->second.size()) continue;
    for (const std::string& cookie : known->second[index].cookies)
      kept->exchange.response_headers.emplace_back("Set-Cookie", cookie);
    ++index;
  }
}

void Capture::number(const TrafficRules& rules) {
  const auto moment = [](Clock::time_point time) {
    return std::chrono::duration<double, std::milli>(time.time_since_epoch()).count();
  };
  std::vector<double> over;
  for (const std::unique_ptr<Kept>& kept : kept_) {
    Exchange& exchange = kept->exchange;
    exchange.mutation = changes_something(exchange.method, exchange.url, rules);
    exchange.milliseconds = moment(kept->answered) - moment(kept->sent);
    if (exchange.mutation) over.push_back(moment(kept->answered));
  }
  for (const std::unique_ptr<Kept>& kept : kept_)
    kept->exchange.epoch = epoch_at(moment(kept->sent), over);
}

bool Capture::all_done() const {
  return std::all_of(kept_.begin(), kept_.end(), [](const auto& kept) { return kept->done; });
}

bool Capture::all_answered() const {
  const std::lock_guard lock(mutex_);
  return all_done();
}

std::size_t Capture::requests() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

void Capture::finish(Recording& recording, const TrafficRules& rules, const Until& until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until.stop, until.deadline.at(), [this] { return all_done(); });
  if (!fault_.empty()) {
    throw Error(Kind::browser, "the recording has a hole: " + printable(fault_, 400), "record once more");
  }
  std::map<std::string, std::size_t> places;
  for (const std::unique_ptr<Kept>& kept : kept_) {
    if (!kept->done) {
      kept->exchange.failure = "TimedOut";
      complete(*kept);
    }
    if (const auto events = events_.find(kept->network_id);
        events != events_.end() && is_event_stream(kept->exchange.response_headers))
      kept->exchange.response_body = events->second;
  }
  put_cookies();
  number(rules);
  for (const std::unique_ptr<Kept>& kept : kept_) {
    if (const auto before = places.find(kept->redirected); before != places.end())
      kept->exchange.redirected_from = before->second;
    places[kept->fetch_id] = recording.exchanges.size();
    recording.exchanges.push_back(std::move(kept->exchange));
  }
  recording.websockets = std::move(websockets_);
  recording.dialogs = std::move(dialogs_);
  kept_.clear();
}

}  // namespace offstage::recording
