#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "recording/snapshot_css.h"
#include "recording/snapshot_css_scan.h"

namespace offstage::recording::snapshot {
namespace {

constexpr std::size_t longest_css = 4096;
constexpr std::size_t most_compounds = 128;
constexpr int deepest_css = 12;

class CssParser : private CssScanner {
 public:
  CssParser(std::string_view css, std::string_view part) : CssScanner(css), part_(part) {}

  CssList whole() {
    CssList list = choices(0, false, false);
    if (!done()) throw NotCss();
    return list;
  }

 private:
  /// Up to the end or a closing parenthesis.
  CssList choices(int depth, bool relative, bool forgiving) {
    if (depth > deepest_css) throw CannotJudge("the selector '" + std::string(part_) + "' nests too deep");
    CssList list;
    while (true) {
      const std::size_t start = at_;
      try {
        list.choices.push_back(complex(depth, relative));
        if (!done() && peek() != ',' && peek() != ')') throw NotCss();
      } catch (const NotCss&) {
        if (!forgiving) throw;
        at_ = start;
        skip_choice();
      }
      if (!take(',')) return list;
    }
  }

  std::optional<CssCombinator> combinator(bool space) {
    static constexpr std::array<std::pair<char, CssCombinator>, 3> signs = {
        {{'>', CssCombinator::child}, {'+', CssCombinator::next}, {'~', CssCombinator::later}}};
    for (const auto& [sign, meaning] : signs) {
      if (take(sign)) return meaning;
    }
    if (!space || done() || peek() == ',' || peek() == ')') return std::nullopt;
    return CssCombinator::descendant;
  }

  CssComplex complex(int depth, bool relative) {
    CssComplex result;
    skip_space();
    CssCombinator before = CssCombinator::descendant;
    if (relative) before = combinator(true).value_or(CssCombinator::descendant);
    while (true) {
      skip_space();
      result.combinators.push_back(before);
      result.compounds.push_back(compound(depth));
      if (++compounds_ > most_compounds)
        throw CannotJudge("the selector '" + std::string(part_) + "' is too long");
      const bool space = skip_space();
      const std::optional<CssCombinator> next = combinator(space);
      if (!next) return result;
      before = *next;
    }
  }

  CssCompound compound(int depth) {
    CssCompound result;
    const std::size_t start = at_;
    if (peek() == '*' && peek(1) == '|') at_ += 2;
    if (take('*')) {
      result.tag = "*";
    } else if (is_identifier()) {
      result.tag = name();
      result.lower = ascii_lower(result.tag);
    } else if (at_ != start) {
      throw NotCss();
    }
    if (peek() == '|' && !done()) throw NotCss();
    while (!done()) {
      if (skip_comment()) continue;
      if (take('#')) {
        CssTest test;
        test.name = identifier();
        result.tests.push_back(std::move(test));
      } else if (take('.')) {
        CssTest test;
        test.kind = CssTest::Kind::class_;
        test.name = identifier();
        result.tests.push_back(std::move(test));
      } else if (take('[')) {
        result.tests.push_back(attribute());
      } else if (take(':')) {
        result.tests.push_back(pseudo(depth));
      } else {
        break;
      }
    }
    if (at_ == start) throw NotCss();
    return result;
  }

  CssTest attribute() {
    CssTest test;
    test.kind = CssTest::Kind::attribute;
    skip_space();
    if (peek() == '*' && peek(1) == '|') at_ += 2;
    test.name = identifier();
    test.lower = ascii_lower(test.name);
    skip_space();
    if (done() || take(']')) return test;
    using Compare = CssTest::Compare;
    static constexpr std::array<std::pair<char, Compare>, 5> signs = {{{'~', Compare::word},
                                                                       {'|', Compare::dash},
                                                                       {'^', Compare::prefix},
                                                                       {'$', Compare::suffix},
                                                                       {'*', Compare::part}}};
    test.compare = Compare::equal;
    for (const auto& [sign, meaning] : signs) {
      if (take(sign)) {
        test.compare = meaning;
        break;
      }
    }
    if (!take('=')) throw NotCss();
    skip_space();
    test.value = peek() == '"' || peek() == '\'' ? quoted() : identifier();
    skip_space();
    if (!done() && peek() != ']') {
      const std::string flag = ascii_lower(identifier());
      if (flag != "i" && flag != "s") throw NotCss();
      test.letter_case = flag == "i" ? CssTest::Case::ignored : CssTest::Case::kept;
      skip_space();
    }
    if (!done() && !take(']')) throw NotCss();
    return test;
  }

  CssTest pseudo(int depth) {
    CssTest test;
    test.kind = CssTest::Kind::pseudo;
    const bool of_element = take(':');
    const std::string word = ascii_lower(identifier());
    if (of_element || is_old_pseudo_element(word)) {
      if (!is_pseudo_element(word)) throw NotCss();
      test.pseudo = CssPseudo::never;
      if (take('(')) skip_arguments();
      return test;
    }
    if (take('(')) {
      functional(test, word, depth);
      if (!done() && !take(')')) throw NotCss();
      return test;
    }
    simple(test, word);
    return test;
  }

  void skip_arguments() {
    skip_choice();
    while (take(','))
      skip_choice();
    take(')');
  }

  static bool is_old_pseudo_element(std::string_view word) {
    return word == "before" || word == "after" || word == "first-line" || word == "first-letter";
  }

  static bool is_pseudo_element(std::string_view word) {
    static const std::set<std::string_view> words = {
        "before", "after",    "first-line", "first-letter", "placeholder", "selection",
        "marker", "backdrop", "part",       "slotted",      "cue",         "file-selector-button"};
    return words.contains(word) || word.starts_with("-webkit-");
  }

