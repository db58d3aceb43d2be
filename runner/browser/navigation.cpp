#include "browser/navigation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::browser {

namespace {

constexpr std::size_t most_loads = 32;
constexpr std::size_t longest_address = 300;
// How long to wait for Chrome's own error page, which comes after the answer that something failed: what
// follows must find that page and not the one before it.
constexpr Milliseconds error_page{2000};
constexpr Milliseconds crash_patience{200};

std::string shown(const std::string& url) {
  return printable(url, longest_address);
}

}  // namespace

Navigation::Navigation(std::shared_ptr<Monitor> monitor, std::shared_ptr<cdp::Session> session,
                       std::string main_frame, Dialogs& dialogs, const InFlight& in_flight)
    : monitor_(std::move(monitor)),
      session_(std::move(session)),
      main_frame_(std::move(main_frame)),
      dialogs_(dialogs),
      in_flight_(in_flight) {}

std::vector<cdp::Subscription> Navigation::listen() {
  const auto on = [&](std::string_view event, auto handle) {
    return session_->on(event, [this, handle](const Json& params) {
      {
        const Monitor::Lock lock = monitor_->lock();
        handle(params);
      }
      monitor_->notify();
    });
  };
  std::vector<cdp::Subscription> list;
  list.push_back(on("Page.lifecycleEvent", [this](const Json& params) { on_lifecycle(params); }));
  list.push_back(
      on("Page.frameNavigated", [this](const Json& params) { on_navigated(member_of(params, "frame")); }));
  list.push_back(on("Network.responseReceived", [this](const Json& params) { on_response(params); }));
  list.push_back(on("Network.loadingFailed", [this](const Json& params) { on_failed(params); }));
  return list;
}

Navigation::Load& Navigation::load(const std::string& loader) {
  const auto found = loads_.find(loader);
  if (found != loads_.end()) return found->second;
  order_.push_back(loader);
  if (order_.size() > most_loads) {
    loads_.erase(order_.front());
    order_.pop_front();
  }
  return loads_[loader];
}

void Navigation::on_lifecycle(const Json& params) {
  if (text_of(params, "frameId") != main_frame_ || text_of(params, "name") != "load") return;
  load(text_of(params, "loaderId")).loaded = true;
}

void Navigation::on_response(const Json& params) {
  // A navigation's request carries the id of the load itself.
  const std::string id = text_of(params, "requestId");
  if (text_of(params, "frameId") != main_frame_ || id != text_of(params, "loaderId")) return;
  load(id).status = integer_of(member_of(params, "response"), "status");
}

void Navigation::on_failed(const Json& params) {
  if (text_of(params, "type") != "Document") return;
  load(text_of(params, "requestId")).failure = text_of(params, "errorText");
}

void Navigation::on_navigated(const Json& frame) {
  if (text_of(frame, "id") != main_frame_) return;
  current_ = text_of(frame, "loaderId");
  Load& committed = load(current_);
  committed.committed = true;
  ++commits_;
  // Chrome's own page, shown in place of what could not be reached.
  if (frame.contains("unreachableUrl") && committed.failure.empty()) committed.failure = "net::ERR_FAILED";
}

bool Navigation::accept_leaving(const Until& until) {
  const std::optional<Dialog> dialog = dialogs_.current();
  if (!dialog || dialog->type != "beforeunload") return false;
  dialogs_.handle(true, {}, until);
  return true;
}

bool Navigation::wait(const Until& until, const std::function<bool()>& ready) {
  for (;;) {
    {
      Monitor::Lock lock = monitor_->lock();
      if (!monitor_->wait(lock, until, [&] { return ready() || dialogs_.open(); })) return false;
      if (ready()) return true;
    }
    if (!accept_leaving(until)) return true;
  }
}

void Navigation::fail(const std::string& url, const std::string& word,
                      const std::function<bool(const std::string&)>& fenced) const {
  if (word.starts_with("net::ERR_BLOCKED_BY") || fenced(url)) {
    throw Error(Kind::refused, fmt::format("{} is outside of what may be visited ({})", shown(url), word),
                "The connector's manifest names the origins that the browser may visit.");
  }
  if (word == "net::ERR_INVALID_URL" || word == "net::ERR_UNKNOWN_URL_SCHEME") {
    throw Error(Kind::usage, fmt::format("cannot go to {}: {}", shown(url), word));
  }
  throw Error(Kind::unreachable, fmt::format("cannot reach {}: {}", shown(url), word));
}

void Navigation::fail_late(const std::string& url) const {
  session_->post("Page.stopLoading");
  const std::vector<std::string> loading = in_flight_.describe();
  std::string words = fmt::format("{} did not finish loading in time", shown(url));
  if (!loading.empty()) words += "; still loading: " + join(loading, ", ");
  throw Error(Kind::unreachable, words);
}

