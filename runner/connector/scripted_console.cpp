#include "connector/scripted_console.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "connector/pacer.h"
#include "connector/relay.h"
#include "connector/rows.h"
#include "script/interpreter.h"
#include "script/script.h"

namespace offstage::connector {
namespace {

/// What scripts are given, by what they are for.
const std::vector<std::string> for_everything;
const std::vector<std::string> for_resources{"resource"};
const std::vector<std::string> for_grants{"resource", "listed_on", "user", "role", "state"};

/// How long a page that is given up may take to close.
constexpr Milliseconds page_end{5000};

void check_secrets(const Manifest& manifest, const SecretStore& secrets) {
  for (const SecretNeed& need : manifest.secrets) {
    if (!need.needed || secrets.has(need.name)) continue;
    const std::string what = need.hint.empty() ? need.title : fmt::format("{}: {}", need.title, need.hint);
    throw Error(Kind::usage,
                fmt::format("{} needs the secret \"{}\", and it was not given", manifest.title, need.name),
                fmt::format("{}; give it with --secret {}=file:PATH", what, need.name));
  }
}

const Json* variable(const script::Environment& environment, const std::string& name) {
  const auto found = environment.variables.find(name);
  return found == environment.variables.end() ? nullptr : &found->second;
}

}  // namespace

struct ScriptedConsole::State {
  using Scripts = std::map<std::string, std::shared_ptr<const script::Script>>;

  Connector connector;
  Launcher launch;
  const SecretStore& secrets;
  Log& log;
  script::Observer& progress;
  Scripts scripts;  ///< by name
  Pacer pacer;

  // In this order: each is gone before what it lives in.
  std::unique_ptr<browser::Browser> browser;
  std::unique_ptr<browser::Context> context;
  browser::Page* page = nullptr;
  bool doubtful = false;      ///< the page did not do what it was to in time
  std::string account;        ///< empty: not signed in
  std::string first_account;  ///< of this run
  Json browser_info;          ///< of the latest browser; null before the first
  Secret kept;                ///< the session of an earlier run, until it turns out to be of no use
  bool sign_in_failed = false;

  State(Connector connector_, Launcher launch_, const SecretStore& secrets_, Log& log_,
        script::Observer& progress_)
      : connector(std::move(connector_)),
        launch(std::move(launch_)),
        secrets(secrets_),
        log(log_),
        progress(progress_),
        pacer(connector.manifest.pace) {}

  const Manifest& manifest() const { return connector.manifest; }

  void load(const std::string& name, const std::vector<std::string>& given) {
    if (name.empty() || scripts.contains(name)) return;
    const auto script = script::load(connector.scripts / name);
    for (const std::string& free : script::free_names(*script)) {
      if (std::find(given.begin(), given.end(), free) != given.end()) continue;
      throw Error(
          Kind::usage,
          fmt::format("{}: uses {{{{{}}}}}, which nothing sets", script->file.string(), printable(free, 80)),
          given.empty() ? std::string("this script is given no arguments")
                        : fmt::format("this script is given: {}", join(given, ", ")));
    }
    scripts.emplace(name, script);
  }

  void load_scripts() {
    load(manifest().sign_in_script, for_everything);
    for (const ResourceType& type : manifest().resources) {
      if (type.list) load(type.list->script, for_everything);
      if (type.grants) load(type.grants->script, for_resources);
      for (const auto& [state, name] : type.revoke)
        load(name, for_grants);
      load(type.remove, for_resources);
    }
  }

  void start(const Until& until) {
    if (page != nullptr && doubtful) close_page(until);
    if (page != nullptr && (!page->closed() || open_another_page(until))) return;
    forget_browser();
    browser = launch(manifest().fence, until);
    const browser::BrowserInfo info = browser->info();
    browser_info = {{"product", info.product},
                    {"executable", info.executable},
                    {"sandboxed", info.sandboxed},
                    {"attached", info.attached},
                    {"user_agent", info.user_agent}};
    context = browser->new_context(until);
    if (!kept.empty()) take_up_session(until);
    page = &context->new_page(until);
  }

  void take_up_session(const Until& until) {
    try {
      context->set_cookies(kept, until);
      log.debug("the browser begins with the session that was kept");
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
      log.warn(fmt::format("the session that was kept cannot be used: {}", error.message()));
      kept = Secret();
    }
  }

