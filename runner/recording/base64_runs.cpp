#include "recording/base64_runs.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/hash.h"
#include "base/text.h"
#include "recording/escapes.h"

namespace offstage::recording::redaction {
namespace {

/// Eight bytes: an address that is worth hiding has more.
constexpr std::size_t shortest_run = 8;

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

/// Base64 of readable text has capitals or digits among its letters, and few repetitions of one class.
bool may_hold_text(std::string_view characters) {
  return std::any_of(characters.begin(), characters.end(),
                     [](unsigned char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0; });
}

/// The escape of a mark as it was written, where it was.
void note_mark(Base64Run& run, char mark, std::string_view written) {
  if (written.size() < 2) return;
  std::string& place = mark == '+' ? run.plus : mark == '/' ? run.slash : run.equals;
  if (place.empty()) place = written;
}

/// How a run that escapes one of its marks writes another one.
std::string in_manner_of(const std::string& known, char mark) {
  const auto byte = static_cast<unsigned char>(mark);
  const std::size_t digits = known.size() >= 2 ? known.size() - 2 : 0;
  constexpr std::string_view hex = "0123456789ABCDEF";
  if (known.starts_with('%') && known.size() >= 3)
    return known.substr(0, digits) + hex[byte >> 4] + hex[byte & 15];
  if (known.starts_with("\\u") && known.size() == 6)
    return known.substr(0, digits) + hex[byte >> 4] + hex[byte & 15];
  if (known.starts_with("&")) return "&#" + std::to_string(byte) + ";";
  return std::string(1, mark);
}

}  // namespace

std::vector<Base64Run> base64_runs(std::string_view text) {
  std::vector<Base64Run> runs;
  std::size_t at = 0;
  while (at < text.size()) {
    if (sextet(text[at]) < 0 && !may_begin_escape(text[at])) {
      ++at;
      continue;
    }
    Base64Run run;
    run.begin = at;
    std::size_t plain_from = at;
    bool escaped = false;
    while (at < text.size()) {
      if (sextet(text[at]) >= 0) {
        ++at;
        continue;
      }
      if (!may_begin_escape(text[at])) break;
      const Reading reading = decoded_at(text, at);
      if (!reading.is('+') && !reading.is('/')) break;
      run.characters.append(text.substr(plain_from, at - plain_from));
      run.characters += reading.bytes[0];
      note_mark(run, reading.bytes[0], text.substr(at, reading.end - at));
      escaped = true;
      at = reading.end;
      plain_from = at;
    }
    run.end = at;
    const std::size_t length = run.characters.size() + (at - plain_from);
    if (at == run.begin) {
      ++at;
      continue;
    }
    if (length < shortest_run || (!escaped && !may_hold_text(text.substr(run.begin, at - run.begin)))) {
      continue;
    }
    run.characters.append(text.substr(plain_from, at - plain_from));
    for (int padding = 0; padding < 2 && at < text.size(); ++padding) {
      const Reading reading = decoded_at(text, at);
      if (!reading.is('=')) break;
      note_mark(run, '=', text.substr(at, reading.end - at));
      run.padded = true;
      at = reading.end;
      run.end = at;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

std::string base64_lines(std::string_view text) {
  constexpr std::size_t least_width = 16;
  std::string blocks;
  std::string block;
  std::size_t width = 0;
  const auto end_block = [&] {
    if (width > 0 && block.size() > width) blocks += block + "\n";
    block.clear();
    width = 0;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool base64 = !line.empty() && std::all_of(line.begin(), line.end(),
                                                     [](char c) { return sextet(c) >= 0 || c == '='; });
    if (!base64 || (width > 0 && line.size() > width)) end_block();
    if (!base64) continue;
    block += line;
    // The first line says how wide the block is; a shorter one ends it.
    if (width == 0) width = line.size() >= least_width ? line.size() : 0;
    if (width == 0 || line.size() < width) end_block();
  }
  end_block();
  return blocks;
}

std::string base64_bytes(std::string_view characters) {
  std::string out;
  out.reserve(characters.size() * 3 / 4);
  unsigned bits = 0;
  int count = 0;
  for (const char c : characters) {
    const int value = sextet(c);
    if (value < 0) break;
    bits = ((bits << 6) | static_cast<unsigned>(value)) & 0xFFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(static_cast<unsigned char>((bits >> count) & 0xFFU));
    }
  }
  return out;
}

std::string base64_run_with(const Base64Run& run, std::size_t from, std::size_t to, std::string_view bytes) {
  std::string encoded = base64_encoded(bytes);
  while (encoded.ends_with('='))
    encoded.pop_back();
  const bool url_safe = run.characters.find_first_of("-_") != std::string::npos;
  const bool standard = run.padded || run.characters.find_first_of("+/") != std::string::npos;
  if (url_safe) {
    std::replace(encoded.begin(), encoded.end(), '+', '-');
    std::replace(encoded.begin(), encoded.end(), '/', '_');
  }
  std::string characters = run.characters.substr(0, from) + encoded + run.characters.substr(to);
  // Where nothing tells, the length does: bytes that fill their groups are written the same with padding.
  if ((run.padded || (standard && !url_safe && run.characters.size() % 4 == 0)) &&
      to == run.characters.size()) {
    while ((characters.size() - from) % 4 != 0)
      characters += '=';
  } else if (run.padded) {
    while (characters.size() % 4 != 0)
      characters += '=';
  }
  const std::string& known = !run.plus.empty() ? run.plus : !run.slash.empty() ? run.slash : run.equals;
  if (known.empty()) return characters;
  const bool only_slashes = known == "\\/";
  std::string out;
  for (const char c : characters) {
    const std::string& same = c == '+' ? run.plus : c == '/' ? run.slash : run.equals;
    const bool plain = c != '+' && c != '/' && c != '=';
    if (!plain && !same.empty()) {
      out += same;
    } else if (plain || only_slashes) {
      out += c;
    } else {
      out += in_manner_of(known, c);
    }
  }
  return out;
}

bool is_readable(std::string_view bytes) {
  const bool controls = std::any_of(bytes.begin(), bytes.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  });
  return !controls && is_valid_utf8(bytes);
}

}  // namespace offstage::recording::redaction
