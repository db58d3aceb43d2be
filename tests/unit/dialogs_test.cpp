#include "browser/dialogs.h"

#include <catch2/catch.hpp>

#include "fake_chrome.h"

namespace offstage::dialogs_test {

namespace {

struct Fixture : test::FakeConnection {
  std::shared_ptr<browser::Monitor> monitor = std::make_shared<browser::Monitor>(page);
  browser::Dialogs dialogs{monitor};
  std::vector<cdp::Subscription> subscriptions = dialogs.listen(page);

  void open() {
    chrome->emit(
        "S", "Page.javascriptDialogOpening",
        {{"type", "prompt"}, {"message", "Name?"}, {"defaultPrompt", "bob"}, {"url", "https://a.test/"}});
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a dialog stays open until somebody handles it", "[dialog]") {
  CHECK_FALSE(dialogs.wait(Until::in(Milliseconds{10})));
  open();
  const std::optional<browser::Dialog> dialog = dialogs.wait(Until::in(Milliseconds{10}));
  REQUIRE(dialog);
  CHECK(dialog->type == "prompt");
  CHECK(dialog->message == "Name?");
  CHECK(dialog->default_prompt == "bob");
  chrome->answer("Page.handleJavaScriptDialog", [this](const Json&) -> Json {
    chrome->emit("S", "Page.javascriptDialogClosed", Json::object());
    return Json::object();
  });
  dialogs.handle(true, "eve", Until::in(Milliseconds{1'000}));
  CHECK_FALSE(dialogs.current());
  const Json params = chrome->sent("Page.handleJavaScriptDialog").at(0).params;
  CHECK(params == Json{{"accept", true}, {"promptText", "eve"}});
}

TEST_CASE_METHOD(Fixture, "a dialog is handled when it is gone, also where another opens at once",
                 "[dialog]") {
  open();
  chrome->answer("Page.handleJavaScriptDialog", [this](const Json&) -> Json {
    chrome->emit("S", "Page.javascriptDialogClosed", Json::object());
    open();
    return Json::object();
  });
  const Clock::time_point start = Clock::now();
  dialogs.handle(true, "", Until::in(Milliseconds{20'000}));
  CHECK(Clock::now() - start < Milliseconds{10'000});
  CHECK(dialogs.current());
}

TEST_CASE_METHOD(Fixture, "there is nothing to handle without a dialog", "[dialog]") {
  try {
    dialogs.handle(true, "", Until::in(Milliseconds{10}));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::drift);
  }
}

}  // namespace offstage::dialogs_test
