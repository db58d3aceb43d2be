#pragma once

#include <string>
#include <string_view>

namespace offstage::recording::snapshot {

/// How deep elements may nest: as deep as no page does, and no deeper than the tree's walks can go.
inline constexpr std::size_t deepest = 1000;
inline constexpr std::size_t largest_html = std::size_t{64} << 20;

/// HTML ready to be parsed as a browser parses it that runs scripts: the content of <noscript> is left out.
/// Throws Error{usage} when it is larger than `largest_html`, or nested so deep that parsing would take for
/// ever.
std::string prepared_source(std::string_view html);

/// Whether HTML knows the element as one that holds nothing and has no closing tag.
bool is_void_tag(std::string_view name);

[[noreturn]] void throw_too_deep();

}  // namespace offstage::recording::snapshot
