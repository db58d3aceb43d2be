#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/snapshot_dom.h"

/// The text of a snapshot's elements as it is compared, and e-mail addresses in it: what
/// runner/browser/inpage/text.js reads on a live page. Letters and digits beyond ASCII are told from signs by
/// ranges of Unicode, not by its tables.
namespace offstage::recording::snapshot {

/// The character at a byte of a text, and its length in bytes; a byte that starts none is U+FFFD of length 1.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;
};
Character character_at(std::string_view text, std::size_t at);

/// White space, no-break spaces and new lines too, as single spaces; none at the ends.
std::string folded(std::string_view text);
/// The same for accessible names, which keep no-break spaces.
std::string folded_name(std::string_view text);
/// White space as JavaScript's trim() takes it away.
std::string_view trimmed_text(std::string_view text);
/// `limit` characters at most, with an ellipsis when there were more.
std::string clipped(std::string_view text, std::size_t limit);

/// The type of an <input> as its property tells it: a known word in lower case, else "text".
std::string input_type(const Node& element);
/// A field whose value is never shown.
bool is_confidential(const Node& element);
/// Whether the element has a value of its own: <input>, <textarea>, <select>.
bool is_field(const Node& element);
/// The value of a field, nothing for other elements; "" of a confidential one.
std::optional<std::string> value_of(const Node& element);
/// The chosen options of a <select>, in order.
std::vector<const Node*> selected_options(const Node& select);

/// The text of an element, folded. Of a field its value, of a <select> the chosen options.
std::string text_of(const Node& element);
/// The text that stands in the element itself, not in elements inside it; folded.
std::string own_text(const Node& element);
/// Tags whose content is never read.
bool is_silent(std::string_view tag);

/// An e-mail address in a text and its bytes.
struct AddressAt {
  std::string address;
  std::size_t start = 0;
  std::size_t end = 0;
};
std::vector<AddressAt> addresses_in(std::string_view text);
/// Why a folded text does not name exactly this one, or "".
std::string why_not_named(std::string_view text, std::string_view name);

}  // namespace offstage::recording::snapshot
