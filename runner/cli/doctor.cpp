#include "cli/doctor.h"

#include <array>
#include <ctime>
#include <sched.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "browser/browser.h"
#include "cli/console_session.h"
#include "cli/program.h"

namespace offstage::cli {
namespace {

using Level = Finding::Level;

constexpr unsigned nobody = 65534;

/// Megabytes that an ordinary user could still write there; nothing when there is no such file system.
std::optional<unsigned long> free_megabytes(const std::filesystem::path& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return {};
  return static_cast<unsigned long>(info.f_bavail) * info.f_frsize / (1024UL * 1024UL);
}

std::string number_in(const std::filesystem::path& file) {
  try {
    return std::string(trimmed(read_file(file)));
  } catch (const Error&) {
    return "";  // an older kernel, or another distribution's
  }
}

/// Tries it in a child, as an ordinary user: the settings alone do not tell what a container forbids.
bool can_make_user_namespace() {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(1);
    ::_exit(::unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
  }
  if (child < 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_font(const std::filesystem::path& file) {
  const std::string extension = ascii_lower(file.extension().string());
  return extension == ".ttf" || extension == ".otf" || extension == ".ttc" || extension == ".pfb";
}

std::vector<Finding> probe_chrome(const Settings& settings, const Until& until) {
  const bool attached = !settings.browser_url.empty();
  try {
    const Clock::time_point start = Clock::now();
    const auto browser = launcher(settings, {})({}, until.within(Milliseconds(60'000)));
    const auto context = browser->new_context(until.within(Milliseconds(30'000)));
    context->new_page(until.within(Milliseconds(30'000)));
    const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start).count();
    const browser::BrowserInfo info = browser->info();
    Finding chrome{
        "chrome", Level::good,
        fmt::format("{} opens a page {} ms after it was {} ({})", info.product, took,
                    attached ? "attached to" : "started", attached ? settings.browser_url : info.executable),
        ""};
    Finding sandbox{"sandbox", Level::good, "Chrome's sandbox is on", ""};
    if (attached) {
      sandbox = {
          "sandbox", Level::warning, "not known: the browser was started by somebody else",
          "let Offstage start Chrome (leave --browser-url out), or see to its sandbox where it is started"};
    } else if (!info.sandboxed) {
      sandbox = {"sandbox", Level::warning, "Chrome runs without its sandbox",
                 "leave --allow-no-sandbox out once \"user namespaces\" is good"};
    }
    return {chrome, sandbox};
  } catch (const Error& error) {
    if (is_stop(error.kind())) throw;
    std::string seen = error.message();
    std::string hint = error.hint();
    for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
      seen += ", because " + cause->message();
      if (hint.empty()) hint = cause->hint();
    }
    return {{"chrome", Level::fault, seen, hint}};
  }
}

Finding probe_connectors(const Settings& settings) {
  try {
    std::vector<std::string> ids;
    for (const connector::Connector& connector : registry(settings).list())
      ids.push_back(connector.manifest.id);
    if (ids.empty()) {
      return {"connectors", Level::fault, "none is installed",
              "name their folder with --connectors or OFFSTAGE_CONNECTORS, or install Offstage again"};
    }
    return {"connectors", Level::good, join(ids, ", "), ""};
  } catch (const Error& error) {
    return {"connectors", Level::fault, error.message(), error.hint()};
  }
}

}  // namespace

Finding probe_shared_memory(const std::filesystem::path& folder) {
  constexpr unsigned long enough = 200;
  const std::string name = "shared memory";
  const auto free = free_megabytes(folder);
  if (!free) {
    return {name, Level::warning,
            fmt::format("there is no {}: Chrome uses the temporary folder, which is slower", folder.string()),
            "mount a tmpfs there (docker: --shm-size=256m; Kubernetes: an emptyDir with medium Memory)"};
  }
  if (*free < enough) {
    return {name, Level::warning,
            fmt::format("{} has {} MB free; pages with large images may crash", folder.string(), *free),
            "give it 256 MB (docker: --shm-size=256m; Kubernetes: an emptyDir with medium Memory)"};
  }
  return {name, Level::good, fmt::format("{} has {} MB free", folder.string(), *free), ""};
}

Finding probe_fonts(const std::vector<std::filesystem::path>& folders) {
  std::size_t count = 0;
  for (const std::filesystem::path& folder : folders) {
    std::error_code error;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    for (auto at = std::filesystem::recursive_directory_iterator(folder, options, error);
         !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
      if (is_font(at->path())) ++count;
    }
  }
  if (count == 0) {
    return {"fonts", Level::warning, "no font is installed: screenshots show no text",
            "apt-get install fonts-liberation (and fonts-noto-core for other scripts)"};
  }
  return {"fonts", Level::good, fmt::format("{} font files", count), ""};
}

Finding probe_temporary_folder() {
  constexpr unsigned long enough = 200;
  try {
    const TemporaryFolder folder;
    const unsigned long free = free_megabytes(folder.path()).value_or(0);
    const std::string parent = folder.path().parent_path().string();
    if (free < enough) {
      return {"temporary folder", Level::fault, fmt::format("{} has {} MB free", parent, free),
              "make room there, or name another folder with TMPDIR"};
    }
    return {"temporary folder", Level::good, fmt::format("{} has {} MB free", parent, free), ""};
  } catch (const Error& error) {
    return {"temporary folder", Level::fault, error.message(),
            "name a folder that can be written to with TMPDIR"};
  }
}

Finding probe_clock() {
  const std::string now = utc_now();
  std::error_code error;
  const auto built = std::filesystem::last_write_time("/proc/self/exe", error);
  if (!error && built > std::filesystem::file_time_type::clock::now() + std::chrono::hours(24)) {
    return {"clock", Level::fault, fmt::format("it says {}, before this program was built", now),
            "set the clock: one-time codes are wrong otherwise"};
  }
  timex state{};
  if (::adjtimex(&state) < 0 || (static_cast<unsigned>(state.status) & STA_UNSYNC) != 0) {
    return {"clock", Level::warning,
            fmt::format("it says {}; the system does not say that it is synchronised", now),
            "hold it against another clock: one-time codes need it right to a few seconds"};
  }
  return {"clock", Level::good, fmt::format("{}, synchronised", now), ""};
}

Finding probe_user_namespaces(const std::filesystem::path& proc) {
  const std::string name = "user namespaces";
  if (number_in(proc / "sys/kernel/unprivileged_userns_clone") == "0") {
    return {name, Level::fault, "switched off by kernel.unprivileged_userns_clone",
            "sysctl -w kernel.unprivileged_userns_clone=1, or --allow-no-sandbox where the machine itself is "
            "the fence"};
  }
  if (number_in(proc / "sys/user/max_user_namespaces") == "0") {
    return {name, Level::fault, "switched off by user.max_user_namespaces",
            "sysctl -w user.max_user_namespaces=10000, or --allow-no-sandbox where the machine itself is the "
            "fence"};
  }
  if (can_make_user_namespace()) return {name, Level::good, "an ordinary user may make them", ""};
  if (number_in(proc / "sys/kernel/apparmor_restrict_unprivileged_userns") == "1") {
    return {name, Level::fault, "AppArmor keeps them from programs without a profile",
            "give Chrome a profile, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"};
  }
  return {name, Level::fault, "an ordinary user may not make them here",
          "in a container, run with a seccomp profile that allows clone, setns and unshare; or "
          "--allow-no-sandbox"};
}

std::vector<Finding> examine(const Settings& settings, const Until& until) {
  std::vector<Finding> findings = probe_chrome(settings, until);
  if (settings.browser_url.empty() && !settings.allow_no_sandbox)
    findings.push_back(probe_user_namespaces("/proc"));
  findings.push_back(probe_shared_memory("/dev/shm"));
  std::vector<std::filesystem::path> font_folders{"/usr/share/fonts", "/usr/local/share/fonts"};
  if (const std::string home = environment("HOME"); !home.empty()) {
    font_folders.emplace_back(std::filesystem::path(home) / ".fonts");
    font_folders.emplace_back(std::filesystem::path(home) / ".local/share/fonts");
  }
  findings.push_back(probe_fonts(font_folders));
  findings.push_back(probe_temporary_folder());
  findings.push_back(probe_clock());
  findings.push_back(probe_connectors(settings));
  return findings;
}

}  // namespace offstage::cli