int Navigation::arrive(const std::string& url, const std::function<bool()>& committed, const Until& until) {
  // A document that goes elsewhere before its load event is followed: the one that is there counts.
  const auto arrived = [&] { return committed() && load(current_).loaded; };
  if (!wait(until, arrived)) fail_late(url);
  const Monitor::Lock lock = monitor_->lock();
  return load(current_).status;
}

int Navigation::go(const std::string& url, const std::function<bool(const std::string&)>& fenced,
                   const Until& until) {
  long before = 0;
  {
    const Monitor::Lock lock = monitor_->lock();
    before = commits_;
  }
  const cdp::Reply reply = session_->send("Page.navigate", {{"url", url}}).wait(until);
  throw_if_lost(reply);
  if (reply.outcome == cdp::Reply::Outcome::late) fail_late(url);
  if (reply.outcome == cdp::Reply::Outcome::refused) {
    throw Error(Kind::usage,
                fmt::format("cannot go to \"{}\": {}", shown(url), printable(reply.message, 300)),
                "An address needs a scheme: https://host/path.");
  }
  if (reply.outcome == cdp::Reply::Outcome::dialog) {
    // The client gave up the answer for the dialog; the navigation itself goes on once that is closed.
    if (!accept_leaving(until)) {
      const std::optional<Dialog> dialog = dialogs_.current();
      throw Error(Kind::drift, fmt::format("{} opened on the way to {}",
                                           dialog ? describe(*dialog) : "a JavaScript dialog", shown(url)));
    }
    const int status = arrive(
        url, [&] { return commits_ > before; }, until);
    std::string failure;
    {
      const Monitor::Lock lock = monitor_->lock();
      failure = load(current_).failure;
    }
    if (!failure.empty()) fail(url, failure, fenced);
    return status;
  }
  const std::string loader = text_of(reply.result, "loaderId");
  const std::string word = text_of(reply.result, "errorText");
  const auto committed = [&] { return load(loader).committed; };
  if (!word.empty()) {
    if (flag_of(reply.result, "isDownload")) {
      throw Error(Kind::refused, fmt::format("{} is a download, and downloads are denied", shown(url)));
    }
    if (word != "net::ERR_ABORTED") wait(until.within(error_page), committed);
    int status = 0;
    if (!loader.empty()) {
      const Monitor::Lock lock = monitor_->lock();
      status = load(loader).status;
    }
    // An answer without content (204) or an error status without a body: arrived, though there is no page.
    if (status != 0 && (word == "net::ERR_ABORTED" || word == "net::ERR_HTTP_RESPONSE_CODE_FAILURE")) {
      return status;
    }
    // A crash on the way is told as this word first, and by its own event a moment later.
    if (word == "net::ERR_ABORTED") monitor_->pause(crash_patience, until);
    fail(url, word, fenced);
  }
  if (loader.empty()) return 0;  // within the document
  return arrive(url, committed, until);
}

void Navigation::reload(const Until& until) {
  long before = 0;
  {
    const Monitor::Lock lock = monitor_->lock();
    before = commits_;
  }
  const cdp::Reply reply = session_->send("Page.reload").wait(until);
  throw_if_lost(reply);
  if (reply.outcome == cdp::Reply::Outcome::dialog) accept_leaving(until);
  arrive(
      "the page", [&] { return commits_ > before; }, until);
}

void Navigation::close(const Until& until) {
  session_->post("Page.close");
  try {
    for (;;) {
      Monitor::Lock lock = monitor_->lock();
      const bool dialog = monitor_->wait(lock, until, [this] { return dialogs_.open(); });
      lock.unlock();
      if (!dialog) throw Error(Kind::unreachable, "the page did not close in time");
      if (!accept_leaving(until)) dialogs_.handle(false, {}, until);
    }
  } catch (const Error& error) {
    // The page is gone: what was asked for.
    if (error.kind() != Kind::browser || !session_->gone()) throw;
  }
}

FrameNavigationWatch::FrameNavigationWatch(std::shared_ptr<Frames> frames, FramePath path)
    : frames_(std::move(frames)), path_(std::move(path)) {
  const Monitor::Lock lock = frames_->monitor()->lock();
  before_ = frames_->stamp(path_);
}

bool FrameNavigationWatch::wait(const Until& until) {
  Monitor::Lock lock = frames_->monitor()->lock();
  return frames_->monitor()->wait(lock, until, [this] {
    const std::string now = frames_->stamp(path_);
    return !now.empty() && now != before_;
  });
}

}  // namespace offstage::browser
