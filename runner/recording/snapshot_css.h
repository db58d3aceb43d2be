#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "recording/snapshot_dom.h"

/// CSS selectors over a snapshot: Selectors 4 as far as a page without a person at it can answer. Matches are
/// those of querySelectorAll in Chrome.
namespace offstage::recording::snapshot {

/// Thrown for a selector that may be right in a browser but that no snapshot can judge (`:hover`), or that is
/// too much work. Never passed over in favour of another selector, other than one that is not valid.
class CannotJudge : public Error {
 public:
  explicit CannotJudge(const std::string& message)
      : Error(Kind::usage, message, "use a selector that goes by roles, texts or attributes") {}
};

struct CssList;

/// `an+b`
struct CssNth {
  int step = 0;
  int offset = 0;
};

enum class CssPseudo {
  root,
  scope,
  empty,
  checked,
  disabled,
  enabled,
  required,
  optional,
  any_link,
  defined,
  nth_child,
  nth_last_child,
  nth_of_type,
  nth_last_of_type,
  only_child,
  only_of_type,
  is,
  not_,
  has,
  never,  ///< a pseudo-element: no element is one
};

/// One test that an element must pass.
struct CssTest {
  enum class Kind { id, class_, attribute, pseudo };
  enum class Compare { present, equal, word, dash, prefix, suffix, part };
  Kind kind = Kind::id;
  std::string name;   ///< the id or class; the attribute's name as written
  std::string lower;  ///< the name as HTML elements have it
  std::string value;  ///< of the attribute
  Compare compare = Compare::present;
  enum class Case { html, ignored, kept } letter_case = Case::html;
  CssPseudo pseudo = CssPseudo::root;
  CssNth nth;
  std::shared_ptr<const CssList> list;  ///< of :is, :not, :has
};

struct CssCompound {
  std::string tag;    ///< as written; "" or "*": any
  std::string lower;  ///< the tag as HTML elements have it
  std::vector<CssTest> tests;
};

enum class CssCombinator { descendant, child, next, later };

/// `a > b c`: compounds from left to right, and what stands before each (of the first only in :has).
struct CssComplex {
  std::vector<CssCompound> compounds;
  std::vector<CssCombinator> combinators;
};

struct CssList {
  std::vector<CssComplex> choices;
};

/// Throws Error{usage} that names `part`, the selector as it is written, when it is not valid; CannotJudge
/// when it asks for what a snapshot does not hold.
CssList parse_css(std::string_view css, std::string_view part);

/// All matches below `root`, in order, in the one tree that `root` stands in or is. CannotJudge when that
/// takes more steps than any selector of a script does.
std::vector<const Node*> css_matches(const Document& document, const Node& root, const CssList& list);

}  // namespace offstage::recording::snapshot
