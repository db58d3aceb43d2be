#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "recording/base64_runs.h"
#include "recording/encodings.h"
#include "recording/escapes.h"

namespace offstage::recording::redaction {
namespace {

/// Base64 inside base64 is looked into this often.
constexpr int deepest_base64 = 2;

struct Replacement {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

/// How one character of a value is written.
struct Spelled {
  char c;
  std::string_view written;
};

/// Reads `value` at `at` so that it ends at `end`, and tells how each character is written.
bool spell(const Binding& binding, std::size_t depth, std::string_view text, std::size_t at, std::size_t end,
           std::vector<Spelled>& out) {
  if (depth == binding.value.size()) return at == end;
  if (at >= end) return false;
  for (const Reading& reading : readings_at(text, at)) {
    if (depth + reading.size > binding.value.size() || reading.end > end) continue;
    std::string found(reading.text());
    const std::string compared = binding.folded ? ascii_lower(found) : found;
    if (binding.value.compare(depth, reading.size, compared) != 0) continue;
    out.push_back({found[0], text.substr(at, reading.end - at)});
    if (spell(binding, depth + reading.size, text, reading.end, end, out)) return true;
    out.pop_back();
  }
  return false;
}

bool has_letters(std::string_view text, int (*is)(int)) {
  return std::any_of(text.begin(), text.end(), [is](unsigned char c) { return is(c) != 0; });
}

std::string upper(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string in_case_of(std::string_view value, std::string text) {
  const bool lower = has_letters(value, std::islower);
  const bool capitals = has_letters(value, std::isupper);
  if (!capitals) return ascii_lower(text);
  if (!lower && value.size() > 1) return upper(std::move(text));
  if (!value.empty() && std::isupper(static_cast<unsigned char>(value[0])) != 0 && !text.empty())
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// Whether something of `found`, which is in order, stands between `begin` and `end`.
bool overlaps(const std::vector<Found>& found, std::size_t begin, std::size_t end) {
  const auto first = std::lower_bound(found.begin(), found.end(), begin,
                                      [](const Found& each, std::size_t at) { return each.end <= at; });
  return first != found.end() && first->begin < end;
}

/// The end of what is base64 of its own: a path's segment, where the run is one of several.
std::size_t segment_end(const std::string& characters, std::size_t from) {
  if (from == 0 || characters[from - 1] != '/') return characters.size();
  return std::min(characters.find('/', from), characters.size());
}

/// Places in a run where base64 may begin: its own beginning, after each `/`, after a prefix ("member-"), and
/// the other three alignments.
std::vector<std::size_t> beginnings(const std::string& characters) {
  constexpr std::size_t most = 12;
  std::vector<std::size_t> out{0};
  for (std::size_t at = characters.find('/'); at != std::string::npos && out.size() < most;
       at = characters.find('/', at + 1)) {
    out.push_back(at + 1);
  }
  for (std::size_t at = characters.find_first_of("-_"); at < longest_prefix && out.size() < 2 * most;
       at = characters.find_first_of("-_", at + 1)) {
    out.push_back(at + 1);
  }
  for (std::size_t at = 1; at < 4; ++at)
    out.push_back(at);
  return out;
}

}  // namespace

std::string placeholder_like(const Binding& binding, std::string_view text, std::size_t begin,
                             std::size_t end) {
  const std::string& plain = binding.placeholder.text;
  const std::string& kind = binding.placeholder.kind;
  if (kind != "address" && kind != "name") return plain;
  std::vector<Spelled> spelled;
  if (!spell(binding, 0, text, begin, end, spelled)) return plain;
  std::string value;
  std::string_view at = "@";
  std::string_view space = " ";
  std::string_view plus = "+";
  for (const Spelled& each : spelled) {
    value += each.c;
    if (each.c == '@') at = each.written;
    if (each.c == ' ') space = each.written;
    if (each.c == '+') plus = each.written;
  }
  std::string cased;
  if (kind == "address") {
    const std::size_t mark = value.find('@');
    const std::size_t fake_mark = plain.find('@');
    const std::string domain = value.substr(mark + 1);
    cased = in_case_of(value.substr(0, mark), plain.substr(0, fake_mark)) + "@";
    cased += has_letters(domain, std::islower) ? plain.substr(fake_mark + 1)
                                               : in_case_of(domain, plain.substr(fake_mark + 1));
  } else {
    cased = in_case_of(value, plain);
  }
  std::string out;
  for (const char c : cased) {
    if (c == '@') {
      out += at;
    } else if (c == ' ') {
      out += space;
    } else if (c == '+') {
      out += plus;
    } else {
      out += c;
    }
  }
  return out;
}

Rewriter::Rewriter(const std::vector<Binding>& bindings) : bindings_(bindings), finder_(bindings) {}

std::string Rewriter::rewritten(std::string_view text, Content content, std::vector<bool>& seen) const {
  seen.resize(bindings_.size());
  return rewritten(text, content, deepest_base64, seen);
}

std::string Rewriter::rewritten(std::string_view text, Content content, int depth,
                                std::vector<bool>& seen) const {
  const std::vector<Found> found = finder_.find(text, content);
  std::vector<Replacement> replacements;
  for (const Found& each : found) {
    seen[each.binding] = true;
    replacements.push_back(
        {each.begin, each.end, placeholder_like(bindings_[each.binding], text, each.begin, each.end)});
  }
  const bool plain = content == Content::binary || content == Content::picture;
  if (depth > 0 && !plain) {
    for (const Base64Run& run : base64_runs(text)) {
      if (overlaps(found, run.begin, run.end)) continue;
      for (const std::size_t from : beginnings(run.characters)) {
        const std::size_t to = segment_end(run.characters, from);
        if (to < from + 4) continue;
        const std::string bytes = base64_bytes(std::string_view(run.characters).substr(from, to - from));
        const std::string now =
            rewritten(bytes, is_readable(bytes) ? content : Content::binary, depth - 1, seen);
        if (now == bytes) continue;
        replacements.push_back({run.begin, run.end, base64_run_with(run, from, to, now)});
        break;
      }
    }
  }
  if (replacements.empty()) return std::string(text);
  std::sort(replacements.begin(), replacements.end(),
            [](const Replacement& a, const Replacement& b) { return a.begin < b.begin; });
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  for (const Replacement& each : replacements) {
    out.append(text.substr(at, each.begin - at));
    out += each.text;
    at = each.end;
  }
  out.append(text.substr(at));
  return out;
}

}  // namespace offstage::recording::redaction
