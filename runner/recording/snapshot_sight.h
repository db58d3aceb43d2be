#pragma once

#include <string_view>

#include "recording/snapshot_dom.h"

/// What a person sees of a snapshot, as runner/browser/inpage/visibility.js decides it on a live page. Of a
/// snapshot that Page::html made, its marks tell; of other HTML the elements and attributes that hide
/// something, and no style sheet does.
namespace offstage::recording::snapshot {

/// How runner/browser/inpage/html.js marks what the HTML alone does not say.
inline constexpr std::string_view hidden_mark = "data-offstage-hidden";
inline constexpr std::string_view display_mark = "data-offstage-display";

/// Fills in `sight` of all the elements of a document, given in composed order.
void mark_sights(const std::vector<Node*>& elements);

/// Whether a person can see it: a box that is not empty, or text in its stead where it has no box of its own.
bool is_visible(const Node& element);
/// Whether it takes part in layout at all.
bool is_rendered(const Node& element);
/// Whether text directly inside it is shown.
bool shows_text(const Node& element);
/// Whether it stands apart from the text around it (a block, a cell, a control) rather than in its line.
bool is_set_apart(const Node& element);
/// `:disabled`: a form control that is, by itself or by its <fieldset>.
bool is_disabled(const Node& element);

}  // namespace offstage::recording::snapshot
