#include "browser/dialogs.h"

#include <fmt/format.h>

#include "base/text.h"

namespace offstage::browser {

std::string describe(const Dialog& dialog) {
  const char* article = dialog.type == "alert" ? "an" : "a";
  return fmt::format("{} {} dialog \"{}\"", article, printable(dialog.type, 20),
                     printable(dialog.message, 300));
}

std::vector<cdp::Subscription> Dialogs::listen(const std::shared_ptr<cdp::Session>& session) {
  const std::weak_ptr<cdp::Session> weak = session;
  std::vector<cdp::Subscription> list;
  list.push_back(session->on("Page.javascriptDialogOpening", [this, weak](const Json& params) {
    {
      const Monitor::Lock lock = monitor_->lock();
      dialog_ = Dialog{text_of(params, "type"), text_of(params, "message"), text_of(params, "defaultPrompt"),
                       text_of(params, "url")};
      session_ = weak;
      ++opened_;
    }
    monitor_->notify();
  }));
  list.push_back(session->on("Page.javascriptDialogClosed", [this](const Json&) {
    {
      const Monitor::Lock lock = monitor_->lock();
      dialog_.reset();
    }
    monitor_->notify();
  }));
  return list;
}

std::optional<Dialog> Dialogs::current() const {
  const Monitor::Lock lock = monitor_->lock();
  return dialog_;
}

std::optional<Dialog> Dialogs::wait(const Until& until) {
  Monitor::Lock lock = monitor_->lock();
  monitor_->wait(lock, until, [this] { return dialog_.has_value(); });
  return dialog_;
}

bool Dialogs::wait_closed(const Until& until) {
  Monitor::Lock lock = monitor_->lock();
  return monitor_->wait(lock, until, [this] { return !dialog_.has_value(); });
}

void Dialogs::handle(bool accept, const std::string& prompt_text, const Until& until) {
  std::shared_ptr<cdp::Session> session;
  long number = 0;
  {
    const Monitor::Lock lock = monitor_->lock();
    if (dialog_) session = session_.lock();
    number = opened_;
  }
  if (!session) throw Error(Kind::drift, "there is no JavaScript dialog to handle");
  Json params = {{"accept", accept}};
  if (!prompt_text.empty()) params["promptText"] = prompt_text;
  session->call("Page.handleJavaScriptDialog", std::move(params), until);
  // Whoever looks next must not find the dialog that this call closed, but may find the next one.
  Monitor::Lock lock = monitor_->lock();
  monitor_->wait(lock, until, [&] { return !dialog_ || opened_ != number; });
}

}  // namespace offstage::browser
