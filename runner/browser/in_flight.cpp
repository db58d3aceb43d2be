#include "browser/in_flight.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::browser {

namespace {

constexpr std::size_t most_requests = 256;
constexpr std::size_t longest_url = 160;

bool is_waited_for(const Json& params) {
  constexpr std::array<std::string_view, 4> others{"EventSource", "Media", "Ping", "Prefetch"};
  const std::string type = text_of(params, "type");
  // Such is the first script of a worker: that of a shared one ends where nobody listens.
  const bool of_worker = type == "Script" && text_of(params, "loaderId").empty();
  return !of_worker && std::find(others.begin(), others.end(), type) == others.end();
}

}  // namespace

std::vector<cdp::Subscription> InFlight::listen(const std::shared_ptr<cdp::Session>& session) {
  const std::string id = session->id();
  const auto on = [&](std::string_view event, auto handle) {
    return session->on(event, [this, handle](const Json& params) {
      const Monitor::Lock lock = monitor_->lock();
      handle(params);
    });
  };
  std::vector<cdp::Subscription> list;
  list.push_back(on("Network.requestWillBeSent", [this, id](const Json& params) { add(id, params); }));
  // What one session of the page began may end on another.
  const auto end = [this](const Json& params) { remove(text_of(params, "requestId")); };
  list.push_back(on("Network.loadingFinished", end));
  list.push_back(on("Network.loadingFailed", end));
  list.push_back(on("Page.frameNavigated",
                    [this](const Json& params) { forget_other_documents(member_of(params, "frame")); }));
  return list;
}

void InFlight::add(const std::string& session, const Json& params) {
  const std::string id = text_of(params, "requestId");
  const Json& request = member_of(params, "request");
  // A redirect comes under the same id.
  remove(id);
  if (!is_waited_for(params)) return;
  if (requests_.size() >= most_requests) requests_.erase(requests_.begin());
  requests_.push_back({session, id, text_of(params, "frameId"), text_of(params, "loaderId"),
                       text_of(request, "method"), text_of(request, "url"), Clock::now()});
}

void InFlight::remove(const std::string& id) {
  std::erase_if(requests_, [&](const Request& one) { return one.id == id; });
}

void InFlight::forget_other_documents(const Json& frame) {
  // Chrome never ends the requests of a document whose process it left.
  const std::string id = text_of(frame, "id");
  const std::string loader = text_of(frame, "loaderId");
  std::erase_if(requests_, [&](const Request& one) { return one.frame == id && one.loader != loader; });
}

void InFlight::drop(const std::string& session_id) {
  const Monitor::Lock lock = monitor_->lock();
  std::erase_if(requests_, [&](const Request& one) { return one.session == session_id; });
}

std::vector<std::string> InFlight::describe() const {
  const Monitor::Lock lock = monitor_->lock();
  std::vector<std::string> lines;
  for (const Request& one : requests_) {
    const std::size_t end = one.url.find_first_of("?#");
    std::string url = printable(one.url.substr(0, end), longest_url);
    if (end != std::string::npos) url += "?…";
    const double seconds = std::chrono::duration<double>(Clock::now() - one.since).count();
    lines.push_back(fmt::format("{} {} ({:.1f} s)", printable(one.method, 20), url, seconds));
  }
  return lines;
}

}  // namespace offstage::browser