  /// What has hung once may hang for ever: a page whose requests nobody answers any more, for one.
  void close_page(const Until& until) {
    doubtful = false;
    try {
      page->close(until.within(page_end));
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
      log.debug(fmt::format("the page could not be closed: {}", error.message()));
      forget_browser();
    }
  }

  /// In place of one that had to be closed; who is signed in stays so.
  bool open_another_page(const Until& until) {
    try {
      page = &context->new_page(until);
      return true;
    } catch (const Error& error) {
      if (error.kind() != Kind::browser) throw;
      log.debug(fmt::format("no other page could be opened: {}", error.message()));
      return false;
    }
  }

  void forget_browser() {
    account.clear();
    doubtful = false;
    page = nullptr;
    context.reset();
    browser.reset();
  }

  script::Environment environment(std::map<std::string, Json> variables, bool may_commit) const {
    script::Environment out;
    if (const auto user = variables.find("user"); user != variables.end())
      out.keep_addresses.push_back(user->second.get<std::string>());
    if (!account.empty()) out.keep_addresses.push_back(account);
    out.variables = std::move(variables);
    out.secrets = &secrets;
    out.harmless_requests = manifest().harmless_requests;
    out.may_commit = may_commit;
    return out;
  }

  void play(const std::string& name, script::Environment& environment, script::Observer& observer,
            const Until& until) {
    script::Interpreter interpreter(*context, *page, environment, observer, log);
    interpreter.run(*scripts.at(name), until.within(manifest().operation_timeout));
  }

  void sign_in(const Until& until) {
    start(until);
    if (!account.empty()) return;
    const std::string& name = manifest().sign_in_script;
    script::Environment run = environment({}, false);
    try {
      play(name, run, progress, until);
    } catch (const Error& error) {
      doubtful = error.kind() == Kind::unreachable;
      if (error.kind() == Kind::browser) forget_browser();
      // Not tried again without the kept session: the password may have been refused, and attempts count.
      sign_in_failed = error.kind() != Kind::interrupted;
      throw;
    }
    sign_in_failed = false;
    const std::string now = account_from(variable(run, manifest().account_variable), name);
    // What was planned, guarded and locked is the first account's.
    if (!first_account.empty() && now != first_account) {
      throw Error(Kind::refused, fmt::format("signed in to {} as {} now, and the run began as {}",
                                             manifest().title, printable(now), printable(first_account)));
    }
    first_account = account = now;
    log.info(fmt::format("signed in to {} as {}", manifest().title, account));
  }

  /// Whether the page says that nobody is signed in any more. Never throws: a page that cannot be asked says
  /// nothing.
  bool signed_out(const Until& until) {
    try {
      const std::string url = page->url();
      for (const std::string& pattern : manifest().signed_out_urls) {
        if (matches_glob(pattern, url)) return true;
      }
      if (manifest().signed_out_selectors.empty()) return false;
      browser::Condition shown;
      shown.query.selectors = manifest().signed_out_selectors;
      shown.must_be_visible = true;
      return !page->check({}, shown, until.within(Milliseconds(2000)));
    } catch (const Error& error) {
      log.debug(fmt::format("could not ask the page whether the session is over: {}", error.message()));
      return false;
    }
  }

