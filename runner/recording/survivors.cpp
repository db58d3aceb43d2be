#include "recording/survivors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "recording/base64_runs.h"
#include "recording/entropy.h"
#include "recording/shapes.h"

namespace offstage::recording::redaction {
namespace {

constexpr std::size_t key_size = 4;
/// Base64 and what is decoded from it are looked into this often.
constexpr int deepest_view = 3;
/// Escapes inside escapes are decoded this often.
constexpr int most_rounds = 5;
constexpr const char* an_address = "an e-mail address";

std::uint32_t start_of(const char* text) {
  std::uint32_t start = 0;
  std::memcpy(&start, text, key_size);
  return start;
}

std::size_t slot_of(std::uint32_t start) {
  return (start * 2654435761U) >> 16;
}

bool is_letter_or_digit(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

/// What base64 of any text with `value` in it holds, for each of the three places at which it can begin.
std::vector<std::string> base64_cores(const std::string& value) {
  std::vector<std::string> out;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string encoded = base64_encoded(std::string(offset, 'x') + value);
    const std::size_t begin = (offset * 8 + 5) / 6;
    const std::size_t end = (offset + value.size()) * 8 / 6;
    if (end < begin + 6) continue;
    std::string core = encoded.substr(begin, end - begin);
    out.push_back(core);
    std::replace(core.begin(), core.end(), '+', '-');
    std::replace(core.begin(), core.end(), '/', '_');
    if (core != out.back()) out.push_back(core);
  }
  return out;
}

std::string glimpse_of(std::string_view value) {
  const std::size_t shown = std::min<std::size_t>(4, value.size() / 4);
  return fmt::format("\"{}…\" ({} characters)", printable(value.substr(0, shown)), value.size());
}

/// The name before a value: `"csrf": "…"`, `csrf=…`; "" when none stands there.
std::string name_of_value(std::string_view text, std::size_t at) {
  constexpr std::string_view between = "\"'=: \\";
  std::size_t end = at;
  while (end > 0 && at - end < 6 && between.find(text[end - 1]) != std::string_view::npos)
    --end;
  std::size_t begin = end;
  while (begin > 0 && end - begin < 32 &&
         (std::isalpha(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '_' ||
          text[begin - 1] == '-')) {
    --begin;
  }
  return end == at || end - begin < 2 || end - begin == 32 ? std::string()
                                                           : std::string(text.substr(begin, end - begin));
}

bool looks_random_in_pieces(std::string_view text) {
  const std::vector<std::string> pieces = split(text, ' ');
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const std::string& piece) { return looks_random(piece); });
}

/// Where base64 of readable text begins that goes on to the end: at once or behind a prefix ("member-"); the
/// end when there is none.
std::size_t readable_from(std::string_view characters) {
  constexpr std::size_t shortest = 8;
  for (std::size_t from = 0; from < longest_prefix; ++from) {
    if (is_readable(base64_bytes(characters.substr(from)))) return from;
    from = characters.find_first_of("-_", from);
    if (from == std::string_view::npos || from + shortest >= characters.size()) break;
  }
  return characters.size();
}

/// `run` without the base64 of readable text in it: that is judged by what it says.
std::string without_readable(std::string_view run) {
  std::string out(run);
  for (const Base64Run& each : base64_runs(run)) {
    std::size_t begin = 0;
    for (const std::string& piece : split(each.characters, '/')) {
      const bool whole = begin == 0 && is_readable(base64_bytes(each.characters));
      const std::string_view part = whole ? std::string_view(each.characters) : piece;
      const std::size_t from = readable_from(part);
      out.replace(each.begin + begin + from, part.size() - from, std::string(part.size() - from, ' '));
      if (whole) break;
      begin += piece.size() + 1;
    }
  }
  return out;
}

/// Whether bytes begin as gzip (RFC 1952) or zlib (RFC 1950) begins, and are no text.
bool is_compressed(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B\x08")) return true;
  if (bytes.size() < 2 || bytes[0] != 'x') return false;
  const unsigned head = 'x' * 256U + static_cast<unsigned char>(bytes[1]);
  return head % 31 == 0 && !is_valid_utf8(bytes);
}

std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return text;
}

}  // namespace

void Traces::add(const std::string& value, std::size_t tag, bool bounded) {
  if (value.size() < key_size) return;
  const std::uint32_t start = start_of(value.data());
  by_start_.emplace(start, traces_.size());
  starts_[slot_of(start)] = true;
  traces_.push_back({value, tag, bounded});
}

void Traces::find(std::string_view text,
                  const std::function<void(std::size_t, std::size_t, std::size_t)>& found) const {
  if (traces_.empty()) return;
  for (std::size_t at = 0; at + key_size <= text.size(); ++at) {
    const std::uint32_t start = start_of(text.data() + at);
    if (!starts_[slot_of(start)]) continue;
    const auto [first, last] = by_start_.equal_range(start);
    for (auto each = first; each != last; ++each) {
      const Trace& trace = traces_[each->second];
      const std::size_t size = trace.value.size();
      if (text.compare(at, size, trace.value) != 0) continue;
      if (trace.bounded &&
          ((at > 0 && is_letter_or_digit(text, at - 1)) || is_letter_or_digit(text, at + size)))
        continue;
      found(trace.tag, at, size);
    }
  }
}

