#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "browser/query.h"

namespace offstage::script {

enum class SelectorKind { css, aria, text, xpath, pierce };

/// The kind that the prefix of one part of a selector names; without a known prefix it is CSS.
SelectorKind kind_of(std::string_view part);
/// The part without its prefix.
std::string_view body_of(std::string_view part);

/// Recorder's notation (a list whose entries are strings or lists of strings) as chains. Entries and parts
/// without text, which some exports hold, are left out.
browser::Selectors parse_selectors(const Json& list);

/// Whether every part is matched by what people read: `aria/` or `text/`.
bool is_by_label(const browser::SelectorChain& chain);

/// Why a selector will not last or is not precise, in words ("an id that is generated anew"); empty: it is
/// fine.
std::string weakness_of(const browser::SelectorChain& chain);
/// Whether it finds its element by nothing but its place in the page.
bool is_by_position(const browser::SelectorChain& chain);

/// A selector as people read it: "ul > li", with its parts joined by " >>> ".
std::string written(const browser::SelectorChain& chain);

}  // namespace offstage::script
