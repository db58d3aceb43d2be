#include "recording/shapes.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "base/text.h"
#include "recording/base64_runs.h"
#include "recording/escapes.h"

namespace offstage::recording::redaction {
namespace {

bool is_alnum_at(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

bool is_hex_at(std::string_view text, std::size_t at) {
  return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
    return;
  }
  if (code < 0x800) {
    put(0xC0 + code / 64);
  } else if (code < 0x10000) {
    put(0xE0 + code / 4096);
    put(0x80 + code / 64 % 64);
  } else {
    put(0xF0 + code / 262144);
    put(0x80 + code / 4096 % 64);
    put(0x80 + code / 64 % 64);
  }
  put(0x80 + code % 64);
}

/// The number of up to `most` digits at `at`, which is moved behind them; at least `least`.
bool read_number(std::string_view text, std::size_t& at, unsigned base, std::size_t least, std::size_t most,
                 std::uint32_t& value) {
  std::size_t count = 0;
  value = 0;
  while (count < most && is_hex_at(text, at + count)) {
    const char c = text[at + count];
    const auto digit = static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    if (digit >= base) break;
    value = value * base + digit;
    ++count;
  }
  if (count < least) return false;
  at += count;
  return true;
}

std::string without_backslashes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 >= text.size()) {
      out += text[at];
      continue;
    }
    const char next = text[at + 1];
    std::size_t place = at + 2;
    std::uint32_t code = 0;
    if (next == 'u' && read_number(text, place, 16, 4, 4, code)) {
      std::uint32_t low = 0;
      std::size_t behind = place + 2;
      if (code >= 0xD800 && code < 0xDC00 && text.substr(place, 2) == "\\u" &&
          read_number(text, behind, 16, 4, 4, low) && low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00);
        place = behind;
      }
      append_utf8(out, code);
      at = place - 1;
    } else if (next == 'x' && read_number(text, place, 16, 2, 2, code)) {
      append_utf8(out, code);
      at = place - 1;
    } else if (const std::size_t known = std::string_view("nrtbf").find(next);
               known != std::string_view::npos) {
      out += "\n\r\t\b\f"[known];
      ++at;
    } else if (std::string_view("\"'\\/").find(next) != std::string_view::npos) {
      out += next;
      ++at;
    } else {
      out += '\\';
    }
  }
  return out;
}

std::string without_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '&') {
      out += text[at];
      continue;
    }
    std::size_t place = at + 1;
    std::uint32_t code = 0;
    if (place < text.size() && text[place] == '#') {
      ++place;
      const bool hex = place < text.size() && (text[place] == 'x' || text[place] == 'X');
      if (hex) ++place;
      if (!read_number(text, place, hex ? 16 : 10, 1, 8, code) || code > 0x10FFFF) code = 0;
      if (code != 0 && place < text.size() && text[place] == ';') ++place;
    } else {
      while (place < at + 11 && is_alnum_at(text, place))
        ++place;
      if (place < text.size() && text[place] == ';')
        code = named_character(text.substr(at + 1, place - at - 1));
      ++place;
    }
    if (code == 0) {
      out += '&';
      continue;
    }
    append_utf8(out, code);
    at = place - 1;
  }
  return out;
}

}  // namespace

std::string unescaped_once(std::string_view text) {
  if (text.find_first_of("%\\&") == std::string_view::npos) return std::string(text);
  return without_references(without_backslashes(url_decoded(text)));
}

std::string unescaped(std::string_view text) {
  std::string now(text);
  for (int round = 0; round < 4; ++round) {
    if (now.find_first_of("%\\&") == std::string::npos) break;
    std::string next = unescaped_once(now);
    if (next == now) break;
    now = std::move(next);
  }
  return now;
}

std::vector<std::string> base64_texts(std::string_view text) {
  constexpr std::size_t shortest_text = 6;
  std::vector<std::string> out;
  for (const Base64Run& run : base64_runs(text)) {
    std::size_t begin = 0;
    while (begin < run.characters.size()) {
      const std::string_view rest = std::string_view(run.characters).substr(begin);
      for (const std::string_view piece : {rest, rest.substr(0, rest.find('/'))}) {
        std::string bytes = base64_bytes(piece);
        if (bytes.size() < shortest_text || !is_readable(bytes)) continue;
        out.push_back(std::move(bytes));
        break;
      }
      // A mark may be a letter of base64 or stand between two words: of a path, or before an id.
      const std::size_t mark = run.characters.find_first_of(begin < longest_prefix ? "/-_" : "/", begin);
      if (mark == std::string::npos || out.size() > 10000) break;
      begin = mark + 1;
      if (begin > 4096) break;
    }
  }
  return out;
}

std::vector<Span> uuids_in(std::string_view text) {
  constexpr std::size_t size = 36;
  std::vector<Span> out;
  for (std::size_t dash = text.find('-'); dash != std::string_view::npos; dash = text.find('-', dash + 1)) {
    if (dash < 8 || dash - 8 + size > text.size()) continue;
    const std::size_t begin = dash - 8;
    bool fits = true;
    bool nil = true;
    for (std::size_t i = 0; fits && i < size; ++i) {
      const bool mark = i == 8 || i == 13 || i == 18 || i == 23;
      fits = mark ? text[begin + i] == '-' : is_hex_at(text, begin + i);
      if (!mark && text[begin + i] != '0') nil = false;
    }
    if (!fits || nil || (begin > 0 && is_hex_at(text, begin - 1)) || is_hex_at(text, begin + size)) continue;
    out.push_back({begin, size});
    dash = begin + size - 1;
  }
  return out;
}

std::vector<Span> web_tokens_in(std::string_view text) {
  const auto segment_end = [text](std::size_t at) {
    while (at < text.size() && (is_alnum_at(text, at) || text[at] == '-' || text[at] == '_'))
      ++at;
    return at;
  };
  std::vector<Span> out;
  for (std::size_t at = text.find("eyJ"); at != std::string_view::npos; at = text.find("eyJ", at + 1)) {
    if (at > 0 && (is_alnum_at(text, at - 1) || text[at - 1] == '-' || text[at - 1] == '_')) continue;
    const std::size_t head = segment_end(at);
    if (head - at < 8 || text.substr(head, 1) != ".") continue;
    std::size_t end = segment_end(head + 1);
    if (end - head < 8) continue;
    for (int more = 0; more < 3 && text.substr(end, 1) == "." && segment_end(end + 1) > end + 1; ++more)
      end = segment_end(end + 1);
    out.push_back({at, end - at});
    at = end - 1;
  }
  return out;
}

}  // namespace offstage::recording::redaction
