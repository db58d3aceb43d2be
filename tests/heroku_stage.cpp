#include "heroku_stage.h"

#include "connector/practice.h"
#include "connector/registry.h"

namespace offstage::test {
namespace {

PracticeConsole& shared_practice() {
  static PracticeConsole practice;
  return practice;
}

/// Hands out contexts of a browser that others use too, and leaves it running.
class BorrowedBrowser final : public browser::Browser {
 public:
  explicit BorrowedBrowser(browser::Browser& lent) : lent_(lent) {}
  browser::BrowserInfo info() const override { return lent_.info(); }
  cdp::Client& client() override { return lent_.client(); }
  std::unique_ptr<browser::Context> new_context(const Until& until) override {
    return lent_.new_context(until);
  }

 private:
  browser::Browser& lent_;
};

browser::Browser& shared_chrome(const browser::Fence& fence) {
  static const std::unique_ptr<browser::Browser> chrome = [&fence] {
    browser::LaunchOptions options;
    options.fence = fence;
    options.mapping = connector::load_practice(shared_practice().description_file()).mapping;
    return browser::Browser::launch(options, patience());
  }();
  return *chrome;
}

}  // namespace

Until patience() {
  return Until::in(Milliseconds(90'000));
}

HerokuStage::HerokuStage(const Faults& faults) : practice(shared_practice()) {
  practice.reset();
  practice.set_fault("cookie-banner", "off");
  practice.set_fault("mfa", "none");
  for (const auto& [name, value] : faults)
    practice.set_fault(name, value);
  secrets.add_folder(practice.secrets());
}

std::unique_ptr<connector::ScriptedConsole> HerokuStage::console() {
  const connector::Launcher launcher = [](const browser::Fence& fence, const Until&) {
    return std::make_unique<BorrowedBrowser>(shared_chrome(fence));
  };
  return std::make_unique<connector::ScriptedConsole>(connector::Registry::standard({}).find("heroku"),
                                                      launcher, secrets, log, progress);
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
