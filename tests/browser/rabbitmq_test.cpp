#include <iostream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "browser_support.h"
#include "rabbitmq_server.h"
#include "script/interpreter.h"

namespace offstage::rabbitmq_test {

using test::RabbitmqServer;
namespace script = offstage::script;

namespace {

class Reports final : public script::Observer {
 public:
  std::vector<script::CommitReport> all;
  void commit_reported(const script::CommitIntent& intent, const script::CommitReport& report) override {
    (void)intent;
    all.push_back(report);
  }
};

}  // namespace

TEST_CASE("on a console that nobody here wrote, one user is deleted through a native dialog, and no other",
          "[rabbitmq]") {
  if (!RabbitmqServer::installed()) {
    WARN("skipped: rabbitmq-server is not installed (./dev setup installs it)");
    return;
  }
  RabbitmqServer server;
  server.add_user("ada", "ada's password", "administrator");
  for (const char* name : {"dana", "dana2", "adana", "Dana"})
    server.add_user(name, "x", "");
  REQUIRE(server.users() == std::vector<std::string>{"Dana", "ada", "adana", "dana", "dana2", "guest"});

  const auto file = script::load(OFFSTAGE_SOURCE_DIR "/tests/data/scripts/rabbitmq/delete-user.json");
  SecretStore secrets;
  secrets.add("password", Secret("ada's password"));
  script::Environment environment;
  environment.variables = {{"port", fmt::format("{}", server.port())}, {"admin", "ada"}, {"user", "dana"}};
  environment.secrets = &secrets;
  Reports reports;
  Log log = Log::none();
  const auto context = offstage::test::shared_browser().new_context(offstage::test::soon());
  offstage::browser::Page& page = context->new_page(offstage::test::soon());
  script::Interpreter interpreter(*context, page, environment, reports, log);
  interpreter.run(*file, Until::in(Milliseconds(60'000)));

  CHECK(server.users() == std::vector<std::string>{"Dana", "ada", "adana", "dana2", "guest"});
  REQUIRE(reports.all.size() == 1);
  CHECK(reports.all[0].outcome == script::CommitReport::Outcome::done);
  CHECK(reports.all[0].status == 204);
}

}  // namespace offstage::rabbitmq_test