/// One text being searched, and what was found so far.
struct Survivors::Search {
  const Part* part = nullptr;
  bool people = false;   ///< addresses count
  bool entropy = false;  ///< random runs count
  std::size_t most = 0;
  std::vector<Survivor> found;
  std::set<std::string> reported;  // in this part

  bool full() const { return found.size() >= most; }
  void report(std::string_view view, std::size_t at, std::string_view value, const std::string& what,
              bool decoded) {
    if (full() || !reported.insert(std::string(value)).second) return;
    const std::string name = name_of_value(view, at);
    std::string where = part->where;
    if (!name.empty()) where += fmt::format(", after `{}`", name);
    where += decoded ? fmt::format(", byte {} when decoded", at) : fmt::format(", byte {}", at);
    found.push_back({where, what, glimpse_of(value), part->script});
  }
};

Survivors::Survivors(const std::vector<Binding>& bindings, const std::vector<std::string>& public_values)
    : bindings_(bindings) {
  for (const Binding& each : bindings)
    placeholders_.insert(each.placeholder.text);
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const Binding& each = bindings[i];
    const bool person = each.placeholder.kind == "address" && !placeholders_.contains(each.value);
    if (person) people_.add(each.value, i, false);
    if (!each.sensitive && !person) continue;
    if (each.sensitive) {
      plain_.add(each.value, i, each.bounded);
      traces_.add(each.value, i, each.bounded);
    }
    if (each.value.find(' ') != std::string::npos) spaces_ = true;
    if (each.bounded) continue;
    for (const std::string& core : base64_cores(each.value)) {
      traces_.add(core, i, false);
      for (const std::string& inner : base64_cores(core))
        traces_.add(inner, i, false);
    }
  }
  for (const std::string& pattern : public_values) {
    try {
      public_values_.emplace_back(pattern, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error&) {
      throw Error(Kind::usage,
                  fmt::format("`recording.public` of the connector: \"{}\" is no regular expression",
                              printable(pattern, 80)),
                  "Write it as JavaScript does, without slashes around it.");
    }
  }
}

std::vector<Survivor> Survivors::find(Recording& recording, std::size_t most) const {
  Search search;
  search.most = most;
  for_each_text(recording, [&](const Part& part, std::string& text) {
    if (!search.full()) this->search(search, part, text);
  });
  for_each_script(recording, [&](const Part& part, const std::string& text) {
    if (!search.full()) this->search(search, part, text);
  });
  return std::move(search.found);
}

std::vector<Survivor> Survivors::find_divided(Recording& recording) const {
  Search search;
  search.most = 20;
  const auto known = [this](const std::string& address) {
    return std::any_of(bindings_.begin(), bindings_.end(),
                       [&](const Binding& each) { return each.folded && each.value == address; });
  };
  for_each_text(recording, [&](const Part& part, std::string& text) {
    if (part.content != Content::text || text.empty()) return;
    search.part = &part;
    search.reported.clear();
    for (const std::string& address : divided_addresses(unescaped(text), known))
      search.report("", 0, address, "an e-mail address that tags divide", true);
  });
  return std::move(search.found);
}

void Survivors::search(Search& search, const Part& part, const std::string& text) const {
  search.part = &part;
  search.reported.clear();
  search.people = part.content == Content::text;
  // What a server calls a version of an answer is random, and nobody's.
  const std::string header = ascii_lower(part.header);
  const bool version =
      header == "etag" || header == "if-none-match" || header == "if-match" || header == "if-range";
  // So are digests among what Offstage itself says of the programs that took part.
  const bool ours = part.where.starts_with("versions");
  // Selectors are made of names that a console's tools made up.
  search.entropy = part.content == Content::text && !version && !ours && !part.script;
  if (part.request && part.where.ends_with("request body") && is_compressed(text)) {
    search.report(text, 0, text, "a compressed body, into which nobody looked", false);
    return;
  }
  if (part.content == Content::binary || part.content == Content::picture) {
    look_at_bytes(search, text, false);
    // UTF-16 has nothing but zeros between the letters of an address.
    if (text.find('\0') != std::string::npos) {
      std::string letters = text;
      std::erase(letters, '\0');
      look_at_bytes(search, letters, true);
    }
    return;
  }
  std::vector<std::pair<std::string, int>> views{{text, 0}};
  if (std::string joined = base64_lines(text); !joined.empty()) views.emplace_back(std::move(joined), 0);
  while (!views.empty() && !search.full()) {
    auto [view, depth] = std::move(views.back());
    views.pop_back();
    for (int round = 0; round < most_rounds; ++round) {
      if (depth < deepest_view) {
        for (std::string& each : base64_texts(view))
          views.emplace_back(std::move(each), depth + 1);
      }
      std::string next = unescaped_once(view);
      const bool last = next == view || round + 1 == most_rounds;
      look(search, std::move(view), depth > 0 || round > 0, last);
      if (last) break;
      view = std::move(next);
    }
  }
}

