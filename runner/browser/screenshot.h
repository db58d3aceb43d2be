#pragma once

#include <memory>
#include <string>
#include <vector>

#include "browser/asker.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Takes pictures of a page in which no more can be seen than may be. Blocks the caller.
class Screenshot {
 public:
  /// Both are the page's and outlive this.
  Screenshot(Asker& asker, std::shared_ptr<cdp::Session> session)
      : asker_(asker), session_(std::move(session)) {}

  /// PNG bytes. A picture during which some frame got a new document, which nobody masked, is thrown away and
  /// taken again. A full page is cut at 16,384 pixels a side. Throws Error{drift} when a dialog is open.
  std::string take(const ScreenshotOptions& options, const Until& until);

 private:
  /// Covers what must not be seen in every frame; the ids of the documents, or nothing when one went away.
  std::optional<std::vector<std::string>> mask(const ScreenshotOptions& options, const Until& until);
  void unmask() noexcept;
  std::vector<std::string> documents();
  std::string capture(bool full_page, const Until& until);

  Asker& asker_;
  std::shared_ptr<cdp::Session> session_;
};

}  // namespace offstage::browser