  /// Runs a script, signed in; once more when the session turns out to be over and nothing can have been
  /// changed. Returns what the script left behind.
  script::Environment operate(const std::string& name, const std::map<std::string, Json>& variables,
                              script::Observer* observer, const Until& until) {
    for (bool again = false;; again = true) {
      sign_in(until);
      script::Environment run = environment(variables, observer != nullptr);
      Relay relay(progress, observer);
      try {
        play(name, run, relay, until);
        return run;
      } catch (const Error& error) {
        if (error.kind() == Kind::browser) {
          forget_browser();
          throw;
        }
        doubtful = error.kind() == Kind::unreachable;
        const bool over = relay.unauthorized() || signed_out(until);
        if (over) account.clear();
        if (!over || again || relay.may_have_changed() || until.over()) throw;
        log.info(fmt::format("the session on {} has ended: signing in again", manifest().title));
      }
    }
  }
};

ScriptedConsole::ScriptedConsole(Connector connector, Launcher launch, const SecretStore& secrets, Log& log,
                                 script::Observer& progress, std::string address)
    : state_(std::make_unique<State>(std::move(connector), std::move(launch), secrets, log, progress)),
      address_(std::move(address)) {
  if (address_.empty()) address_ = join(state_->manifest().fence.visit, " ");
  check_secrets(state_->manifest(), secrets);
  state_->load_scripts();
}

ScriptedConsole::~ScriptedConsole() = default;

std::string ScriptedConsole::connector() const {
  return state_->manifest().id;
}

std::string ScriptedConsole::title() const {
  return state_->manifest().title;
}

std::string ScriptedConsole::address() const {
  return address_;
}

std::string ScriptedConsole::primary_type() const {
  return state_->manifest().primary().type;
}

std::string ScriptedConsole::sign_in(const Until& until) {
  state_->sign_in(until);
  return state_->account;
}

std::vector<Resource> ScriptedConsole::list_resources(const Until& until) {
  const ResourceType& type = state_->manifest().primary();
  const script::Environment run = state_->operate(type.list->script, {}, nullptr, until);
  return resources_from(variable(run, type.list->into), type.type, type.list->script);
}

Listing ScriptedConsole::list_grants(const Resource& resource, const Until& until) {
  const ListScript& list = *state_->manifest().primary().grants;
  const script::Environment run =
      state_->operate(list.script, {{"resource", to_argument(resource)}}, nullptr, until);
  return listing_from(variable(run, list.into), list.about.empty() ? nullptr : variable(run, list.about),
                      resource, state_->manifest(), list.script);
}

bool ScriptedConsole::can_revoke(const Grant& grant) const {
  const ResourceType* type = state_->manifest().find(grant.resource.type);
  return type != nullptr && type->revoke.contains(grant.state);
}

bool ScriptedConsole::can_delete(const Resource& resource) const {
  const ResourceType* type = state_->manifest().find(resource.type);
  return type != nullptr && !type->remove.empty();
}

bool ScriptedConsole::tells_privileged(const std::string& type) const {
  const ResourceType* found = state_->manifest().find(type);
  return found != nullptr && !found->privileged_roles.empty();
}

bool ScriptedConsole::wait_for_turn(const Until& until) {
  return state_->pacer.wait_for_turn(until);
}

void ScriptedConsole::revoke(const Grant& grant, script::Observer& observer, const Until& until) {
  if (!can_revoke(grant)) {
    throw Error(Kind::refused, fmt::format("the {} connector cannot take away {} access to {} {}", title(),
                                           printable(grant.state, 80), printable(grant.resource.type, 80),
                                           printable(grant.resource.name, 80)));
  }
  state_->pacer.take_turn(until);
  const ResourceType& type = *state_->manifest().find(grant.resource.type);
  state_->operate(type.revoke.at(grant.state),
                  {{"user", grant.user},
                   {"role", grant.role},
                   {"state", grant.state},
                   {"resource", to_argument(grant.resource)},
                   {"listed_on", to_argument(grant.listed_on)}},
                  &observer, until);
}

void ScriptedConsole::delete_resource(const Resource& resource, script::Observer& observer,
                                      const Until& until) {
  if (!can_delete(resource)) {
    throw Error(Kind::refused,
                fmt::format("the {} connector cannot delete a {}", title(), printable(resource.type, 80)));
  }
  state_->pacer.take_turn(until);
  state_->operate(state_->manifest().find(resource.type)->remove, {{"resource", to_argument(resource)}},
                  &observer, until);
}

void ScriptedConsole::begin_with(Secret session) {
  state_->kept = std::move(session);
}

std::optional<Secret> ScriptedConsole::session(const Until& until) {
  if (state_->account.empty() || state_->context == nullptr) return {};
  try {
    return state_->context->cookies(until);
  } catch (const Error& error) {
    state_->log.debug(fmt::format("the browser does not tell its session: {}", error.message()));
    return {};
  }
}

bool ScriptedConsole::sign_in_failed() const {
  return state_->sign_in_failed;
}

std::string ScriptedConsole::screenshot(const std::vector<std::string>& keep_addresses, const Until& until) {
  if (state_->page == nullptr) throw Error(Kind::browser, "there is no page to take a picture of");
  browser::ScreenshotOptions options;
  options.keep_addresses = keep_addresses;
  if (!state_->account.empty()) options.keep_addresses.push_back(state_->account);
  return state_->page->screenshot(options, until);
}

Json ScriptedConsole::versions() const {
  const Connector& used = state_->connector;
  return {{"tool", OFFSTAGE_VERSION},
          {"connector", {{"id", connector()}, {"digest", "sha256:" + sha256(read_file(used.file))}}},
          {"scripts", used.script_digests()},
          {"browser", state_->browser_info}};
}

}  // namespace offstage::connector