std::string Survivors::name_of(std::size_t binding) const {
  const Placeholder& placeholder = bindings_[binding].placeholder;
  if (placeholder.kind == "address") return an_address;
  return fmt::format("the value of {} {}", placeholder.kind, placeholder.name);
}

void Survivors::look_at_bytes(Search& search, const std::string& bytes, bool decoded) const {
  // Pictures and fonts name those who made them, and chance makes short ones anywhere.
  constexpr std::size_t shortest_local = 3;
  constexpr std::size_t shortest_domain = 6;
  const std::string_view text = bytes;
  plain_.find(text, [&](std::size_t tag, std::size_t at, std::size_t size) {
    if (!placeholders_.contains(text.substr(at, size)))
      search.report(text, at, text.substr(at, size), name_of(tag), decoded);
  });
  people_.find(ascii_lower(text), [&](std::size_t tag, std::size_t at, std::size_t size) {
    search.report(text, at, text.substr(at, size), name_of(tag), decoded);
  });
  if (search.part->content == Content::picture) return;
  for (const Span& span : addresses_in(text)) {
    const std::string_view address = span.in(text);
    const std::size_t mark = address.find('@');
    if (mark >= shortest_local && address.size() - mark > shortest_domain)
      search.report(text, span.begin, address, an_address, decoded);
  }
}

void Survivors::look(Search& search, std::string view, bool decoded, bool whole) const {
  view = masked(std::move(view));
  const std::string_view text = view;
  const auto known = [&](std::size_t tag, std::size_t at, std::size_t size) {
    const Placeholder& placeholder = bindings_[tag].placeholder;
    if (placeholder.kind == "code" && placeholders_.contains(text.substr(at, size))) return;
    search.report(text, at, bindings_[tag].value, name_of(tag), decoded);
  };
  traces_.find(text, known);
  if (spaces_ && text.find('+') != std::string_view::npos) traces_.find(with_spaces(view), known);
  // Before everything is decoded, the letters of an escape seem to belong to what stands behind it.
  if (!whole) return;
  if (search.people) {
    for (const Span& span : addresses_in(text)) {
      if (!placeholders_.contains(ascii_lower(span.in(text))))
        search.report(text, span.begin, span.in(text), an_address, decoded);
    }
  }
  if (!search.entropy) return;
  for (const Span& span : random_runs_in(text)) {
    if (looks_random_in_pieces(without_readable(span.in(text))) && !is_public(span.in(text)))
      search.report(text, span.begin, span.in(text), "what looks like a token", decoded);
  }
}

std::string Survivors::masked(std::string view) const {
  for (const std::string_view stem : {"offstage-", "00000000-0000-4000-8000-", "00000000000040008000"}) {
    for (std::size_t at = view.find(stem); at != std::string::npos; at = view.find(stem, at + 1)) {
      std::size_t end = at;
      while (end < view.size() &&
             (std::isalnum(static_cast<unsigned char>(view[end])) != 0 || view[end] == '-'))
        ++end;
      // Something may stand right behind it.
      while (end > at + stem.size() && !placeholders_.contains(std::string_view(view).substr(at, end - at)))
        --end;
      if (placeholders_.contains(std::string_view(view).substr(at, end - at)))
        std::fill(view.begin() + static_cast<std::ptrdiff_t>(at),
                  view.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    }
  }
  return view;
}

bool Survivors::is_public(std::string_view run) const {
  // std::regex needs stack for each character.
  constexpr std::size_t longest = 2000;
  if (public_values_.empty() || run.size() > longest) return false;
  std::string rest(run);
  for (const std::regex& pattern : public_values_)
    rest = std::regex_replace(rest, pattern, " ");
  return !looks_random_in_pieces(rest);
}

void refuse_survivors(const std::vector<Survivor>& survivors) {
  constexpr std::size_t most_shown = 10;
  if (survivors.empty()) return;
  std::string message = "the recording still holds what must not be written:";
  for (std::size_t i = 0; i < std::min(survivors.size(), most_shown); ++i) {
    const Survivor& each = survivors[i];
    message +=
        fmt::format("\n  {}: {}, {}", printable(each.where, 200), printable(each.what, 80), each.glimpse);
  }
  if (survivors.size() > most_shown) message += fmt::format("\n  and {} more", survivors.size() - most_shown);
  const bool in_script =
      std::any_of(survivors.begin(), survivors.end(), [](const Survivor& each) { return each.in_script; });
  if (in_script) {
    throw Error(
        Kind::refused, message,
        "Let the script say {{secret.NAME}} for a secret, and an argument for a person: {{user}} with "
        "--arg user=ADDRESS.");
  }
  throw Error(Kind::refused, message,
              "Name the field in `recording.tokens` of the connector when it is a token; when it is public, "
              "describe the "
              "value in `recording.public`.");
}

}  // namespace offstage::recording::redaction
