#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>

#include "base/text.h"
#include "recording/shapes.h"

namespace offstage::recording::redaction {
namespace {

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

/// How many bytes of `text` at `at` are a letter beyond ASCII; 0: it is none. Signs, spaces and dashes are
/// none, nor are letters of scripts in which an address may stand right behind a word.
std::size_t letter_size(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t size = first >= 0xC3 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 0;
  if (size == 0 || at + size > text.size()) return 0;
  std::uint32_t code = size == 2 ? first & 0x1FU : first & 0x0FU;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_tail(text[at + i])) return 0;
    code = code * 64 + (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  const bool letter = code < 0x2000 || (code >= 0x2C00 && code < 0x2E00);
  return letter && code != 0xD7 && code != 0xF7 ? size : 0;
}

/// Where the character before `at` begins that an address may have before its `@`; `at`: there is none.
std::size_t local_before(std::string_view text, std::size_t at) {
  const char c = text[at - 1];
  if (is_alnum(c) || std::string_view("._+-%").find(c) != std::string_view::npos) return at - 1;
  // A quotation mark, unless it stands inside of a name.
  if (c == '\'')
    return at > 1 && is_alnum(text[at - 2]) && at < text.size() && is_alnum(text[at]) ? at - 1 : at;
  for (std::size_t size = 2; size <= 3 && size <= at && is_tail(c); ++size) {
    if (letter_size(text, at - size) == size) return at - size;
  }
  return at;
}

bool is_file_ending(std::string_view label) {
  constexpr std::array<std::string_view, 23> endings{
      "png", "jpg",  "jpeg", "gif",   "svg",  "webp", "avif", "css", "js",  "mjs",    "cjs",  "map",
      "min", "json", "html", "woff2", "woff", "ico",  "tgz",  "ts",  "esm", "bundle", "chunk"};
  return std::find(endings.begin(), endings.end(), label) != endings.end();
}

/// Whether a domain can end in this label, in lower case.
bool is_top(std::string_view label) {
  const bool letters = std::all_of(label.begin(), label.end(),
                                   [](unsigned char c) { return std::isalpha(c) != 0 || c >= 0x80; });
  return label.size() >= 2 && (letters || label.starts_with("xn--"));
}

/// The end of the domain that begins at `begin`, or `begin` when there is none that a person's address has.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size()) {
    // Two dots are no part of a domain: a range of addresses is written with them.
    const bool ascii =
        is_alnum(text[end]) || text[end] == '-' || (text[end] == '.' && text.substr(end, 2) != "..");
    const std::size_t size = ascii ? 1 : letter_size(text, end);
    if (size == 0) break;
    end += size;
  }
  while (end > begin) {
    if (text[end - 1] == '.' || text[end - 1] == '-') {
      --end;
      continue;
    }
    const std::string_view domain = text.substr(begin, end - begin);
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return begin;
    const std::string last = ascii_lower(domain.substr(dot + 1));
    if (!is_file_ending(last)) return is_top(last) ? end : begin;
    end = begin + dot;
  }
  return begin;
}

/// Tags that may stand inside of a word.
bool is_inline(std::string_view tag) {
  constexpr std::array<std::string_view, 24> tags{
      "a",    "abbr", "b", "bdi",  "bdo",   "cite", "code",   "em",  "font", "i",  "ins", "kbd",
      "mark", "q",    "s", "samp", "small", "span", "strong", "sub", "sup",  "tt", "u",   "wbr"};
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

/// What a reader sees as one text: without comments, tags inside of words and marks that are not seen; any
/// other tag is a space.
std::string without_tags(std::string_view text) {
  constexpr std::size_t longest_tag = 4096;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("\xC2\xAD") || rest.starts_with("\xE2\x80\x8B")) {  // soft hyphen, zero width space
      at += rest[0] == '\xC2' ? 2 : 3;
      continue;
    }
    const bool comment = rest.starts_with("<!--");
    const std::size_t name = rest.starts_with("</") ? 2 : 1;
    if (rest[0] != '<' ||
        (!comment && (rest.size() <= name || std::isalpha(static_cast<unsigned char>(rest[name])) == 0))) {
      out += rest[0];
      ++at;
      continue;
    }
    const std::size_t end = comment ? rest.find("-->") : rest.substr(0, longest_tag).find('>');
    if (end == std::string_view::npos) {
      out += ' ';
      ++at;
      continue;
    }
    std::size_t name_end = name;
    while (is_alnum(rest[name_end]))
      ++name_end;
    if (!comment && !is_inline(ascii_lower(rest.substr(name, name_end - name)))) out += ' ';
    at += end + (comment ? 3 : 1);
  }
  return out;
}

std::map<std::string, int> counted(std::string_view text) {
  std::map<std::string, int> out;
  for (const Span& span : addresses_in(text))
    ++out[email_key(span.in(text))];
  return out;
}

}  // namespace

std::vector<Span> addresses_in(std::string_view text) {
  std::vector<Span> out;
  std::size_t least = 0;  // where the last address ended
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > least && at - begin < 64) {
      const std::size_t before = local_before(text, begin);
      if (before == begin || before < least) break;
      begin = before;
    }
    while (begin < at && std::string_view(".+-%'").find(text[begin]) != std::string_view::npos)
      ++begin;
    const std::size_t end = domain_end(text, at + 1);
    if (begin == at || end == at + 1) continue;
    out.push_back({begin, end - begin});
    least = end;
  }
  return out;
}

std::vector<std::string> divided_addresses(std::string_view text,
                                           const std::function<bool(const std::string&)>& known) {
  if (text.find('@') == std::string_view::npos || text.find('<') == std::string_view::npos) return {};
  std::vector<std::string> out;
  const std::map<std::string, int> whole = counted(text);
  for (const auto& [address, count] : counted(without_tags(text))) {
    const auto as_it_stands = whole.find(address);
    if (known(address) && (as_it_stands == whole.end() || count > as_it_stands->second))
      out.push_back(address);
  }
  std::string rest(text);
  for (const Span& span : addresses_in(text))
    std::fill_n(rest.begin() + static_cast<std::ptrdiff_t>(span.begin), span.size, ' ');
  for (const auto& [address, count] : counted(without_tags(rest))) {
    if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(address);
  }
  return out;
}

}  // namespace offstage::recording::redaction
