#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "recording/snapshot_css.h"
#include "recording/snapshot_dom.h"

namespace offstage::recording::snapshot {

/// XPath 1.0 over a snapshot, by libxml2 over mirrors of its trees. HTML elements have no namespace there, as
/// XPath in browsers takes them; others have their own. Nothing is fetched or read from files, and what takes
/// more steps than any script needs ends as CannotJudge. Holds on to the document; one thread at a time.
class XPathMirror {
 public:
  explicit XPathMirror(const Document& document);
  XPathMirror(const XPathMirror&) = delete;
  XPathMirror& operator=(const XPathMirror&) = delete;
  ~XPathMirror();

  /// Throws Error{usage} that names `part`, the selector as it is written, when it is not valid or does not
  /// yield nodes.
  void check(std::string_view path, std::string_view part);
  /// The elements that an expression yields, in document order. Text and attributes among them are left out.
  std::vector<const Node*> evaluate(std::string_view path, std::string_view part, const Node& context);

 private:
  class Tree;
  Tree& tree_of(const Node& root);
  const Document& document_;
  std::vector<std::unique_ptr<Tree>> trees_;
};

}  // namespace offstage::recording::snapshot
