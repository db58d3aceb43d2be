#include "recording/encodings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "recording/escapes.h"

namespace offstage::recording::redaction {
namespace finding {

/// A part of a table whose values agree so far.
struct Range {
  std::size_t low;
  std::size_t high;
  bool empty() const { return low >= high; }
};

/// A place in the text, and what could stand there.
struct Trail {
  std::size_t at;
  Range range;
  std::size_t depth;
  std::size_t width;  ///< of how many backslashes each is read in the long run of them here; 0: in none

  auto key() const { return std::tuple(at, depth, range.low, range.high, width); }
};

}  // namespace finding

namespace {

using finding::Range;
using finding::Trail;

/// So many backslashes that each way to read each of them cannot be tried.
constexpr std::string_view long_run = R"(\\\\\\\\\\\\\\\\)";
/// More trails than these are forgotten, rather than take the memory.
constexpr std::size_t most_known = 1'000'000;

unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

char folded_char(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A letter or a digit; what is beyond ASCII counts as a letter.
bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte_of(c) >= 0x80;
}

template <typename Values>
Range narrowed(const Values& values, Range range, std::size_t depth, char c) {
  if (range.high - range.low == 1) {
    return values[range.low].first[depth] == c ? range : Range{0, 0};
  }
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(range.low);
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(range.high);
  const auto low = std::lower_bound(begin, end, c, [depth](const auto& value, char wanted) {
    return byte_of(value.first[depth]) < byte_of(wanted);
  });
  const auto high = std::upper_bound(low, end, c, [depth](char wanted, const auto& value) {
    return byte_of(wanted) < byte_of(value.first[depth]);
  });
  return {static_cast<std::size_t>(low - values.begin()), static_cast<std::size_t>(high - values.begin())};
}

/// Of overlapping ones the longest value, then the first.
std::vector<Found> without_overlaps(std::vector<Found> all, const std::vector<std::size_t>& lengths) {
  std::stable_sort(all.begin(), all.end(), [&lengths](const Found& a, const Found& b) {
    if (lengths[a.binding] != lengths[b.binding]) return lengths[a.binding] > lengths[b.binding];
    return a.begin < b.begin;
  });
  std::map<std::size_t, Found> taken;  // by their beginning
  for (const Found& each : all) {
    const auto next = taken.lower_bound(each.begin);
    if (next != taken.end() && next->first < each.end) continue;
    if (next != taken.begin() && std::prev(next)->second.end > each.begin) continue;
    taken.emplace(each.begin, each);
  }
  std::vector<Found> out;
  out.reserve(taken.size());
  for (const auto& [begin, each] : taken)
    out.push_back(each);
  return out;
}

}  // namespace

/// One search: the text, what is known of the place, and what was found.
struct Finder::Scan {
  std::string_view text;
  Content content;
  bool plain = false;  ///< escapes are not read
  std::size_t escape_begin = 0;
  std::size_t escape_end = 0;    ///< of the escape last seen
  bool word_before_end = false;  ///< whether that escape is a letter or digit
  std::vector<Found> found;
  std::vector<finding::Trail> pending;
  using Known = std::set<std::tuple<std::size_t, std::size_t, std::size_t, std::size_t, std::size_t>>;
  /// Trails that were taken up, in each table: of many backslashes any two can be read as one, and so most
  /// trails meet again, also those from different beginnings. Where they led to nothing they need not be
  /// followed once more.
  Known known_exact;
  Known known_folded;
  bool led_to_value = false;  ///< whether a trail from this beginning came to the end of a value

  bool inside_escape(std::size_t at) const { return at > escape_begin && at < escape_end; }
  bool word_before(std::size_t at) const {
    if (at == 0) return false;
    if (at == escape_end && escape_end > escape_begin) return word_before_end;
    return is_word_byte(text[at - 1]);
  }
  bool word_at(std::size_t at) const {
    if (at >= text.size()) return false;
    const Reading reading = decoded_at(text, at);
    return is_word_byte(reading.bytes[0]);
  }
};

Finder::Finder(const std::vector<Binding>& bindings) {
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const Binding& each = bindings[i];
    bounded_.push_back(each.bounded ? 1 : 0);
    sensitive_.push_back(each.sensitive ? 1 : 0);
    word_.push_back(each.word ? 1 : 0);
    length_.push_back(each.value.size());
    if (!each.value.empty()) (each.folded ? folded_ : exact_).values.emplace_back(each.value, i);
  }
  for (Table* table : {&exact_, &folded_}) {
    std::sort(table->values.begin(), table->values.end(), [](const auto& a, const auto& b) {
      return std::lexicographical_compare(a.first.begin(), a.first.end(), b.first.begin(), b.first.end(),
                                          [](char x, char y) { return byte_of(x) < byte_of(y); });
    });
    for (std::size_t i = 0; i < table->values.size(); ++i) {
      const std::string& value = table->values[i].first;
      auto& [low, high] = table->first[byte_of(value[0])];
      if (low == high) low = i;
      high = i + 1;
      const bool folded = table == &folded_;
      for (const bool upper : {false, true}) {
        const auto in_case = [&](char c) { return folded && upper && c >= 'a' && c <= 'z' ? c - 32 : c; };
        const auto one = byte_of(static_cast<char>(in_case(value[0])));
        first_.set(one);
        if (value.size() == 1) {
          for (std::size_t any = 0; any < 256; ++any)
            pair_.set(std::size_t{one} * 256 + any);
          continue;
        }
        pair_.set(one * 256U + byte_of(static_cast<char>(in_case(value[1]))));
        if (folded) pair_.set(one * 256U + byte_of(value[1]));
        if (folded && value[1] >= 'a' && value[1] <= 'z') pair_.set(one * 256U + byte_of(value[1]) - 32U);
      }
    }
  }
}

