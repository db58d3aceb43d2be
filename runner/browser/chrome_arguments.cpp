#include "browser/chrome_arguments.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "browser/fence.h"

namespace offstage::browser {

namespace {

/// Below this, pages with large canvases or images crash for want of shared
/// memory.
constexpr unsigned long long small_shared_memory = 256ULL << 20;

/// The same Chrome must behave the same way each time, talk to nobody on its
/// own account, and not slow down pages that nobody looks at. Sandbox and site
/// isolation stay as they are.
constexpr std::string_view steady[] = {
    // The headless shell leaves this off: each site in a process of its own.
    "--site-per-process",
    // Nothing on its own account: no updates, no telemetry, no accounts.
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-service-autorun",
    "--password-store=basic",
    // A hidden page runs as a shown one.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--allow-pre-commit-input",
    "--disable-ipc-flooding-protection",
    "--disable-hang-monitor",
    // A page that eats memory ends itself before it ends the machine.
    "--js-flags=--max-old-space-size=1024",
    // Every request is really sent, every popup really opens.
    "--disable-back-forward-cache",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-infobars",
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,"
    "DialMediaRouteProvider,"
    // What a page puts off until later, no gate holds: Chrome sends it by itself.
    "FetchLaterAPI,"
    "GlobalMediaControls,HttpsUpgrades,LensOverlay,"
    "MediaRouter,OptimizationHints,"
    "PaintHolding,"
    // A process held ready for the next site costs more than it saves: a fifth of a run, measured.
    "SpareRendererForSitePerProcess,"
    "Translate",
    // No process of its own for the network, which has no sandbox on Linux anyway: an eighth of a run,
    // measured.
    "--enable-features=NetworkServiceInProcess2",
    // The same pictures everywhere.
    "--force-color-profile=srgb",
    "--lang=en-US",
    "--accept-lang=en-US,en",
    "--window-size=1280,1024",
};

void refuse_debugging_switches(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    // Chrome takes one dash for two.
    const std::size_t name = argument.find_first_not_of('-');
    if (name == 0 || name == std::string::npos || argument.compare(name, 16, "remote-debugging") != 0)
      continue;
    throw Error(Kind::usage,
                "Chrome is driven through a pipe: " + printable(argument, 100) +
                    " would open it to others on this machine",
                "Start that Chrome yourself, and attach to it with --browser-url.");
  }
}

}  // namespace

bool shared_memory_is_small() {
  struct statvfs facts {};
  if (::statvfs("/dev/shm", &facts) != 0 || ::access("/dev/shm", W_OK) != 0) return true;
  return static_cast<unsigned long long>(facts.f_blocks) * facts.f_frsize < small_shared_memory;
}

std::vector<std::string> chrome_arguments(const LaunchOptions& options,
                                          const std::filesystem::path& profile) {
  std::vector<std::string> arguments(std::begin(steady), std::end(steady));
  if (!options.headed) {
    arguments.insert(arguments.end(), {"--headless", "--hide-scrollbars", "--mute-audio"});
  }
  if (options.allow_no_sandbox) arguments.emplace_back("--no-sandbox");
  if (shared_memory_is_small()) arguments.emplace_back("--disable-dev-shm-usage");
  const std::string rules =
      options.offline ? std::string("MAP * ~NOTFOUND") : host_resolver_rules(options.fence, options.mapping);
  if (!rules.empty()) arguments.push_back("--host-resolver-rules=" + rules);
  if (options.offline || !options.fence.open()) {
    // Name resolution is the fence: nothing may go round it, by a proxy that
    // resolves or by WebRTC.
    arguments.emplace_back("--no-proxy-server");
    arguments.emplace_back("--force-webrtc-ip-handling-policy=disable_non_proxied_udp");
  }
  if (options.mapping && !options.mapping->spki.empty()) {
    arguments.push_back("--ignore-certificate-errors-spki-list=" + options.mapping->spki);
  }
  arguments.push_back("--user-data-dir=" + profile.string());
  // A port would let every local user drive this browser, and with it the
  // session of whoever signed in.
  arguments.emplace_back("--remote-debugging-pipe");
  refuse_debugging_switches(options.extra_arguments);
  arguments.insert(arguments.end(), options.extra_arguments.begin(), options.extra_arguments.end());
  arguments.emplace_back("about:blank");
  return arguments;
}

std::vector<std::string> chrome_environment(const std::filesystem::path& folder, bool headed) {
  std::vector<std::string> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    const bool plain = name == "PATH" || name == "LANG" || name == "TZ" || name.starts_with("LC_") ||
                       name.starts_with("FONTCONFIG");
    const bool display =
        name == "DISPLAY" || name == "WAYLAND_DISPLAY" || name == "XAUTHORITY" || name == "XDG_RUNTIME_DIR";
    if (plain || (headed && display)) kept.emplace_back(text);
  }
  const std::string home = (folder / "home").string();
  kept.push_back("HOME=" + home);
  kept.push_back("XDG_CONFIG_HOME=" + home + "/.config");
  kept.push_back("XDG_CACHE_HOME=" + home + "/.cache");
  kept.push_back("XDG_DATA_HOME=" + home + "/.local/share");
  if (!headed) kept.push_back("XDG_RUNTIME_DIR=" + (folder / "tmp").string());
  kept.push_back("TMPDIR=" + (folder / "tmp").string());
  return kept;
}

}  // namespace offstage::browser
