#include <fmt/format.h>

#include "base/error.h"
#include "browser/browser_impl.h"
#include "browser/context_impl.h"
#include "browser/discovery.h"
#include "browser/sandbox.h"

namespace offstage::browser {

namespace {

/// How long a renderer may take to shut itself in, and Chrome to close by itself before it is killed.
constexpr Milliseconds closing_patience{3'000};
constexpr Milliseconds sandbox_patience{5'000};

void require_sandbox(cdp::Session& root, const Until& until) {
  if (renderers_become_sandboxed(root, until)) return;
  throw Error(Kind::browser, "Chrome runs without its sandbox",
              "Leave out --no-sandbox and other switches that turn it off, or say --allow-no-sandbox; see "
              "`offstage doctor`.");
}

void note_version(BrowserInfo& info, const Json& version) {
  info.product = text_of(version, "product");
  info.user_agent = text_of(version, "userAgent");
}

}  // namespace

std::unique_ptr<Browser> Browser::launch(const LaunchOptions& options, const Until& until) {
  BrowserInfo info;
  const std::filesystem::path executable = find_chrome(options.executable);
  info.executable = executable.string();
  auto process = std::make_unique<ChromeProcess>(executable, options);
  auto client = std::make_unique<cdp::Client>(process->connect());
  note_version(info, process->wait_ready(*client, until.within(options.patience)));
  info.sandboxed = !options.allow_no_sandbox;
  try {
    if (info.sandboxed) require_sandbox(client->root(), until.within(sandbox_patience));
  } catch (const Error&) {
    if (!client->connected()) process->fail_ended();
    throw;
  }
  return std::make_unique<BrowserImpl>(std::move(process), std::move(client), options.fence, info,
                                       options.patience, until);
}

std::unique_ptr<Browser> Browser::attach(const std::string& url, const Fence& fence, const Until& until) {
  BrowserInfo info;
  info.attached = true;
  info.sandboxed = false;  // nobody can know from here
  const Milliseconds patience = LaunchOptions().patience;
  auto client = std::make_unique<cdp::Client>(cdp::connect_websocket(discover(url, until), until));
  note_version(info, client->root().call("Browser.getVersion", Json::object(), until.within(patience)));
  return std::make_unique<BrowserImpl>(nullptr, std::move(client), fence, info, patience, until);
}

BrowserImpl::BrowserImpl(std::unique_ptr<ChromeProcess> process, std::unique_ptr<cdp::Client> client,
                         const Fence& fence, BrowserInfo info, Milliseconds patience, const Until& until)
    : process_(std::move(process)),
      client_(std::move(client)),
      info_(std::move(info)),
      patience_(patience),
      targets_(client_->root()) {
  const Until ready = soon(until);
  cdp::Session& root = client_->root();
  attached_ = root.on("Target.attachedToTarget", [this](const Json& params) { on_attached(params); });
  if (process_) {
    const Json processes = root.call("SystemInfo.getProcessInfo", Json::object(), ready);
    for (const Json& each : member_of(processes, "processInfo")) {
      if (text_of(each, "type") == "browser") info_.pid = integer_of(each, "id");
    }
  }
  cdp::Call discover_targets = root.send("Target.setDiscoverTargets", {{"discover", true}});
  root.call("Target.setAutoAttach",
            {{"autoAttach", true},
             {"waitForDebuggerOnStart", true},
             {"flatten", true},
             {"filter", {{{"type", "page"}}, {{"type", "shared_worker"}}, {{"type", "service_worker"}}}}},
            ready);
  discover_targets.wait(ready);
  if (!fence.open()) {
    fence_ = std::make_unique<FenceWatch>(
        *client_, fence, targets_, [this](const std::string& context) { return is_ours(context); },
        process_ != nullptr, ready);
  }
}

BrowserImpl::~BrowserImpl() {
  if (process_ && client_->connected()) {
    client_->root().post("Browser.close");
    process_->wait_ended(Until::in(closing_patience));
  }
  // Ends the I/O thread, and with it every handler, before what they touch.
  client_->close();
}

std::unique_ptr<Context> BrowserImpl::new_context(const Until& until, ContextOptions options) {
  return std::make_unique<ContextImpl>(*this, std::move(options), until);
}

std::vector<std::string> BrowserImpl::fenced() const {
  return fence_ ? fence_->stopped() : std::vector<std::string>();
}

void BrowserImpl::register_context(const std::string& id, ContextImpl& context) {
  const std::lock_guard lock(mutex_);
  contexts_[id] = &context;
}

void BrowserImpl::unregister_context(const std::string& id) {
  const std::lock_guard lock(mutex_);
  contexts_.erase(id);
}

bool BrowserImpl::is_ours(const std::string& context) const {
  const std::lock_guard lock(mutex_);
  return contexts_.contains(context);
}

void BrowserImpl::on_attached(const Json& params) {
  const Json& info = member_of(params, "targetInfo");
  const std::string session = text_of(params, "sessionId");
  const Target target = target_from(info);
  const bool worker = target.type == "shared_worker" || target.type == "service_worker";
  if (target.type != "page" && !worker) return;  // asked for by name, as the fence's session is
  {
    const std::lock_guard lock(mutex_);
    const auto context = contexts_.find(target.context);
    if (context != contexts_.end() && worker) return context->second->worker_attached(session, target);
    if (context != contexts_.end()) return context->second->page_attached(session, target.id);
  }
  // Somebody else's: it must not wait for us. Chrome forgets a page that is detached while it waits, so first
  // let it run.
  client_->session(session)->post("Runtime.runIfWaitingForDebugger");
  client_->root().post("Target.detachFromTarget", {{"sessionId", session}});
}

}  // namespace offstage::browser