void Finder::take(Scan& scan, std::size_t begin, std::size_t end, std::size_t binding) const {
  scan.led_to_value = true;
  if (scan.content == Content::code && word_[binding] != 0) return;
  if (scan.plain && sensitive_[binding] == 0) return;
  if (sensitive_[binding] == 0 && scan.inside_escape(begin)) return;
  if (bounded_[binding] != 0 && (scan.inside_escape(begin) || scan.word_before(begin) || scan.word_at(end))) {
    return;
  }
  scan.found.push_back({begin, end, binding});
}

void Finder::follow(const Table& table, bool folded, Scan& scan, std::size_t begin) const {
  const auto step = [&](Range range, std::size_t depth, const Reading& reading) {
    for (const char c : reading.text()) {
      while (!range.empty() && table.values[range.low].first.size() <= depth)
        ++range.low;  // ends inside of a character
      if (range.empty()) return range;
      const char wanted = folded ? folded_char(c) : c;
      if (depth == 0) {
        const auto& [low, high] = table.first[byte_of(wanted)];
        range = {low, high};
      } else {
        range = narrowed(table.values, range, depth, wanted);
      }
      ++depth;
    }
    return range;
  };
  Scan::Known& known = folded ? scan.known_folded : scan.known_exact;
  scan.led_to_value = false;
  scan.pending.push_back({begin, {0, table.values.size()}, 0, 0});
  while (!scan.pending.empty()) {
    Trail trail = scan.pending.back();
    scan.pending.pop_back();
    while (true) {
      while (!trail.range.empty() && table.values[trail.range.low].first.size() == trail.depth) {
        take(scan, begin, trail.at, table.values[trail.range.low].second);
        ++trail.range.low;
      }
      if (trail.range.empty() || trail.at >= scan.text.size()) break;
      if (scan.plain || !may_begin_escape(scan.text[trail.at])) {
        const char c = scan.text[trail.at];
        Reading reading;
        reading.bytes[0] = c;
        reading.size = 1;
        trail = {trail.at + 1, step(trail.range, trail.depth, reading), trail.depth + 1, 0};
        continue;
      }
      const bool in_run = scan.text.substr(trail.at).starts_with(long_run);
      for (const Reading& reading : readings_at(scan.text, trail.at)) {
        // A text is escaped as often at the end of a run as at its beginning.
        const std::size_t width = in_run && reading.is('\\') ? reading.end - trail.at : 0;
        if (trail.width != 0 && width != 0 && width != trail.width) continue;
        const Range range = step(trail.range, trail.depth, reading);
        if (range.empty()) continue;
        const Trail next{reading.end, range, trail.depth + reading.size, width};
        if (known.insert(next.key()).second) scan.pending.push_back(next);
      }
      break;
    }
  }
  if (scan.led_to_value || known.size() > most_known) known.clear();
}

std::vector<Found> Finder::find(std::string_view text, Content content) const {
  Scan scan;
  scan.text = text;
  scan.content = content;
  scan.plain = content == Content::binary || content == Content::picture;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool escape = !scan.plain && may_begin_escape(c);
    if (escape && at >= scan.escape_end) {
      const Reading reading = decoded_at(text, at);
      if (reading.end > at + 1) {
        scan.escape_begin = at;
        scan.escape_end = reading.end;
        scan.word_before_end = is_word_byte(reading.bytes[reading.size - 1]);
      }
    }
    if (!escape) {
      if (!first_.test(byte_of(c))) continue;
      if (at + 1 < text.size() && (scan.plain || !may_begin_escape(text[at + 1])) &&
          !pair_.test(byte_of(c) * 256U + byte_of(text[at + 1]))) {
        continue;
      }
    }
    if (!exact_.values.empty()) follow(exact_, false, scan, at);
    if (!folded_.values.empty() && !scan.plain) follow(folded_, true, scan, at);
  }
  if (scan.found.size() < 2) return scan.found;
  return without_overlaps(std::move(scan.found), length_);
}

}  // namespace offstage::recording::redaction
