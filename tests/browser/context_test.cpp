#include <future>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "browser_support.h"

namespace offstage::context_test {

using namespace test;
using browser::Context;
using browser::Page;

TEST_CASE("a page goes to an address and tells status, address and title", "[context]") {
  Stage stage;
  stage.server.page("/", "<title>Hello</title>");
  CHECK(stage.page.navigate(stage.server.url("/"), soon()) == 200);
  CHECK(stage.page.url() == stage.server.url("/"));
  CHECK(stage.page.title(soon()) == "Hello");
}

TEST_CASE("contexts share no cookies", "[context]") {
  Stage stage;
  stage.server.handle("/", [](const PageServer::Request& request) {
    const auto cookie = request.headers.find("cookie");
    return PageServer::Response{
        200,
        "<title>" + (cookie == request.headers.end() ? "none" : cookie->second) + "</title>",
        "text/html",
        {{"Set-Cookie", "who=first"}}};
  });
  stage.page.navigate(stage.server.url("/"), soon());
  stage.page.navigate(stage.server.url("/"), soon());
  CHECK(stage.page.title(soon()) == "who=first");
  const auto other = shared_browser().new_context(soon());
  Page& page = other->new_page(soon());
  page.navigate(stage.server.url("/"), soon());
  CHECK(page.title(soon()) == "none");
}

TEST_CASE("a context lists its own open pages, oldest first", "[context]") {
  Stage stage;
  Page& second = stage.context->new_page(soon());
  const auto other = shared_browser().new_context(soon());
  other->new_page(soon());
  CHECK(stage.context->pages() == std::vector<Page*>{&stage.page, &second});
  stage.page.close(soon());
  CHECK(stage.page.closed());
  CHECK(stage.context->pages() == std::vector<Page*>{&second});
}

TEST_CASE("a context takes its pages along when it goes", "[context]") {
  std::string target;
  {
    Stage stage;
    target = stage.page.target_id();
  }
  const Json targets = shared_browser().client().root().call("Target.getTargets", Json::object(), soon());
  for (const Json& each : targets.at("targetInfos"))
    CHECK(each.at("targetId") != target);
}

TEST_CASE("a download is denied", "[context]") {
  Stage stage;
  stage.server.handle("/file", [](const PageServer::Request&) {
    return PageServer::Response{200,
                                "content",
                                "application/octet-stream",
                                {{"Content-Disposition", "attachment; filename=file.bin"}}};
  });
  // Only the events that Chrome is asked for come: ask for them without changing the rule.
  auto& root = shared_browser().client().root();
  std::promise<std::string> outcome;
  bool told = false;
  const auto progress = root.on("Browser.downloadProgress", [&](const Json& params) {
    if (told || params.at("state") == "inProgress") return;
    told = true;
    outcome.set_value(params.at("state").get<std::string>());
  });
  const Json info = root.call("Target.getTargetInfo", {{"targetId", stage.page.target_id()}}, soon());
  root.call("Browser.setDownloadBehavior",
            {{"behavior", "deny"},
             {"eventsEnabled", true},
             {"browserContextId", info.at("targetInfo").at("browserContextId")}},
            soon());
  CHECK_THROWS_AS(stage.page.navigate(stage.server.url("/file"), soon()), Error);
  auto future = outcome.get_future();
  REQUIRE(future.wait_for(Milliseconds(20'000)) == std::future_status::ready);
  CHECK(future.get() == "canceled");
}

TEST_CASE("waiting for a page finds it by its whole address", "[context]") {
  Stage stage;
  stage.server.page("/here", "here");
  stage.page.navigate(stage.server.url("/here"), soon());
  CHECK(stage.context->wait_for_page(stage.server.url("/here"), soon()) == &stage.page);
  CHECK(stage.context->wait_for_page(stage.server.url("/her"), Until::in(Milliseconds(50))) == nullptr);
}

TEST_CASE("waiting for the address of an out-of-process frame finds the page that owns it", "[context]") {
  Stage stage;
  stage.server.page("/frame", "framed");
  Page& page = stage.show("<iframe src='" + stage.server.url("/frame", "b.test") + "'></iframe>");
  CHECK(stage.context->wait_for_page(stage.server.url("/frame", "b.test"), soon()) == &page);
}

TEST_CASE("a stop ends the wait for a page", "[context]") {
  Stage stage;
  std::stop_source source;
  source.request_stop();
  try {
    stage.context->wait_for_page("https://never.test/", {Deadline::never(), source.get_token()});
    FAIL("it did not stop");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::interrupted);
  }
}

}  // namespace offstage::context_test
