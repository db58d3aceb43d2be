#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/deadline.h"
#include "base/json.h"
#include "browser/page.h"
#include "browser/query.h"

/// The C++ face of the script that works inside the pages (runner/browser/inpage/*.js).
///
/// Each operation is one `Runtime.evaluate`: `*_request` makes its parameters (expression, awaitPromise,
/// returnByValue), to which the caller adds the `contextId` or `uniqueContextId` of the isolated world of
/// the frame's document; `parse_*` reads the `result` that Chrome answered. Operations with a timeout poll
/// inside the page at frame rate and answer as soon as they can, at the latest when the timeout is over. A
/// navigation ends them with an error from Chrome: ask again in the new document with the time that is left.
///
/// Every `parse_*` throws Error{usage} when the script's author is to blame (a selector is not valid, a
/// regular expression does not compile) and Error{internal} when the in-page script itself failed; neither
/// is worth another try. Requests hold the values to be typed: never log those of `fill_request`.
///
/// Free functions without state: safe on any thread.
namespace offstage::browser::inpage {

/// The isolated world that `source()` belongs to, by name: for Page.addScriptToEvaluateOnNewDocument
/// (`worldName`), Page.createIsolatedWorld and Runtime.addBinding (`executionContextName`).
inline constexpr std::string_view world_name = "offstage";
/// The binding through which the page reports verdicts: Runtime.addBinding{name, executionContextName}. It
/// is looked up at each report, so it may be added before or after the document.
inline constexpr std::string_view binding_name = "offstageVerdict";

/// The script to be put into the isolated world of every document, before its own scripts. Running it twice
/// in one world is harmless.
std::string_view source();

/// False when the world that answered has no script yet (it was made by Page.createIsolatedWorld in a
/// document that was already there): evaluate `source()` in it and ask again. Check before each parse.
bool installed(const Json& reply);

// --- Pointer ------------------------------------------------------------------------------------------

enum class Gesture {
  click,  ///< press and release: arms the guard
  hover,  ///< only a move: checks the same, arms nothing
};

/// Waits until the element is there, visible, still, enabled, in view and hit by the pointer, and, for a
/// click, arms the guard under `token` (any string that is new for this page): at the first trusted pointer
/// event the page looks again (same query, same element, same hit, every guard condition) and swallows the
/// whole sequence on any mismatch, also when the event comes later than `armed_for`. With guard conditions it
/// looks again at every event up to the click. The guard is over a moment after the last release of its
/// sequence (of `options.count` clicks); one that got no event must be disarmed. A later `point_request` or
/// `fill_request` replaces what is armed and ends what is still polling.
Json point_request(const Query& query, const ClickOptions& options, Gesture gesture, const std::string& token,
                   Milliseconds timeout, Milliseconds armed_for = Milliseconds{10'000});

/// Where to put the pointer: CSS pixels in the viewport of the frame that was asked.
struct Point {
  double x = 0;
  double y = 0;
  int alternative = 0;  ///< which selector matched, from 0
};
std::variant<Point, Miss> parse_point(const Json& reply);

/// What the guard saw. Sent through the binding as its `payload`: once at the first event of the sequence,
/// and, when there are guard conditions and the first event passed, once more at the last (the click itself,
/// which is checked again).
struct Verdict {
  std::string token;
  /// Empty: the page got the event. Otherwise it was swallowed, and so is the rest of the sequence.
  std::optional<Miss> miss;
  /// Some event of the sequence has reached the page. A miss with `reached` (what was on screen changed
  /// between press and click) must not be tried again blindly.
  bool reached = false;
  /// Nothing more is to come for this token.
  bool last = false;
};
/// Throws Error{internal} on a payload that is not ours.
Verdict parse_verdict(const std::string& payload);

/// Disarms the guard of `token` and tells what it saw so far: the definite answer once Chrome has answered
/// the input events but no last verdict has come. Also to be sent when a click is given up.
Json disarm_request(const std::string& token);
/// Nothing when no event arrived at all (and now none will be swallowed or let through by this guard):
/// something outside of this document, such as a frame lying over it, took the event.
std::optional<Verdict> parse_disarm(const Json& reply);

/// The way of a point from a child frame's viewport up to its parent's, for `Runtime.callFunctionOn` with
/// the <iframe> element, resolved into the parent's "offstage" world, as the object; the caller adds
/// `objectId` (DOM.getFrameOwner, then DOM.resolveNode). Scrolls the parent when the point is out of its
/// view, and checks that the pointer hits the frame there.
Json frame_point_call(double x, double y);
/// The point in the parent's viewport (`alternative` is 0), or a Miss: covered, hidden, frame.
std::variant<Point, Miss> parse_frame_point(const Json& reply);

// --- Fields -------------------------------------------------------------------------------------------

/// Waits until the element is there, visible, enabled and can be filled, and prepares it; sets at once what
/// needs no keys (select, date, colour, range …). `secret` marks the element for `mask` and `html`. `token`
/// arms a guard that lets typed input reach that element only.
Json fill_request(const Query& query, const std::string& value, bool secret, const std::string& token,
                  Milliseconds timeout);

/// What is left to do for a fill. The value is never echoed: what is to be typed is `value.substr(skip)`.
struct FillStep {
  enum class Action {
    done,   ///< the field holds the value; events were fired where Recorder's runner fires them
    type,   ///< focused, with the caret where `value.substr(skip)` belongs: Input.insertText or keys
    click,  ///< a box, radio or switch in the wrong state: click it (with the same query)
  };
  Action action = Action::done;
  std::size_t skip = 0;  ///< bytes of the value that the field already holds
  int alternative = 0;
};
std::variant<FillStep, Miss> parse_fill(const Json& reply);

/// Asks whether the field got the `strokes` so far (keys pressed, and texts inserted without one): disarms
/// the typing guard of `token`, or, when `more` are to come, looks whether the field has the focus still.
Json filled_request(const std::string& token, std::size_t strokes, bool more);
/// Done: so it is. A miss (not_editable): the input was swallowed on its way elsewhere, the field did not
/// take it, or, with `reached`, some of it went where this document sees nothing, such as into a frame.
Outcome parse_filled(const Json& reply);

// --- Waiting and looking ------------------------------------------------------------------------------

/// Until any of the conditions holds.
Json wait_request(const std::vector<Condition>& conditions, Milliseconds timeout);
/// The index of the condition that holds, or what each saw last.
std::variant<int, std::vector<Miss>> parse_wait(const Json& reply);

/// One look, no waiting.
Json check_request(const Condition& condition);
std::optional<Miss> parse_check(const Json& reply);

/// Text of the first visible match (of the first match when none is visible), folded and trimmed.
Json text_request(const Query& query);
std::optional<std::string> parse_text(const Json& reply);

Json extract_request(const Extraction& extraction);
/// Rows as an array of objects. Throws Error{drift} naming row and field when one cannot be read, when a
/// `within` does not narrow to exactly one row, or when what `ready` asks for is not so.
Json parse_extract(const Json& reply);

/// Scrolls an element (first brought into view), or the page when `query` is empty.
Json scroll_request(const std::optional<Query>& query, double x, double y, Milliseconds timeout);
/// Scrolls down in a list; see Page::scroll_on.
Json scroll_on_request(const std::optional<Query>& box, const Query& rows, Milliseconds timeout);
/// Of either.
Outcome parse_scroll(const Json& reply);

// --- Evidence -----------------------------------------------------------------------------------------

/// Covers what a picture must not show, and keeps it covered while the page changes, until `unmask_request`.
/// Ask every frame of the page, then take the picture, then unmask every frame. Answers after the next
/// animation frame, so that what is covered is painted.
Json mask_request(const ScreenshotOptions& options);
Json unmask_request();
/// For both of them: how many boxes cover something now. Throws as every parse does.
int parse_mask(const Json& reply);

/// The document as HTML, open shadow roots as `<template shadowrootmode="open">`, without the values of
/// password fields and of fields that were filled with a secret.
Json html_request();
std::string parse_html(const Json& reply);

}  // namespace offstage::browser::inpage
