#include "browser/context_impl.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace offstage::browser {

namespace {

/// How long a page may take to send what it needs, a context to go, and a worker.
constexpr Milliseconds page_patience{30'000};
constexpr Milliseconds disposing_patience{5'000};
constexpr Milliseconds worker_patience{1'000};
/// No console needs as many windows; a page that opens them in a loop would take the machine with it.
constexpr std::size_t most_open_pages = 16;
constexpr std::size_t most_pages = 1000;

constexpr std::string_view shared_worker = "shared_worker";

/// A cookie as Chrome tells of it, in the form in which it takes one.
Json to_be_set(const Json& cookie) {
  Json out = Json::object();
  for (const char* name :
       {"name", "value", "path", "secure", "httpOnly", "sameSite", "priority", "partitionKey"}) {
    if (cookie.contains(name)) out[name] = cookie.at(name);
  }
  if (!cookie.value("session", false)) out["expires"] = cookie.at("expires");
  const std::string domain = cookie.at("domain").get<std::string>();
  if (domain.starts_with('.')) {
    out["domain"] = domain;
  } else {
    // Given as a domain, it would be sent to the hosts below it too.
    out["url"] =
        (cookie.value("secure", false) ? "https://" : "http://") + domain + cookie.value("path", "/");
  }
  return out;
}

}  // namespace

ContextImpl::ContextImpl(BrowserImpl& browser, ContextOptions options, const Until& until)
    : browser_(browser), options_(std::move(options)) {
  const Until ready = browser.soon(until);
  cdp::Session& root = browser.client().root();
  id_ = text_of(root.call("Target.createBrowserContext", {{"disposeOnDetach", true}}, ready),
                "browserContextId");
  // An empty name would be that of the profile in which everything is shared.
  if (id_.empty()) throw Error(Kind::browser, "Chrome made no browser context");
  subscriptions_.push_back(root.on("Target.targetInfoChanged", [this](const Json&) { wake(); }));
  subscriptions_.push_back(root.on("Target.detachedFromTarget", [this](const Json& params) {
    worker_gone(text_of(params, "sessionId"));
    wake();
  }));
  subscriptions_.push_back(browser.client().on_disconnect([this](const std::string&) { wake(); }));
  const auto standing = [this]() -> std::shared_ptr<GateState> {
    const std::vector<std::shared_ptr<GateState>> all = gates();
    return all.empty() ? nullptr : all.front();
  };
  door_.emplace(browser.client(), standing, ready);
  browser_.register_context(id_, *this);
  root.call("Browser.setDownloadBehavior", {{"behavior", "deny"}, {"browserContextId", id_}}, ready);
}

ContextImpl::~ContextImpl() {
  browser_.unregister_context(id_);
  subscriptions_.clear();
  door_.reset();
  // Before the pages go, which still listen; answered at once when the browser is gone.
  browser_.client()
      .root()
      .send("Target.disposeBrowserContext", {{"browserContextId", id_}})
      .wait(Until::in(disposing_patience));
}

void ContextImpl::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++changes_;
  }
  changed_.notify_all();
}

void ContextImpl::page_attached(const std::string& session_id, const std::string& target_id) {
  const std::shared_ptr<cdp::Session> session = browser_.client().session(session_id);
  if (!may_have_another_page()) {
    browser_.client().root().post("Target.closeTarget", {{"targetId", target_id}});
    session->post("Runtime.runIfWaitingForDebugger");
    return;
  }
  // Its out-of-process frames are attached through it; wait_for_page needs to know whose they are.
  cdp::Subscription frames = session->on("Target.attachedToTarget", [this, target_id](const Json& params) {
    {
      const std::lock_guard lock(mutex_);
      frame_owners_[text_of(member_of(params, "targetInfo"), "targetId")] = target_id;
    }
    wake();
  });
  auto page = std::make_unique<PageImpl>(*this, browser_.fence(), session, target_id, options_.attached);
  PageImpl& opened = *page;
  opened.start(Until::in(page_patience));
  {
    const std::lock_guard lock(mutex_);
    subscriptions_.push_back(std::move(frames));
    pages_.push_back({std::move(page), session});
  }
  // Whichever page it came from: what that must not send, this must not send for it. A gate that is not here
  // yet finds the page among the others.
  for (const std::shared_ptr<GateState>& gate : gates())
    opened.stand_behind(gate);
  session->post("Runtime.runIfWaitingForDebugger");
  wake();
}

void ContextImpl::worker_attached(const std::string& session_id, const Target& target) {
  const std::shared_ptr<cdp::Session> session = browser_.client().session(session_id);
  std::vector<cdp::Subscription> list;
  if (browser_.fence() != nullptr) list = browser_.fence()->listen(session);
  session->post("Network.enable");
  if (target.type == shared_worker) door_->add(target.id);
  {
    const std::lock_guard lock(mutex_);
    workers_[session_id] = {target, session, std::move(list)};
  }
  for (const std::shared_ptr<GateState>& gate : gates())
    cover_worker(gate, target, session);
  if (options_.attached) options_.attached({AttachedTarget::What::worker, target.id, session});
  session->post("Runtime.runIfWaitingForDebugger");
}

void ContextImpl::worker_gone(const std::string& session_id) {
  Worker gone;  // its subscriptions end outside of the lock
  const std::lock_guard lock(mutex_);
  const auto found = workers_.find(session_id);
  if (found == workers_.end()) return;
  std::swap(gone, found->second);
  workers_.erase(found);
}

std::optional<cdp::Call> ContextImpl::cover_worker(const std::shared_ptr<GateState>& gate,
                                                   const Target& target,
                                                   const std::shared_ptr<cdp::Session>& session) {
  const bool shared = target.type == shared_worker;
  gate->ends_with_it([this, shared, id = target.id] {
    // One that has been ended may live on for a moment, with a request that waits for its preflight.
    if (shared) door_->bar(id);
    browser_.client().root().send("Target.closeTarget", {{"targetId", id}}).wait(Until::in(worker_patience));
  });
  if (!shared) return gate->cover(session);
  gate->follow(session);
  return door_->close();
}

std::vector<cdp::Call> ContextImpl::stand_behind(const std::shared_ptr<GateState>& gate,
                                                 const PageImpl& page) {
  std::vector<PageImpl*> others;
  std::vector<std::pair<Target, std::shared_ptr<cdp::Session>>> workers;
  {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : pages_) {
      if (entry.page.get() != &page && !entry.page->closed()) others.push_back(entry.page.get());
    }
    for (const auto& [id, worker] : workers_)
      workers.emplace_back(worker.target, worker.session);
  }
  std::vector<cdp::Call> calls;
  for (PageImpl* other : others) {
    for (cdp::Call& call : other->stand_behind(gate))
      calls.push_back(std::move(call));
  }
  for (const auto& [target, session] : workers) {
    if (std::optional<cdp::Call> call = cover_worker(gate, target, session))
      calls.push_back(std::move(*call));
  }
  return calls;
}

