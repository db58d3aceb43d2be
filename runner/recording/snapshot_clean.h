#pragma once

#include <string>
#include <string_view>

namespace offstage::recording {

/// A page's HTML as a recording keeps it: without what runs, what is fetched and what no query asks for. Left
/// out are scripts, styles, links and the content of <noscript> and <iframe> (where they stand in the body an
/// empty element is left, since selectors count places), event handlers, nonces, comments, `javascript:`
/// addresses and data URLs. Structure, ids, classes, texts, the states of fields and Offstage's own marks
/// stay.
///
/// Elements stand on lines of their own, so that a difference between two snapshots can be read. No text is
/// changed by that: a line breaks where white space stands anyway (which is folded, but in <pre> and
/// <textarea>), or else inside of a tag. The same HTML always gives the same bytes, and cleaned HTML stays as
/// it is.
///
/// Throws Error{usage} for HTML that is out of all bounds (snapshot_dom.h).
std::string cleaned(std::string_view html);

}  // namespace offstage::recording
