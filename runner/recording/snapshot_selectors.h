#pragma once

#include <functional>
#include <string>
#include <vector>

#include "browser/query.h"
#include "recording/snapshot_dom.h"
#include "recording/snapshot_xpath.h"

/// Recorder's selectors over a snapshot: css, aria, text, xpath, pierce, and chains of them, as
/// runner/browser/inpage/selectors.js matches them on a live page.
namespace offstage::recording::snapshot {

using Nodes = std::vector<const Node*>;

/// What a compiled selector needs of its snapshot; both outlive it.
struct Ground {
  const Document& document;
  XPathMirror& xpath;
};

/// Answers the matches below a node, in document order.
using Finder = std::function<Nodes(const Node& root)>;

/// What alternatives came to: of the first that matched anything, or of none.
struct Matches {
  Nodes elements;
  int alternative = 0;
  std::string selector;  ///< as it is written, for messages
};

/// Alternatives, tried in order. One that is not valid is passed over as long as another is.
class CompiledSelectors {
 public:
  /// Throws Error{usage} that names the first selector that is not valid when none is; CannotJudge (a kind of
  /// it) for one that a snapshot cannot answer.
  CompiledSelectors(const Ground& ground, const browser::Selectors& selectors);
  Matches operator()(const Node& root) const;

 private:
  std::vector<std::pair<std::string, std::vector<Finder>>> chains_;  ///< no finders: not valid
};

}  // namespace offstage::recording::snapshot
