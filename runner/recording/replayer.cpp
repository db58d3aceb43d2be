#include "recording/replayer.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "embedded/pins_js.h"
#include "recording/exchange.h"

namespace offstage::recording {
namespace {

std::string pins_for(const Recording& recording) {
  const double now = moment_of(utc_now()).value_or(0);
  const double offset = moment_of(recording.started_at).value_or(now) - now;
  // Any seed will do, as long as each run has the same.
  const std::string digest = sha256(recording.started_at + recording.title);
  Json seed = Json::array();
  for (std::size_t i = 0; i < 4; ++i)
    seed.push_back(static_cast<std::int32_t>(std::stoul(digest.substr(i * 8, 8), nullptr, 16)));
  const Json pins{{"offset", offset}, {"seed", seed}};
  return fmt::format("({})({})", embedded::pins_js, pins.dump());
}

/// What the page would wait for again and again: it is told to wait an hour before it asks once more.
constexpr std::string_view ask_no_more = "retry: 3600000\n\n";

}  // namespace

Replayer::Replayer(const Recording& recording, const TrafficRules& rules, Delays delays,
                   std::string page_script)
    : recording_(recording),
      pins_(pins_for(recording)),
      delays_(std::move(delays)),
      page_script_(std::move(page_script)),
      tape_(recording, rules) {}

void Replayer::on_attached(const browser::AttachedTarget& target) {
  cdp::Session& session = *target.session;
  session.post("Network.setCacheDisabled", {{"cacheDisabled", true}});
  if (target.what == browser::AttachedTarget::What::worker) {
    session.post("Runtime.evaluate", {{"expression", pins_}});
    return;
  }
  session.post("Page.addScriptToEvaluateOnNewDocument", {{"source", pins_}});
  if (!page_script_.empty()) {
    session.post("Page.addScriptToEvaluateOnNewDocument", {{"source", page_script_}});
  }
  if (!recording_.time_zone.empty()) {
    session.post("Emulation.setTimezoneOverride", {{"timezoneId", recording_.time_zone}});
  }
}

void Replayer::on_request(const std::shared_ptr<cdp::Session>& session, const Json& paused) {
  const Json& asked = paused.at("request");
  const std::string id = text_of(paused, "requestId");
  Request request;
  request.method = text_of(asked, "method");
  request.url = text_of(asked, "url");
  request.url.resize(std::min(request.url.find('#'), request.url.size()));
  request.headers = headers_from(member_of(asked, "headers"));
  request.body = body_from(asked);
  request.resource_type = text_of(paused, "resourceType");
  const auto answer = tape_.answer(request);
  if (std::holds_alternative<Miss>(answer)) {
    if (tape_.may_stay_unanswered(request)) {
      tell(request, "may stay unanswered");
      return fail(*session, id, "Aborted");
    }
    tell(request, "not recorded");
    return fail(*session, id, "BlockedByClient");
  }
  const auto& [index, exchange] = std::get<Answer>(answer);
  tell(request, exchange.status == 0 ? exchange.failure : std::to_string(exchange.status));
  const auto delay = delays_.find(index);
  if (delay == delays_.end()) return fulfil(*session, id, exchange);
  const std::lock_guard lock(mutex_);
  waiting_.emplace_back([self = weak_from_this(), session, id, exchange = exchange,
                         span = delay->second](const std::stop_token& stop) {
    sleep_until(Clock::now() + span, stop);
    if (const std::shared_ptr<Replayer> replayer = self.lock()) replayer->fulfil(*session, id, exchange);
  });
}

void Replayer::on_response(const std::shared_ptr<cdp::Session>& session, const Json& paused) {
  // Nothing of a replay reaches a network that could answer.
  fail(*session, text_of(paused, "requestId"), "BlockedByClient");
}

void Replayer::fulfil(cdp::Session& session, const std::string& id, const Exchange& exchange) {
  if (exchange.status == 0) {
    return fail(session, id, exchange.failure.empty() ? "Failed" : exchange.failure);
  }
  Json headers = Json::array();
  bool events = false;
  for (const auto& [name, value] : exchange.response_headers) {
    headers.push_back({{"name", name}, {"value", value}});
    events = events || (ascii_lower(name) == "content-type" && value.starts_with("text/event-stream"));
  }
  const std::string body =
      events ? std::string(ask_no_more) + exchange.response_body : exchange.response_body;
  Json answer{{"requestId", id}, {"responseCode", exchange.status}, {"responseHeaders", std::move(headers)}};
  if (!exchange.status_text.empty()) answer["responsePhrase"] = exchange.status_text;
  answer["body"] = base64_encoded(body);
  session.post("Fetch.fulfillRequest", std::move(answer));
}

void Replayer::fail(cdp::Session& session, const std::string& id, const std::string& reason) {
  session.post("Fetch.failRequest", {{"requestId", id}, {"errorReason", reason}});
}

void Replayer::tell(const Request& request, const std::string& what) {
  const std::lock_guard lock(mutex_);
  told_.push_back(fmt::format("{} {} {}", printable(request.method, 20), printable(request.url, 200), what));
}

std::size_t Replayer::requests() const {
  const std::lock_guard lock(mutex_);
  return told_.size();
}

std::vector<std::string> Replayer::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

}  // namespace offstage::recording
