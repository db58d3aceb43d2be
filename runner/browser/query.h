#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace offstage::browser {

/// One selector is a chain: each part is matched below what the part before it matched. A part carries its
/// kind as Recorder writes it: `aria/`, `text/`, `xpath/`, `pierce/`, `css/` or plain CSS.
using SelectorChain = std::vector<std::string>;
/// Alternatives for one element, tried in list order: the first that matches anything decides.
using Selectors = std::vector<SelectorChain>;

/// Narrows a search to the one row, card or dialog whose named field equals a value exactly. None or two: no
/// match.
struct Within {
  Selectors rows;
  /// Where in the row the identifying text stands (the first visible match there); empty: the row must hold
  /// exactly one visible element whose own trimmed text equals the value. Rows that cannot be seen do not
  /// count.
  Selectors field;
  std::string equals;
  bool operator==(const Within&) const = default;
};

/// What to look for, from the document (of one frame) inwards. Evaluated anew, whole, at every look.
struct Query {
  std::vector<Within> within;
  Selectors selectors;  ///< empty: the innermost `within` row itself
  /// More than one visible match is an error instead of "the first one".
  bool unique = false;

  Json to_json() const;
};

/// Something that must be true of the page. Checked in the page, at frame rate, until it holds.
struct Condition {
  Query query;
  enum class Count { at_least, exactly, at_most };
  Count comparison = Count::at_least;
  int count = 1;
  /// Counts only elements a person can see (non-empty box, visibility, not in a closed <details>).
  bool must_be_visible = false;
  /// The whole condition must be false instead (Recorder's `visible: false`).
  bool negate = false;
  /// Every match must have these (Recorder's waitForElement).
  Json attributes = Json::object();
  Json properties = Json::object();
  /// Only matches count whose text, with white space folded, is equal to, or contains, these. Text is what
  /// can be seen of it, without CSS's changes of case; of a field it is the value.
  std::optional<std::string> text_equals;
  std::optional<std::string> text_contains;
  /// This text stands in every match exactly once as a whole word-like unit (not inside a longer address or
  /// name), and no other e-mail address does: what "the confirmation names the target" means. Matches that
  /// nobody can see do not count.
  std::optional<std::string> names;
  /// The frame's address: a glob.
  std::optional<std::string> url;

  Json to_json() const;
};

/// How to read rows of fields from the page. Rows that cannot be seen are left out: they are templates, or
/// the same row drawn for another width of screen.
struct Extraction {
  struct Field {
    std::string name;
    Selectors selectors;  ///< below the row; empty: the row itself
    /// "text" (default; folded and trimmed), "value", or "@name" for an attribute.
    std::string read = "text";
    bool optional = false;  ///< missing or empty is null instead of an error
    /// A regular expression (JavaScript); the first group, or the whole match, is the value; no match is
    /// missing.
    std::string match;
    /// A constant for every row instead of anything read.
    std::optional<std::string> constant;
    /// Text read -> value; a text that is not listed is an error, unless "*" is (which stands for any other).
    Json map;
  };
  std::vector<Within> within;
  Selectors rows;
  std::vector<Field> fields;
  /// In the very look that reads the rows, the document must have loaded and all of these must hold; absent:
  /// the rows are read as they stand.
  std::optional<std::vector<Condition>> ready;

  Json to_json() const;
};

}  // namespace offstage::browser
