#include "browser/page_impl.h"

#include <algorithm>

#include "base/text.h"
#include "browser/context_impl.h"
#include "browser/expression.h"
#include "browser/inpage.h"
#include "embedded/held_only_js.h"

namespace offstage::browser {

PageImpl::PageImpl(ContextImpl& owner, FenceWatch* fence, std::shared_ptr<cdp::Session> session,
                   std::string target_id, std::function<void(const AttachedTarget&)> attached)
    : owner_(owner),
      fence_(fence),
      session_(std::move(session)),
      target_id_(std::move(target_id)),
      attached_(std::move(attached)),
      monitor_(std::make_shared<Monitor>(session_)),
      // The main frame of a page has the id of its target.
      frames_(std::make_shared<Frames>(monitor_, session_, target_id_)),
      dialogs_(monitor_),
      in_flight_(monitor_),
      navigation_(monitor_, session_, target_id_, dialogs_, in_flight_),
      asker_(frames_, dialogs_),
      pointer_(asker_, keyboard_, monitor_, session_),
      filler_(asker_, pointer_, keyboard_, monitor_, session_),
      screenshot_(asker_, session_) {}

PageImpl::~PageImpl() {
  std::map<std::string, Listened> ended;
  {
    const Monitor::Lock lock = monitor_->lock();
    ending_ = true;
    ended.swap(sessions_);
  }
  // Ends the subscriptions, outside of the lock: handlers that run now take it.
  ended.clear();
}

void PageImpl::listen(const std::shared_ptr<cdp::Session>& session) {
  std::vector<cdp::Subscription> list;
  const auto add = [&](std::vector<cdp::Subscription> more) {
    std::move(more.begin(), more.end(), std::back_inserter(list));
  };
  // Dialogs first: whoever is woken by another event of theirs finds the dialog noted.
  add(dialogs_.listen(session));
  add(frames_->listen(session));
  add(in_flight_.listen(session));
  if (fence_ != nullptr) add(fence_->listen(session));
  add(pointer_.listen(session));
  const std::weak_ptr<cdp::Session> weak = session;
  list.push_back(session->on("Target.attachedToTarget", [this, weak](const Json& params) {
    if (const std::shared_ptr<cdp::Session> parent = weak.lock()) on_target(*parent, params);
  }));
  list.push_back(
      session->on("Target.detachedFromTarget", [this](const Json& params) { on_target_gone(params); }));
  if (session == session_) {
    add(navigation_.listen());
    list.push_back(session->on("Inspector.targetCrashed", [this](const Json&) { monitor_->crash(); }));
  }
  keep(session, false, std::move(list));
}

void PageImpl::listen_to_worker(const std::shared_ptr<cdp::Session>& session) {
  std::vector<cdp::Subscription> list = in_flight_.listen(session);
  if (fence_ != nullptr) {
    for (cdp::Subscription& each : fence_->listen(session))
      list.push_back(std::move(each));
  }
  keep(session, true, std::move(list));
}

void PageImpl::keep(const std::shared_ptr<cdp::Session>& session, bool worker,
                    std::vector<cdp::Subscription> list) {
  const Monitor::Lock lock = monitor_->lock();
  if (!ending_) sessions_[session->id()] = {session, worker, std::move(list)};
}

void PageImpl::enable(cdp::Session& session) {
  session.post("Inspector.enable");
  session.post("Page.enable");
  session.post("Page.setLifecycleEventsEnabled", {{"enabled", true}});
  session.post("Network.enable");
  session.post("Runtime.enable");
  session.post("Runtime.addBinding",
               {{"name", inpage::binding_name}, {"executionContextName", inpage::world_name}});
  session.post("Page.addScriptToEvaluateOnNewDocument",
               {{"source", inpage::source()}, {"worldName", inpage::world_name}, {"runImmediately", true}});
  session.post("Page.addScriptToEvaluateOnNewDocument",
               {{"source", std::string(embedded::held_only_js)}, {"runImmediately", true}});
  // Service workers are no page's: the context has them.
  session.post("Target.setAutoAttach",
               {{"autoAttach", true},
                {"waitForDebuggerOnStart", true},
                {"flatten", true},
                {"filter", {{{"type", "service_worker"}, {"exclude", true}}, Json::object()}}});
  // Typing must work in a page that is not in front.
  session.post("Emulation.setFocusEmulationEnabled", {{"enabled", true}});
}

void PageImpl::start(const Until& /*until*/) {
  listen(session_);
  enable(*session_);
  tell(AttachedTarget::What::page, target_id_, session_);
}

void PageImpl::tell(AttachedTarget::What what, const std::string& id,
                    const std::shared_ptr<cdp::Session>& session) const {
  if (attached_) attached_({what, id, session});
}

void PageImpl::on_target(cdp::Session& parent, const Json& params) {
  const std::shared_ptr<cdp::Session> child = parent.attached(text_of(params, "sessionId"));
  if (!child) return;
  const Json& about = member_of(params, "targetInfo");
  const std::shared_ptr<GateState> gate = this->gate();
  if (text_of(about, "type") == "iframe") {
    frames_->move_to(text_of(about, "targetId"), text_of(about, "url"), child);
    listen(child);
    enable(*child);
    if (gate) gate->cover(child);
    tell(AttachedTarget::What::frame, text_of(about, "targetId"), child);
  } else {
    listen_to_worker(child);
    child->post("Network.enable");
    if (gate) gate->follow(child);
    tell(AttachedTarget::What::worker, text_of(about, "targetId"), child);
  }
  // Whatever it is, it waits: Chrome pauses workers even where only frames are asked for.
  child->post("Runtime.runIfWaitingForDebugger");
}

void PageImpl::on_target_gone(const Json& params) {
  const std::string id = text_of(params, "sessionId");
  Listened ended;
  {
    const Monitor::Lock lock = monitor_->lock();
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    std::swap(ended, found->second);
    sessions_.erase(found);
  }
  ended.subscriptions.clear();
  frames_->drop(id);
  in_flight_.drop(id);
}

Json PageImpl::answer_or_throw(std::variant<Asker::Answer, Miss> asked) const {
  if (auto* answer = std::get_if<Asker::Answer>(&asked)) return std::move(answer->reply);
  const Miss& miss = std::get<Miss>(asked);
  const bool busy = miss.why != Miss::Why::frame && !dialogs_.current();
  throw Error(busy ? Kind::unreachable : Kind::drift, miss.explain());
}

std::string PageImpl::title(const Until& until) {
  const auto request = [](Milliseconds) -> Json {
    return {{"expression", "document.title"}, {"returnByValue", true}};
  };
  const Json reply = answer_or_throw(asker_.ask_main({}, request, until));
  return text_of(member_of(reply, "result"), "value");
}

int PageImpl::navigate(const std::string& url, const Until& until) {
  const auto fenced = [this](const std::string& address) {
    const std::vector<std::string> stopped = owner_.fenced();
    return std::find(stopped.begin(), stopped.end(), address) != stopped.end();
  };
  return navigation_.go(url, fenced, until);
}

Outcome PageImpl::click(const FramePath& frame, const Query& query, const ClickOptions& options,
                        const Until& until) {
  return pointer_.click(frame, query, options, until);
}

Outcome PageImpl::hover(const FramePath& frame, const Query& query, const Until& until) {
  return pointer_.hover(frame, query, until);
}

Outcome PageImpl::fill(const FramePath& frame, const Query& query, const std::string& value,
                       const Until& until) {
  return filler_.fill(frame, query, value, false, until);
}

Outcome PageImpl::fill(const FramePath& frame, const Query& query, const Secret& value, const Until& until) {
  return filler_.fill(frame, query, value.reveal(), true, until);
}

Outcome PageImpl::scrolled(const FramePath& frame, const Asker::Request& request, const Until& until) {
  std::variant<Asker::Answer, Miss> asked = asker_.ask(frame, request, until);
  if (auto* answer = std::get_if<Asker::Answer>(&asked)) return inpage::parse_scroll(answer->reply);
  Outcome outcome;
  outcome.miss = std::get<Miss>(std::move(asked));
  return outcome;
}

Outcome PageImpl::scroll(const FramePath& frame, const std::optional<Query>& query, double x, double y,
                         const Until& until) {
  return scrolled(
      frame, [&](Milliseconds left) { return inpage::scroll_request(query, x, y, left); }, until);
}

Outcome PageImpl::scroll_on(const FramePath& frame, const std::optional<Query>& box, const Query& rows,
                            const Until& until) {
  return scrolled(
      frame, [&](Milliseconds left) { return inpage::scroll_on_request(box, rows, left); }, until);
}

void PageImpl::send_key(Json params, const Until& until) {
  const cdp::Reply reply = session_->send("Input.dispatchKeyEvent", std::move(params)).wait(until);
  // A page that closes at a key got it; a dialog that it opened is there for the caller to handle.
  if (reply.outcome == cdp::Reply::Outcome::detached) return;
  throw_if_lost(reply);
  if (reply.outcome == cdp::Reply::Outcome::late) {
    throw Error(Kind::unreachable, "the page did not take the key in time");
  }
}

void PageImpl::key_down(const std::string& key, const Until& until) {
  send_key(keyboard_.down(key), until);
}

void PageImpl::key_up(const std::string& key, const Until& until) {
  send_key(keyboard_.up(key), until);
}

std::optional<Miss> PageImpl::wait_for(const FramePath& frame, const Condition& condition,
                                       const Until& until) {
  std::variant<int, std::vector<Miss>> found = wait_for_any(frame, {condition}, until);
  if (std::holds_alternative<int>(found)) return std::nullopt;
  std::vector<Miss>& misses = std::get<std::vector<Miss>>(found);
  return misses.empty() ? Miss{} : std::move(misses.front());
}

std::variant<int, std::vector<Miss>> PageImpl::wait_for_any(const FramePath& frame,
                                                            const std::vector<Condition>& conditions,
                                                            const Until& until) {
  std::variant<Asker::Answer, Miss> asked = asker_.ask(
      frame, [&](Milliseconds left) { return inpage::wait_request(conditions, left); }, until);
  if (auto* answer = std::get_if<Asker::Answer>(&asked)) return inpage::parse_wait(answer->reply);
  return std::vector<Miss>(conditions.size(), std::get<Miss>(asked));
}

std::optional<Miss> PageImpl::check(const FramePath& frame, const Condition& condition, const Until& until) {
  std::variant<Asker::Answer, Miss> asked = asker_.ask(
      frame, [&](Milliseconds) { return inpage::check_request(condition); }, until, false);
  if (auto* answer = std::get_if<Asker::Answer>(&asked)) return inpage::parse_check(answer->reply);
  return std::get<Miss>(std::move(asked));
}

bool PageImpl::wait_for_expression(const FramePath& frame, const std::string& expression,
                                   const Until& until) {
  return browser::wait_for_expression(asker_, *session_, frame, expression, until);
}

Json PageImpl::extract(const FramePath& frame, const Extraction& extraction, const Until& until) {
  return inpage::parse_extract(answer_or_throw(asker_.ask(
      frame, [&](Milliseconds) { return inpage::extract_request(extraction); }, until)));
}

std::optional<std::string> PageImpl::text(const FramePath& frame, const Query& query, const Until& until) {
  std::variant<Asker::Answer, Miss> asked = asker_.ask(
      frame, [&](Milliseconds) { return inpage::text_request(query); }, until, false);
  const Miss* miss = std::get_if<Miss>(&asked);
  if (miss && miss->why == Miss::Why::frame) return std::nullopt;
  return inpage::parse_text(answer_or_throw(std::move(asked)));
}

std::string PageImpl::screenshot(const ScreenshotOptions& options, const Until& until) {
  return screenshot_.take(options, until);
}

std::string PageImpl::html(const FramePath& frame, const Until& until) {
  return inpage::parse_html(answer_or_throw(asker_.ask(
      frame, [](Milliseconds) { return inpage::html_request(); }, until)));
}

void PageImpl::set_viewport(const Viewport& viewport, const Until& until) {
  if (viewport.width == 0 && viewport.height == 0) {
    session_->call("Emulation.clearDeviceMetricsOverride", Json::object(), until);
  } else {
    session_->call("Emulation.setDeviceMetricsOverride",
                   {{"width", viewport.width},
                    {"height", viewport.height},
                    {"deviceScaleFactor", viewport.scale},
                    {"mobile", viewport.mobile},
                    {"screenOrientation",
                     {{"type", viewport.landscape ? "landscapePrimary" : "portraitPrimary"},
                      {"angle", viewport.landscape ? 90 : 0}}}},
                   until);
  }
  session_->call("Emulation.setTouchEmulationEnabled", {{"enabled", viewport.touch}}, until);
  const bool reload_needed = viewport.mobile != viewport_.mobile || viewport.touch != viewport_.touch;
  viewport_ = viewport;
  // A document learns only when it loads whether it is on a phone.
  if (reload_needed) reload(until);
}

void PageImpl::set_network(double download, double upload, double latency, const Until& until) {
  const Json conditions = {{"offline", download == 0 && upload == 0},
                           {"latency", latency},
                           {"downloadThroughput", download},
                           {"uploadThroughput", upload}};
  Json rule = conditions;
  rule["urlPattern"] = "";
  const cdp::Reply reply = session_
                               ->send("Network.emulateNetworkConditionsByRule",
                                      {{"matchedNetworkConditions", Json::array({std::move(rule)})}})
                               .wait(until);
  if (reply.ok()) {
    // The rule slows the requests; this tells the page's own script.
    session_->call("Network.overrideNetworkState", conditions, until);
    return;
  }
  throw_if_lost(reply);
  // A Chrome from before the rules.
  session_->call("Network.emulateNetworkConditions", conditions, until);
}

std::unique_ptr<Page::NavigationWatch> PageImpl::watch_navigation(const FramePath& frame) {
  return std::make_unique<FrameNavigationWatch>(frames_, frame);
}

}  // namespace offstage::browser