  void simple(CssTest& test, const std::string& word) {
    static const std::map<std::string_view, CssPseudo> known = {{"root", CssPseudo::root},
                                                                {"scope", CssPseudo::scope},
                                                                {"empty", CssPseudo::empty},
                                                                {"checked", CssPseudo::checked},
                                                                {"disabled", CssPseudo::disabled},
                                                                {"enabled", CssPseudo::enabled},
                                                                {"required", CssPseudo::required},
                                                                {"optional", CssPseudo::optional},
                                                                {"link", CssPseudo::any_link},
                                                                {"any-link", CssPseudo::any_link},
                                                                {"defined", CssPseudo::defined},
                                                                {"only-child", CssPseudo::only_child},
                                                                {"only-of-type", CssPseudo::only_of_type}};
    static const std::map<std::string_view, CssPseudo> ends = {{"first-child", CssPseudo::nth_child},
                                                               {"last-child", CssPseudo::nth_last_child},
                                                               {"first-of-type", CssPseudo::nth_of_type},
                                                               {"last-of-type", CssPseudo::nth_last_of_type}};
    if (const auto found = known.find(word); found != known.end()) {
      test.pseudo = found->second;
    } else if (const auto end = ends.find(word); end != ends.end()) {
      test.pseudo = end->second;
      test.nth = {0, 1};
    } else if (is_of_the_moment(word)) {
      throw CannotJudge("the selector '" + std::string(part_) + "' asks for ':" + word +
                        "', which a page snapshot does not tell");
    } else {
      throw NotCss();
    }
  }

  /// What is right in Chrome and has to do with a person, a window or a check of the form.
  static bool is_of_the_moment(std::string_view word) {
    static const std::set<std::string_view> words = {"hover",        "active",
                                                     "focus",        "focus-visible",
                                                     "focus-within", "target",
                                                     "visited",      "valid",
                                                     "invalid",      "in-range",
                                                     "out-of-range", "read-only",
                                                     "read-write",   "placeholder-shown",
                                                     "default",      "indeterminate",
                                                     "autofill",     "fullscreen",
                                                     "modal",        "popover-open",
                                                     "user-valid",   "user-invalid",
                                                     "open",         "playing",
                                                     "paused",       "muted",
                                                     "host"};
    return words.contains(word);
  }

  void functional(CssTest& test, const std::string& word, int depth) {
    static const std::map<std::string_view, CssPseudo> counts = {
        {"nth-child", CssPseudo::nth_child},
        {"nth-last-child", CssPseudo::nth_last_child},
        {"nth-of-type", CssPseudo::nth_of_type},
        {"nth-last-of-type", CssPseudo::nth_last_of_type}};
    if (const auto found = counts.find(word); found != counts.end()) {
      test.pseudo = found->second;
      test.nth = nth();
      return;
    }
    if (word == "is" || word == "where" || word == "-webkit-any" || word == "matches") {
      if (word == "matches") throw NotCss();
      test.pseudo = CssPseudo::is;
      test.list = std::make_shared<CssList>(choices(depth + 1, false, true));
    } else if (word == "not") {
      test.pseudo = CssPseudo::not_;
      test.list = std::make_shared<CssList>(choices(depth + 1, false, false));
    } else if (word == "has") {
      if (in_has_) throw NotCss();
      in_has_ = true;
      test.pseudo = CssPseudo::has;
      test.list = std::make_shared<CssList>(choices(depth + 1, true, false));
      in_has_ = false;
    } else if (word == "lang" || word == "dir" || word == "state" || word == "host" ||
               word == "host-context") {
      throw CannotJudge("the selector '" + std::string(part_) + "' asks for ':" + word +
                        "()', which a page snapshot does not tell");
    } else {
      throw NotCss();
    }
  }

  CssNth nth() {
    skip_space();
    CssNth result;
    const std::string ahead = ascii_lower(css_.substr(at_, 4));
    if (ahead.starts_with("odd") || ahead == "even") {
      at_ += ahead == "even" ? 4 : 3;
      result = {2, ahead == "even" ? 0 : 1};
    } else {
      const int sign = take('-') ? -1 : 1;
      if (sign == 1) take('+');
      const bool digits = peek() >= '0' && peek() <= '9';
      const int first = digits ? number() : 1;
      if (take('n') || take('N')) {
        result.step = sign * first;
        skip_space();
        if (peek() == '+' || peek() == '-') {
          const int second = take('-') ? -1 : (take('+'), 1);
          skip_space();
          result.offset = second * number();
        }
      } else {
        if (!digits) throw NotCss();
        result.offset = sign * first;
      }
    }
    skip_space();
    if (ascii_lower(css_.substr(at_, 3)) == "of ") {
      throw CannotJudge("the selector '" + std::string(part_) +
                        "' counts with 'of', which snapshots do not know");
    }
    if (!done() && peek() != ')') throw NotCss();
    return result;
  }

  std::string_view part_;
  std::size_t compounds_ = 0;
  bool in_has_ = false;
};

}  // namespace

CssList parse_css(std::string_view css, std::string_view part) {
  if (css.size() > longest_css) {
    throw CannotJudge("the selector '" + printable(part, 80) + "' is longer than " +
                      std::to_string(longest_css) + " characters");
  }
  try {
    return CssParser(css, part).whole();
  } catch (const NotCss&) {
    throw Error(Kind::usage, "the selector '" + std::string(part) + "' is not valid CSS",
                "mend the selector or rule in the script");
  }
}

}  // namespace offstage::recording::snapshot
