#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "browser/dialogs.h"
#include "browser/frames.h"
#include "browser/page.h"
#include "cdp/client.h"

namespace offstage::browser {

/// Asks the script in the pages (inpage.h) and gets an answer in spite of what pages do meanwhile: a document
/// that goes away is asked again in the one that follows, a dialog is waited out, a missing script is put in.
/// Blocks the caller; see Page for what it throws.
class Asker {
 public:
  /// Makes the parameters of a Runtime.evaluate for the time that is left.
  using Request = std::function<Json(Milliseconds left)>;
  struct Answer {
    Json reply;  ///< for inpage::parse_*
    World world;
  };

  /// Both are the page's and outlive this.
  Asker(std::shared_ptr<Frames> frames, Dialogs& dialogs) : frames_(std::move(frames)), dialogs_(dialogs) {}

  /// The answer of the document in `frame`, or a Miss when there is none by the deadline: the frame is not
  /// there (told at once unless `wait_for_frame`), a dialog holds the page, or the page does not answer at
  /// all.
  std::variant<Answer, Miss> ask(const FramePath& frame, const Request& request, const Until& until,
                                 bool wait_for_frame = true);
  /// One question to one document; nothing when that document is gone or held by a dialog.
  std::optional<Json> ask_once(const World& world, Json params, const Until& until);

  /// Puts the script into a world that has none; false when that world is gone.
  bool install(const World& world, const Until& until);

  /// The same as `ask` for an expression of ours in the page's main world; `reply` is Runtime.evaluate's
  /// result.
  std::variant<Answer, Miss> ask_main(const FramePath& frame, const Request& request, const Until& until);

  Frames& frames() { return *frames_; }
  Dialogs& dialogs() { return dialogs_; }

 private:
  std::variant<Answer, Miss> ask_in(Realm realm, const FramePath& frame, const Request& request,
                                    const Until& until, bool wait_for_frame);

  std::shared_ptr<Frames> frames_;
  Dialogs& dialogs_;
};

}  // namespace offstage::browser
