#include "cli/console_session.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::cli {
namespace {

/// How long Chrome may take to tell its cookies.
constexpr Milliseconds keeping_patience{5'000};

/// The console to work on: --from, or the one that the practice console stands in for.
std::string chosen(const Settings& settings, const std::string& from,
                   const std::optional<connector::Practice>& practice) {
  if (from.empty() && practice) return practice->connector;
  if (from.empty()) {
    throw Error(Kind::usage, "which console? --from is missing",
                fmt::format("give --from with one of: {}", join(registry(settings).ids(), ", ")));
  }
  if (practice && practice->connector != from) {
    throw Error(Kind::usage,
                fmt::format("--practice {} is a practice console for {}, not for {}",
                            printable(settings.practice, 200), practice->connector, printable(from, 60)),
                fmt::format("give --from {}, or another --practice file", practice->connector));
  }
  return from;
}

}  // namespace

connector::Registry registry(const Settings& settings) {
  return connector::Registry::standard({settings.connectors.begin(), settings.connectors.end()});
}

std::string first_connector() {
  try {
    const std::vector<std::string> ids = connector::Registry::standard({}).ids();
    if (!ids.empty()) return ids.front();
  } catch (const Error&) {
    // A help text must not depend on what OFFSTAGE_CONNECTORS names.
  }
  return "CONNECTOR";
}

connector::Launcher launcher(const Settings& settings, const std::optional<browser::HostMapping>& mapping) {
  if (!settings.browser_url.empty()) {
    if (mapping) {
      throw Error(Kind::usage, "--practice and --browser-url do not go together",
                  "a practice console is found by the Chrome that Offstage starts: leave --browser-url out");
    }
    return [url = settings.browser_url](const browser::Fence& fence, const Until& until) {
      return browser::Browser::attach(url, fence, until);
    };
  }
  browser::LaunchOptions options;
  options.executable = settings.chrome;
  options.headed = settings.headed;
  options.allow_no_sandbox = settings.allow_no_sandbox;
  options.mapping = mapping;
  return [options](const browser::Fence& fence, const Until& until) {
    browser::LaunchOptions now = options;
    now.fence = fence;
    return browser::Browser::launch(now, until);
  };
}

ConsoleSession::ConsoleSession(Run& run, const std::string& from, script::Observer& progress,
                               const Until& until)
    : log_(run.log) {
  const Settings& settings = run.settings;
  if (!settings.practice.empty()) practice_ = connector::load_practice(settings.practice);
  connector_ = registry(settings).find(chosen(settings, from, practice_));
  read_secrets(run.secrets, settings, until);
  if (practice_) run.secrets.add_folder(practice_->secrets);
  const auto mapping = practice_ ? std::optional(practice_->mapping) : std::nullopt;
  console_ = std::make_unique<connector::ScriptedConsole>(connector_, launcher(settings, mapping),
                                                          run.secrets, run.log, progress,
                                                          mapping ? mapping->address : std::string());
  const std::string account = run.secrets.has("email") ? run.secrets.get("email").reveal() : std::string();
  about_ = fmt::format("{}\n{}\n{}", console_->connector(), email_key(account), console_->address());
  if (settings.session.empty()) return;
  kept_ = std::make_unique<KeptSession>(settings, run.session_keys, about_, until);
  console_->begin_with(kept_->open(run.log));
}

ConsoleSession::~ConsoleSession() {
  if (!kept_) return;
  try {
    const bool went_well = std::uncaught_exceptions() == exceptions_;
    if (console_->sign_in_failed()) {
      kept_->forget(log_);
    } else if (went_well) {
      if (const auto session = console_->session(Until::in(keeping_patience))) kept_->keep(*session, log_);
    }
  } catch (const std::exception& error) {
    log_.warn(fmt::format("the session was not kept: {}", error.what()));
  }
}

}  // namespace offstage::cli
