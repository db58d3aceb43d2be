#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "base/secret.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Which hosts a context may reach. Empty `visit` and `call`: no fence at all (a script run without a
/// connector).
struct Fence {
  std::vector<std::string> visit;  ///< origins that documents may come from: "https://dashboard.heroku.com"
  std::vector<std::string> call;   ///< further origins that pages may call
  bool open() const { return visit.empty() && call.empty(); }
};

/// Where some host names really are, for practice consoles: Chrome maps them and trusts the key by its hash.
struct HostMapping {
  std::vector<std::string> hosts;
  std::string address;  ///< "127.0.0.1:8443"
  std::string spki;     ///< base64 of the SHA-256 of the server's SubjectPublicKeyInfo
};

struct LaunchOptions {
  std::filesystem::path executable;  ///< empty: find one (find_chrome)
  bool headed = false;
  bool allow_no_sandbox = false;
  Fence fence;
  std::optional<HostMapping> mapping;
  bool offline = false;  ///< no name resolves at all, whatever the fence says: for replays
  /// Given to Chrome as they are, but none that opens its DevTools to others (--remote-debugging-port and its
  /// like): Error{usage}.
  std::vector<std::string> extra_arguments;
  /// How long Chrome may take for what it does by itself, without a page and without the network: to start,
  /// to open a context or an empty page, to take and give cookies. One that hangs does none of it.
  Milliseconds patience{60'000};
};

/// Chrome as it runs, for the evidence.
struct BrowserInfo {
  std::string product;     ///< "HeadlessChrome/156.0.8078.79"
  std::string executable;  ///< empty when attached
  bool sandboxed = true;   ///< false only with --allow-no-sandbox; unknown counts as false when attached
  bool attached = false;
  std::string user_agent;
  long pid = 0;
};

/// A target that became part of a context.
struct AttachedTarget {
  enum class What {
    page,
    frame,   ///< one in a process of its own
    worker,  ///< of any kind
  };
  What what = What::page;
  std::string id;  ///< of the target; of a page also that of its main frame
  std::shared_ptr<cdp::Session> session;
};

struct ContextOptions {
  /// Told of every page, out-of-process frame and worker of the context while Chrome still holds it, before
  /// its first script or byte: whoever listens may subscribe to its events and `post` commands. Called on the
  /// I/O thread; must not block. Must be safe to call as long as the context lives.
  std::function<void(const AttachedTarget&)> attached;
};

/// The Chrome or Chromium to use: `named` if given, else $OFFSTAGE_CHROME, else the first of the usual names
/// on PATH (chromium-headless-shell, google-chrome, chromium, chrome). Throws Error{browser} saying how to
/// install one.
std::filesystem::path find_chrome(const std::filesystem::path& named = {});

/// A browser with which Offstage talks: started by it (and then ended with it, in every way that a process
/// can end) or attached. Thread-safe where it says so; owned by one run.
class Browser {
 public:
  /// Starts Chrome with a private profile in its own process group and drives it through pipes: it listens on
  /// no port. Throws Error{browser} with Chrome's last words.
  static std::unique_ptr<Browser> launch(const LaunchOptions& options, const Until& until);
  /// Attaches to `http://host:port` (discovered at /json/version through libcurl) or a ws:// or wss://
  /// address.
  static std::unique_ptr<Browser> attach(const std::string& url, const Fence& fence, const Until& until);
  virtual ~Browser() = default;

  virtual BrowserInfo info() const = 0;
  virtual cdp::Client& client() = 0;
  /// A fresh, separate context (cookies, storage), gone with its object or with the connection.
  virtual std::unique_ptr<Context> new_context(const Until& until, ContextOptions options = {}) = 0;
};

/// One run's private browser context. Downloads are denied; popups are attached before their first byte; an
/// undeclared JavaScript dialog stays open until a caller handles it (see Page::dialog). Not thread-safe.
class Context {
 public:
  virtual ~Context() = default;
  virtual Page& new_page(const Until& until) = 0;
  /// All open pages, oldest first. Throws Error{drift} once pages have opened more windows than are let in:
  /// 16 at a time, a thousand in all; what comes after those is closed.
  virtual std::vector<Page*> pages() = 0;
  /// The page (or the page owning the out-of-process frame) whose address is exactly `url`, once there is
  /// one.
  virtual Page* wait_for_page(const std::string& url, const Until& until) = 0;
  /// Addresses that the fence stopped, in order, each once, a thousand at most: documents, and what pages,
  /// frames and their workers tried to call, the latter without what follows `?`.
  virtual std::vector<std::string> fenced() const = 0;
  /// All cookies of the context, as a JSON text that `set_cookies` of another one takes: whoever has them is
  /// signed in.
  virtual Secret cookies(const Until& until) = 0;
  /// Adds cookies. Throws Error{usage} when that is no such text, Error{browser} when Chrome does not take
  /// them.
  virtual void set_cookies(const Secret& cookies, const Until& until) = 0;
};

}  // namespace offstage::browser
