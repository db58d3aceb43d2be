#include "heroku_stage.h"

#include <map>

#include "connector/practice.h"
#include "connector/registry.h"

namespace offstage::test {
namespace {

/// One practice console and the Chrome that is mapped to it.
struct Pair {
  explicit Pair(const std::string& labels) : practice({"--labels", labels}) {}
  PracticeConsole practice;
  std::unique_ptr<browser::Browser> chrome;  ///< started when first asked for
  // What the console that is handed on looks at. It goes before them, and before its browser.
  SecretStore secrets;
  Log log = Log::none();
  script::Observer progress;
  std::unique_ptr<connector::ScriptedConsole> signed_in;  ///< made when first asked for
};

Pair& shared_pair(const std::string& labels) {
  static std::map<std::string, std::unique_ptr<Pair>> pairs;
  std::unique_ptr<Pair>& pair = pairs[labels];
  if (!pair) pair = std::make_unique<Pair>(labels);
  return *pair;
}

/// Hands out contexts of a browser that others use too, and leaves it running.
class BorrowedBrowser final : public browser::Browser {
 public:
  explicit BorrowedBrowser(browser::Browser& lent) : lent_(lent) {}
  browser::BrowserInfo info() const override { return lent_.info(); }
  cdp::Client& client() override { return lent_.client(); }
  std::unique_ptr<browser::Context> new_context(const Until& until,
                                                browser::ContextOptions options) override {
    return lent_.new_context(until, std::move(options));
  }

 private:
  browser::Browser& lent_;
};

browser::Browser& chrome_of(Pair& pair, const browser::Fence& fence) {
  if (!pair.chrome) {
    browser::LaunchOptions options;
    options.fence = fence;
    options.mapping = connector::load_practice(pair.practice.description_file()).mapping;
    pair.chrome = browser::Browser::launch(options, patience());
  }
  return *pair.chrome;
}

connector::Launcher borrow(const std::string& labels) {
  return [labels](const browser::Fence& fence, const Until&) {
    return std::make_unique<BorrowedBrowser>(chrome_of(shared_pair(labels), fence));
  };
}

}  // namespace

Until patience() {
  return Until::in(Milliseconds(90'000));
}

HerokuStage::HerokuStage(const Faults& faults, const std::string& labels)
    : practice(shared_pair(labels).practice), labels_(labels) {
  practice.reset(shared_pair(labels).signed_in ? PracticeConsole::Keep::sessions
                                               : PracticeConsole::Keep::nothing);
  practice.set_fault("cookie-banner", "off");
  practice.set_fault("mfa", "none");
  for (const auto& [name, value] : faults)
    practice.set_fault(name, value);
  secrets.add_folder(practice.secrets());
}

std::unique_ptr<connector::ScriptedConsole> HerokuStage::console() {
  return std::make_unique<connector::ScriptedConsole>(connector::Registry::standard({}).find("heroku"),
                                                      borrow(labels_), secrets, log, progress);
}

connector::ScriptedConsole& HerokuStage::signed_in() {
  Pair& pair = shared_pair(labels_);
  if (!pair.signed_in) {
    pair.secrets.add_folder(practice.secrets());
    pair.signed_in =
        std::make_unique<connector::ScriptedConsole>(connector::Registry::standard({}).find("heroku"),
                                                     borrow(labels_), pair.secrets, pair.log, pair.progress);
  }
  return *pair.signed_in;
}

connector::Grant HerokuStage::grant(connector::Console& console, const std::string& team_name,
                                    const std::string& user) {
  std::vector<connector::Grant> found;
  for (const connector::Grant& each : console.list_grants(team(team_name), patience()).grants) {
    if (each.user == user) found.push_back(each);
  }
  if (found.size() != 1) throw Error(Kind::internal, "not exactly one grant of " + user + " in " + team_name);
  return found.front();
}

}  // namespace offstage::test