bool ContextImpl::may_have_another_page() {
  const std::lock_guard lock(mutex_);
  const auto open =
      std::count_if(pages_.begin(), pages_.end(), [](const Entry& entry) { return !entry.page->closed(); });
  flooded_ = flooded_ || static_cast<std::size_t>(open) >= most_open_pages || pages_.size() >= most_pages;
  return !flooded_;
}

std::vector<std::shared_ptr<GateState>> ContextImpl::gates() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<GateState>> standing;
  for (const Entry& entry : pages_) {
    const std::shared_ptr<GateState> gate = entry.page->gate();
    if (gate && std::find(standing.begin(), standing.end(), gate) == standing.end()) standing.push_back(gate);
  }
  return standing;
}

Page& ContextImpl::new_page(const Until& until) {
  const Until ready = browser_.soon(until);
  const Json created = browser_.client().root().call(
      "Target.createTarget", {{"url", "about:blank"}, {"browserContextId", id_}}, ready);
  const std::string target = text_of(created, "targetId");
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, ready.stop, ready.deadline.at(), [this, &target] {
    return entry_with(target) != nullptr || !browser_.client().connected();
  });
  if (Entry* entry = entry_with(target)) return settle(*entry, lock, until);
  if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped while a page was opening");
  throw Error(Kind::browser, browser_.client().connected() ? "a new page did not get ready in time"
                                                           : "the browser ended while a page was opening");
}

Page& ContextImpl::settle(Entry& entry, std::unique_lock<std::mutex>& lock, const Until& until) {
  if (!entry.settled) {
    entry.settled = true;
    lock.unlock();
    // Any answer will do, also that the page is gone or shows a dialog: the caller will meet it by itself.
    entry.session->send("Page.getFrameTree").wait(browser_.soon(until));
    lock.lock();
  }
  return *entry.page;
}

std::vector<Page*> ContextImpl::pages() {
  const std::lock_guard lock(mutex_);
  if (flooded_) {
    throw Error(Kind::drift, "the page opens one window after the other: no more of them are let in",
                "look at the page: what opens them?");
  }
  std::vector<Page*> open;
  for (const Entry& entry : pages_) {
    if (!entry.page->closed()) open.push_back(entry.page.get());
  }
  return open;
}

Secret ContextImpl::cookies(const Until& until) {
  Json kept = Json::array();
  const Json answer =
      browser_.client().root().call("Storage.getCookies", {{"browserContextId", id_}}, browser_.soon(until));
  for (const Json& cookie : answer.at("cookies"))
    kept.push_back(to_be_set(cookie));
  return Secret(kept.dump());
}

void ContextImpl::set_cookies(const Secret& cookies, const Until& until) {
  const Json list = Json::parse(cookies.reveal(), nullptr, false);
  if (!list.is_array()) throw Error(Kind::usage, "these are no cookies");
  browser_.client().root().call("Storage.setCookies", {{"cookies", list}, {"browserContextId", id_}},
                                browser_.soon(until));
}

ContextImpl::Entry* ContextImpl::entry_with(const std::string& target) {
  for (Entry& entry : pages_) {
    if (entry.page->target_id() == target) return &entry;
  }
  return nullptr;
}

ContextImpl::Entry* ContextImpl::entry_at(const std::string& url) {
  for (Entry& entry : pages_) {
    if (!entry.page->closed() && entry.page->url() == url) return &entry;
  }
  for (const Target& target : browser_.targets().at(url)) {
    const auto owner = frame_owners_.find(target.id);
    Entry* entry = entry_with(owner == frame_owners_.end() ? target.id : owner->second);
    if (entry != nullptr && !entry->page->closed()) return entry;
  }
  return nullptr;
}

Page* ContextImpl::wait_for_page(const std::string& url, const Until& until) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (Entry* entry = entry_at(url)) return &settle(*entry, lock, until);
    if (!browser_.client().connected()) {
      throw Error(Kind::browser, "the browser ended while waiting for a page at " + printable(url, 300));
    }
    const long seen = changes_;
    const bool more =
        changed_.wait_until(lock, until.stop, until.deadline.at(), [this, seen] { return changes_ != seen; });
    if (more) continue;
    if (until.stop.stop_requested()) {
      throw Error(Kind::interrupted, "stopped while waiting for a page at " + printable(url, 300));
    }
    return nullptr;
  }
}

}  // namespace offstage::browser
